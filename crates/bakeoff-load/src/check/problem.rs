//! Problem documents (RFC 9457): media type, members, and the field errors that a 422 carries.

use crate::check::head::is_media_type;
use serde_json::Value;
use std::collections::BTreeSet;

/// Checks that a response is the problem document of status `expected`.
pub(crate) fn check_problem(
    expected: u16,
    status: u16,
    media_type: Option<&str>,
    body: &Value,
) -> Result<(), String> {
    if status != expected {
        return Err(format!("expected status {expected}, got {status}"));
    }
    if !media_type.is_some_and(|media| is_media_type(media.as_bytes(), "application/problem+json")) {
        let got = media_type.map_or_else(|| "none".to_owned(), |media| format!("`{media}`"));
        return Err(format!(
            "expected `content-type: application/problem+json`, got {got}"
        ));
    }
    let member = |name: &str| body.get(name).unwrap_or(&Value::Null);
    if member("type") != "about:blank" {
        return Err(format!(
            "problem document: expected `type` \"about:blank\", got {}",
            member("type")
        ));
    }
    if member("status").as_u64() != Some(u64::from(expected)) {
        return Err(format!(
            "problem document: expected `status` {expected}, got {}",
            member("status")
        ));
    }
    let phrases = phrases(expected);
    if !phrases.is_empty() && !phrases.iter().any(|phrase| member("title") == *phrase) {
        return Err(format!(
            "problem document: expected `title` \"{}\", got {}",
            phrases.join("\" or \""),
            member("title")
        ));
    }
    if expected == 422 {
        errors(body).map(|_| ())
    } else {
        Ok(())
    }
}

/// Checks that `errors` names exactly these fields.
pub(crate) fn check_problem_fields(expected: &[String], body: &Value) -> Result<(), String> {
    let named = errors(body)?;
    let expected: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
    if named == expected {
        return Ok(());
    }
    let list = |names: &BTreeSet<&str>| {
        names
            .iter()
            .map(|n| format!("`{n}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    Err(format!(
        "expected `errors` to name {}, got {}",
        list(&expected),
        list(&named)
    ))
}

/// The fields that `errors` names.
fn errors(body: &Value) -> Result<BTreeSet<&str>, String> {
    let Some(Value::Array(list)) = body.get("errors") else {
        return Err("problem document: expected a list `errors`, got none".to_owned());
    };
    list.iter()
        .map(|entry| match (entry.get("field"), entry.get("message")) {
            (Some(Value::String(field)), Some(Value::String(_))) => Ok(field.as_str()),
            _ => Err(format!(
                "problem document: expected {{\"field\", \"message\"}} in `errors`, got {entry}"
            )),
        })
        .collect()
}

/// The standard phrases of a status: RFC 9110's first, then the older ones that runtimes still send.
fn phrases(status: u16) -> &'static [&'static str] {
    match status {
        400 => &["Bad Request"],
        401 => &["Unauthorized"],
        403 => &["Forbidden"],
        404 => &["Not Found"],
        405 => &["Method Not Allowed"],
        406 => &["Not Acceptable"],
        409 => &["Conflict"],
        411 => &["Length Required"],
        412 => &["Precondition Failed"],
        413 => &[
            "Content Too Large",
            "Payload Too Large",
            "Request Entity Too Large",
        ],
        415 => &["Unsupported Media Type"],
        422 => &["Unprocessable Content", "Unprocessable Entity"],
        429 => &["Too Many Requests"],
        500 => &["Internal Server Error"],
        502 => &["Bad Gateway"],
        503 => &["Service Unavailable"],
        504 => &["Gateway Timeout"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::{check_problem, check_problem_fields};
    use serde_json::json;

    #[test]
    fn every_part_of_a_problem_document_is_checked() {
        let media = Some("application/problem+json; charset=utf-8");
        let good =
            json!({"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no such item"});
        assert_eq!(check_problem(404, 404, media, &good), Ok(()));
        let cases = [
            (404, 500, media, good.clone(), "expected status 404, got 500"),
            (
                404,
                404,
                Some("application/json"),
                good.clone(),
                "expected `content-type: application/problem+json`",
            ),
            (
                404,
                404,
                None,
                good,
                "expected `content-type: application/problem+json`, got none",
            ),
            (
                404,
                404,
                media,
                json!({"title": "Not Found", "status": 404}),
                "expected `type` \"about:blank\"",
            ),
            (
                404,
                404,
                media,
                json!({"type": "about:blank", "title": "Not Found"}),
                "expected `status` 404",
            ),
            (
                404,
                404,
                media,
                json!({"type": "about:blank", "title": "Gone", "status": 404}),
                "expected `title` \"Not Found\", got \"Gone\"",
            ),
            (
                422,
                422,
                media,
                json!({"type": "about:blank", "title": "Unprocessable Entity", "status": 422}),
                "expected a list `errors`",
            ),
        ];
        for (expected, status, media, body, reason) in cases {
            let error = check_problem(expected, status, media, &body).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn problem_fields_are_exact_and_repeats_do_not_count() {
        let body = json!({"errors": [
            {"field": "name", "message": "too long"}, {"field": "name", "message": "no"},
            {"field": "stock", "message": "negative"}]});
        let fields = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>();
        assert_eq!(check_problem_fields(&fields(&["stock", "name"]), &body), Ok(()));
        assert_eq!(
            check_problem_fields(&fields(&["name"]), &body).unwrap_err(),
            "expected `errors` to name `name`, got `name`, `stock`"
        );
        assert!(check_problem_fields(&fields(&["name"]), &json!({"errors": [{"field": "name"}]})).is_err());
    }
}
