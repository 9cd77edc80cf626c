//! Several requests in one load: one option each on the command line, or a file that gives each its own checks. The
//! generator draws from the mix.

use super::files::{read, text_or_file};
use crate::exit::Failure;
use bakeoff_load::url::inline_variables;
use bakeoff_load::{Body, BodyRule, Coding, EventsRule, Expect, RequestSpec};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// One request of the command line.
#[derive(Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) weight: f64,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Option<String>,
}

impl Line {
    /// Reads `WEIGHT METHOD PATH [BODY]`.
    ///
    /// # Errors
    /// Something of it is missing or is no weight.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let hint = "write it like `60 GET /items/{1..10000}` or `15 POST /items @item.json`";
        let wrong = |reason: &str| Failure::usage(format!("the request `{text}` {reason}"), hint);
        let mut rest = text.trim();
        let mut word = || {
            let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            rest = after.trim_start();
            (!word.is_empty()).then_some(word)
        };
        let weight = word().and_then(|weight| weight.parse::<f64>().ok());
        let weight = weight.filter(|weight| weight.is_finite() && *weight >= 0.0);
        let weight = weight.ok_or_else(|| wrong("does not begin with a weight of 0 or more"))?;
        let method = word().ok_or_else(|| wrong("has no method"))?.to_uppercase();
        let path = word().filter(|path| path.starts_with('/'));
        let path = path
            .ok_or_else(|| wrong("has no path that begins with `/`"))?
            .to_owned();
        let body = (!rest.is_empty()).then(|| rest.to_owned());
        Ok(Self {
            weight,
            method,
            path,
            body,
        })
    }
}

