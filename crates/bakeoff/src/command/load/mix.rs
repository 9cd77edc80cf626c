//! Several requests in one load: one option each on the command line, or a file that gives each its own checks. The
//! generator draws from the mix.

use super::files::{Given, Placeholders, read};
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
        let mut rest = text.trim_start();
        let mut word = || {
            let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            rest = after.trim_start();
            (!word.is_empty()).then_some(word)
        };
        let weight = word().and_then(|weight| weight.parse::<f64>().ok());
        let weight = weight.filter(|weight| weight.is_finite() && *weight >= 0.0);
        let weight = weight.ok_or_else(|| wrong("does not begin with a weight of 0 or more"))?;
        let method = method(word().ok_or_else(|| wrong("has no method"))?);
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

/// A method as it is sent: those of HTTP in capitals, because nobody means another; any other as it is written, because
/// methods have a case (RFC 9110, 9.1).
pub(crate) fn method(text: &str) -> String {
    const OF_HTTP: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ];
    let known = OF_HTTP.iter().find(|known| known.eq_ignore_ascii_case(text));
    known.map_or_else(|| text.to_owned(), |known| (*known).to_owned())
}

/// A request; its variables are the placeholders of its own texts.
pub(crate) fn complete(
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Body>,
    expect: Expect,
    placeholders: Placeholders,
) -> RequestSpec {
    let text = match &body {
        Some(Body::Text(text) | Body::Message(text)) => text.as_str(),
        Some(Body::Pattern { .. } | Body::Bytes(_)) | None => "",
    };
    let values = headers.iter().map(|(_, value)| value.as_str());
    let texts: Vec<&str> = [path.as_str(), text].into_iter().chain(values).collect();
    let variables = match placeholders {
        Placeholders::None => Vec::new(),
        Placeholders::Texts | Placeholders::All => inline_variables(&texts),
    };
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
    placeholders: Option<Placeholders>,
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

/// What holds for all requests of a mix that do not say otherwise.
#[derive(Debug, Clone, Copy)]
struct Usual<'a> {
    /// The share of the responses whose bodies are checked.
    sample_share: f64,
    placeholders: Placeholders,
    /// The mix file; the files that it names are looked for beside it.
    file: &'a Path,
}

/// The requests of a mix file; bodies are looked into in a share of the answers.
///
/// # Errors
/// The file, or one that it names, cannot be read, or it is no mix.
pub(crate) fn from_file(
    file: &Path,
    sample_share: f64,
    placeholders: Placeholders,
) -> Result<Vec<RequestSpec>, Failure> {
    let usual = Usual {
        sample_share,
        placeholders,
        file,
    };
    parse(&read(file)?, usual)
}

fn parse(text: &str, usual: Usual<'_>) -> Result<Vec<RequestSpec>, Failure> {
    let mix: File = toml::from_str(text).map_err(|error| {
        let told = error.to_string();
        Failure::usage(
            format!("`{}` is not a mix\n{}", usual.file.display(), told.trim_end()),
            HINT,
        )
    })?;
    mix.request
        .into_iter()
        .map(|request| request.spec(usual))
        .collect()
}

const HINT: &str = "`bakeoff load --help` shows the form";

impl Request {
    fn spec(self, usual: Usual<'_>) -> Result<RequestSpec, Failure> {
        let placeholders = self.placeholders.unwrap_or(usual.placeholders);
        let folder = usual.file.parent().unwrap_or(Path::new(""));
        let texts = self.body.map(Given::Text);
        let files = self.body_file.map(|file| Given::File(folder.join(file)));
        let mut bodies: Vec<Body> = (texts.into_iter().chain(files))
            .map(|given| given.body(placeholders))
            .collect::<Result<_, _>>()?;
        let coding = Coding::Length;
        bodies.extend(self.body_pattern.map(|bytes| Body::Pattern { bytes, coding }));
        bodies.extend(self.message.map(Body::Message));
        if bodies.len() > 1 {
            let which = "`body`, `body_file`, `body_pattern` and `message`";
            return Err(Failure::usage(
                format!(
                    "`{}`: the request to `{}` has more than one of {which}",
                    usual.file.display(),
                    self.path
                ),
                HINT,
            ));
        }
        let body = bodies.pop();
        let default = match body {
            None | Some(Body::Message(_)) => "GET",
            Some(_) => "POST",
        };
        let method = method(self.method.as_deref().unwrap_or(default));
        let headers = self.headers.into_iter().collect();
        let expect = self.expect.expect(usual.sample_share);
        let spec = complete(method, self.path, headers, body, expect, placeholders);
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
mod tests;