/// A request; its variables are the placeholders of its own texts.
pub(crate) fn complete(
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Body>,
    expect: Expect,
) -> RequestSpec {
    let text = match &body {
        Some(Body::Text(text) | Body::Message(text)) => text.as_str(),
        Some(Body::Pattern { .. }) | None => "",
    };
    let values = headers.iter().map(|(_, value)| value.as_str());
    let texts: Vec<&str> = [path.as_str(), text].into_iter().chain(values).collect();
    let variables = inline_variables(&texts);
    let mut expect = expect;
    // A WebSocket message without any check must come back: else a server that ignores it would pass.
    if let Some(Body::Message(message)) = &body
        && expect.sampled.is_empty()
    {
        expect.sampled = vec![BodyRule::Exact(message.clone())];
    }
    RequestSpec {
        label: format!("{method} {path}"),
        weight: 1.0,
        method,
        path,
        headers,
        body,
        variables,
        expect,
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    request: Vec<Request>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    label: Option<String>,
    #[serde(default = "one")]
    weight: f64,
    method: Option<String>,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<String>,
    body_file: Option<String>,
    body_pattern: Option<u64>,
    message: Option<String>,
    #[serde(default)]
    expect: Rules,
}

const fn one() -> f64 {
    1.0
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rules {
    status: Statuses,
    r#type: Option<String>,
    headers: BTreeMap<String, String>,
    length: Option<u64>,
    body: Option<String>,
    text: Vec<String>,
    json: Option<String>,
    at: BTreeMap<String, String>,
    pattern: Option<u64>,
    events: Option<EventsOf>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Statuses {
    One(u16),
    Many(Vec<u16>),
}

impl Default for Statuses {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventsOf {
    count: u64,
    #[serde(default = "first")]
    from: u64,
    name: String,
    data: String,
}

const fn first() -> u64 {
    1
}

/// The requests of a mix file; bodies are looked into in a share of the answers.
///
/// # Errors
/// The file cannot be read or is no mix.
pub(crate) fn from_file(file: &Path, sample_share: f64) -> Result<Vec<RequestSpec>, Failure> {
    parse(&read(file)?, &file.display().to_string(), sample_share)
}

fn parse(text: &str, file: &str, sample_share: f64) -> Result<Vec<RequestSpec>, Failure> {
    let hint = "`bakeoff load --help` shows the form";
    let mix: File = toml::from_str(text).map_err(|error| {
        let told = error.to_string();
        Failure::usage(format!("`{file}` is not a mix\n{}", told.trim_end()), hint)
    })?;
    mix.request
        .into_iter()
        .map(|request| request.spec(sample_share))
        .collect::<Result<_, _>>()
        .map_err(|reason| Failure::usage(format!("`{file}`: {reason}"), hint))
}

impl Request {
    fn spec(self, sample_share: f64) -> Result<RequestSpec, String> {
        let mut bodies: Vec<Body> = self.body.map(Body::Text).into_iter().collect();
        if let Some(file) = &self.body_file {
            let text = text_or_file(&format!("@{file}")).map_err(|failure| failure.text)?;
            bodies.push(Body::Text(text));
        }
        let coding = Coding::Length;
        bodies.extend(self.body_pattern.map(|bytes| Body::Pattern { bytes, coding }));
        bodies.extend(self.message.map(Body::Message));
        if bodies.len() > 1 {
            return Err(format!(
                "the request to `{}` has more than one of `body`, `body_file`, `body_pattern` and `message`",
                self.path
            ));
        }
        let body = bodies.pop();
        let default = match body {
            None | Some(Body::Message(_)) => "GET",
            Some(_) => "POST",
        };
        let method = self.method.as_deref().unwrap_or(default).to_uppercase();
        let headers = self
            .headers
            .into_iter()
            .map(|(name, value)| (name.to_lowercase(), value));
        let expect = self.expect.expect(sample_share);
        let spec = complete(method, self.path, headers.collect(), body, expect);
        Ok(RequestSpec {
            label: self.label.unwrap_or_else(|| spec.label.clone()),
            weight: self.weight,
            ..spec
        })
    }
}

impl Rules {
    fn expect(self, sample_share: f64) -> Expect {
        let mut sampled: Vec<BodyRule> = self.text.into_iter().map(BodyRule::Contains).collect();
        sampled.extend(self.body.map(BodyRule::Exact));
        sampled.extend(self.json.map(BodyRule::Json));
        let at = self.at.into_iter();
        sampled.extend(at.map(|(pointer, value)| BodyRule::JsonAt { pointer, value }));
        sampled.extend(self.pattern.map(|bytes| BodyRule::Pattern { bytes }));
        sampled.extend(self.events.map(
            |EventsOf {
                 count,
                 from,
                 name,
                 data,
             }| {
                BodyRule::Events(EventsRule {
                    count,
                    from,
                    name,
                    data,
                })
            },
        ));
        Expect {
            status: match self.status {
                Statuses::One(status) => vec![status],
                Statuses::Many(statuses) => statuses,
            },
            content_type: self.r#type,
            headers: self.headers.into_iter().collect(),
            length: self.length,
            sampled,
            body_of: None,
            sample_share,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, parse};
    use bakeoff_load::{Body, BodyRule, Variable};

    #[test]
    fn requests_are_read_from_lines() {
        let line = |text| Line::parse(text).map_err(|failure| failure.text);
        let read = line(" 15 post /items?a=b {\"id\": {1..5}, \"x\": 1} ").unwrap();
        assert_eq!(
            (
                read.weight,
                read.method.as_str(),
                read.path.as_str(),
                read.body.as_deref()
            ),
            (15.0, "POST", "/items?a=b", Some("{\"id\": {1..5}, \"x\": 1}"))
        );
        assert_eq!(line("0.5 GET /").unwrap().body, None);
        for (text, reason) in [
            ("GET /", "does not begin with a weight"),
            ("-1 GET /", "does not begin with a weight"),
            ("1", "has no method"),
            ("1 GET", "has no path"),
            ("1 GET items", "has no path that begins with `/`"),
        ] {
            let told = line(text).unwrap_err();
            assert!(told.contains(reason), "{told}");
        }
    }

    #[test]
    fn requests_are_read_from_a_file() {
        let text = r#"
            [[request]]
            weight = 60
            path = "/items/{1..10}"
            headers = { Accept = "text/{html|plain}" }
            expect = { status = [200, 304], type = "text/html", at = { "/id" = "{1..10}" } }
            [[request]]
            label = "up"
            path = "/upload"
            body_pattern = 5
            expect = { status = 200, length = 7 }
            [[request]]
            path = "/socket"
            message = "hello {1..3}"
            [[request]]
            path = "/events"
            expect = { events = { count = 5, name = "tick", data = "{id}" } }
        "#;
        let specs = parse(text, "mix.toml", 0.5)
            .map_err(|failure| failure.text)
            .unwrap();
        let [item, upload, socket, events] = &specs[..] else {
            panic!("four requests")
        };
        assert_eq!(
            (item.weight, item.method.as_str(), item.label.as_str()),
            (60.0, "GET", "GET /items/{1..10}")
        );
        assert_eq!(
            item.headers,
            [("accept".to_owned(), "text/{html|plain}".to_owned())]
        );
        assert!(matches!(
            &item.variables[..],
            [(_, Variable::Int { low: 1, high: 10 }), (_, Variable::Choice(_))]
        ));
        assert_eq!(
            (&item.expect.status[..], item.expect.sample_share),
            (&[200, 304][..], 0.5)
        );
        assert_eq!(
            (
                upload.method.as_str(),
                upload.label.as_str(),
                upload.expect.length
            ),
            ("POST", "up", Some(7))
        );
        assert_eq!(socket.body, Some(Body::Message("hello {1..3}".into())));
        assert_eq!(socket.expect.sampled, [BodyRule::Exact("hello {1..3}".into())]);
        assert!(matches!(&events.expect.sampled[..], [BodyRule::Events(rule)] if rule.from == 1));
    }

    #[test]
    fn an_invalid_mix_is_an_error_with_its_line() {
        let told = |text| parse(text, "mix.toml", 1.0).unwrap_err().text;
        let unknown = told("[[request]]\npath = \"/\"\nbdoy = \"x\"\n");
        assert!(
            unknown.contains("line 3") && unknown.contains("unknown field `bdoy`"),
            "{unknown}"
        );
        let two = told("[[request]]\npath = \"/\"\nbody = \"x\"\nmessage = \"y\"\n");
        assert!(two.contains("more than one of"), "{two}");
        assert!(told("").contains("missing field `request`"));
    }
}
