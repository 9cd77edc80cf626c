//! An operation: its name, its request and the responses that are right. What a value may be is `example`'s.

use super::document::{ApiDocument, as_text};
use super::example::{self, Sample};
use super::json_schema;
use super::name::kebab;
use bakeoff_core::scenario::Variable;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a value in a path or a query has percent-encoded: all but RFC 3986's unreserved characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// An operation of a document.
#[derive(Debug)]
pub(super) struct Operation<'d> {
    method: String,
    path: &'d str,
    node: &'d Value,
    parameters: Vec<&'d Value>,
}

/// A request, and what must come back.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Template of path and query.
    pub(super) path: String,
    /// Header templates by name.
    pub(super) headers: BTreeMap<String, String>,
    /// Template of the body.
    pub(super) body: Option<String>,
    /// The variables of the templates.
    pub(super) variables: BTreeMap<String, Variable>,
    /// The statuses that are right.
    pub(super) status: Vec<u16>,
    /// The media type of the response.
    pub(super) content_type: Option<String>,
    /// The JSON Schema of the response's body.
    pub(super) schema: Option<String>,
    /// What a reader should know of it.
    pub(super) note: Option<String>,
}

/// The methods of operations, as the document writes them.
const METHODS: [&str; 7] = ["get", "head", "options", "post", "put", "patch", "delete"];

/// The operations of a document, in the order of their paths.
pub(super) fn all(document: &ApiDocument) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, item) in document.paths() {
        for method in METHODS {
            if let Some(node) = item.get(method) {
                operations.push(Operation::new(method, path, item, node));
            }
        }
    }
    operations
}

impl<'d> Operation<'d> {
    /// The operation of a path; `item` is what the path has for all of its methods.
    fn new(method: &str, path: &'d str, item: &'d Value, node: &'d Value) -> Operation<'d> {
        let of = |value: &'d Value| value.get("parameters").and_then(Value::as_array);
        let parameters = of(item).into_iter().chain(of(node)).flatten();
        Operation {
            method: method.to_uppercase(),
            path,
            node,
            parameters: parameters.collect(),
        }
    }

    /// `GET /items/{id}`.
    pub(super) fn name(&self) -> String {
        format!("`{} {}`", self.method, self.path)
    }

    /// The method, in capitals.
    pub(super) fn method(&self) -> &str {
        &self.method
    }

    /// The id of its scenario.
    pub(super) fn id(&self) -> String {
        let own = self.node.get("operationId").and_then(Value::as_str);
        let made = format!("{} {}", self.method, self.path);
        kebab(own.unwrap_or(&made), "operation")
    }

    /// Its title and what is said of it.
    pub(super) fn titles(&self) -> (String, String) {
        let text = |key: &str| self.node.get(key).and_then(Value::as_str).map(one_line);
        let name = format!("{} {}", self.method, self.path);
        let title = text("summary")
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| name.clone());
        let summary = text("description")
            .filter(|text| !text.is_empty())
            .unwrap_or(name);
        (title, summary)
    }

    /// Whether it may change data: its method is not safe (RFC 9110, 9.2.1).
    pub(super) fn may_change_data(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    /// Whether it needs credentials of some kind: by itself, or as all operations of the document do.
    pub(super) fn needs_credentials(&self, document: &ApiDocument) -> bool {
        let own = self.node.get("security").or(document.security());
        let ways = own
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        // An empty way is one without credentials.
        let is_empty = |way: &Value| way.as_object().is_some_and(serde_json::Map::is_empty);
        !ways.is_empty() && !ways.iter().any(is_empty)
    }

    /// Its request, and the responses that are right.
    ///
    /// # Errors
    /// Why it cannot be asked.
    pub(super) fn request(&self, document: &'d ApiDocument) -> Result<Asked, String> {
        let mut asked = Asked {
            path: self.path.to_owned(),
            ..Asked::default()
        };
        let mut query: Vec<String> = Vec::new();
        for (name, place, parameter) in self.parameters(document)? {
            let required = place == "path" || parameter.get("required") == Some(&Value::Bool(true));
            let sample = example::of_parameter(document, parameter, &name, required, place == "path")?;
            let Some(sample) = sample else { continue };
            match place.as_str() {
                "path" => {
                    let template = asked.template(&name, sample, true);
                    asked.path = asked.path.replace(&format!("{{{name}}}"), &template);
                }
                "query" => {
                    let template = asked.template(&name, sample, true);
                    let name = utf8_percent_encode(&name, ENCODED);
                    query.push(format!("{name}={template}"));
                }
                "header" => {
                    let template = asked.template(&name, sample, false);
                    asked.headers.insert(name.to_lowercase(), template);
                }
                _ if required => return Err(format!("it needs the {place} `{name}`")),
                _ => {}
            }
        }
        if let Some(open) = open_in(&asked) {
            return Err(format!(
                "its path has `{{{open}}}`, and no parameter of that name"
            ));
        }
        if !query.is_empty() {
            asked.path = format!("{}?{}", asked.path, query.join("&"));
        }
        self.add_body(document, &mut asked)?;
        self.add_answer(document, &mut asked)?;
        Ok(asked)
    }

    /// Its parameters by name and place; those of the operation replace those of the path.
    fn parameters(&self, document: &'d ApiDocument) -> Result<Vec<(String, String, &'d Value)>, String> {
        let mut all: Vec<(String, String, &Value)> = Vec::new();
        for parameter in self.parameters.iter().copied() {
            let parameter = document.resolve(parameter)?;
            let text = |key: &str| parameter.get(key).map(as_text).unwrap_or_default();
            let (name, place) = (text("name"), text("in"));
            all.retain(|(other, at, _)| (other, at) != (&name, &place));
            all.push((name, place, parameter));
        }
        Ok(all)
    }

    fn add_body(&self, document: &ApiDocument, asked: &mut Asked) -> Result<(), String> {
        let Some(body) = self.node.get("requestBody") else {
            return Ok(());
        };
        let body = document.resolve(body)?;
        let content = body.get("content").and_then(Value::as_object);
        let json = content.into_iter().flatten().find(|(media, _)| is_json(media));
        let Some((media, content)) = json else {
            let required = body.get("required") == Some(&Value::Bool(true));
            return match required {
                true => Err("its body is not JSON".to_owned()),
                false => Ok(()),
            };
        };
        asked.headers.insert("content-type".to_owned(), media_type(media));
        asked.body = Some(example::of_body(document, content)?.to_string());
        Ok(())
    }

    fn add_answer(&self, document: &ApiDocument, asked: &mut Asked) -> Result<(), String> {
        let responses = self.node.get("responses").and_then(Value::as_object);
        let right = |status: &str| status.starts_with('2') || status == "default";
        let mut all: Vec<(&String, &Value)> = responses.into_iter().flatten().collect();
        all.retain(|(status, _)| right(status));
        // `default` sorts after digits, and says what comes where no status does.
        all.sort_by_key(|(status, _)| status.to_lowercase());
        let Some((status, response)) = all.first() else {
            return Err("it names no response of the 200s".to_owned());
        };
        asked.status = match status.parse() {
            Ok(status) => vec![status],
            Err(_) => vec![200, 201, 202, 203, 204],
        };
        let response = document.resolve(response)?;
        let content = response.get("content").and_then(Value::as_object);
        let media: Vec<(&String, &Value)> = content.into_iter().flatten().collect();
        let json = media.iter().find(|(media, _)| is_json(media));
        let Some((name, content)) = json.or(media.first()).filter(|_| self.method != "HEAD") else {
            return Ok(());
        };
        let name = media_type(name);
        if !name.contains('*') {
            asked
                .headers
                .entry("accept".to_owned())
                .or_insert_with(|| name.clone());
            asked.content_type = Some(name.clone());
        }
        if let Some(schema) = content.get("schema").filter(|_| is_json(&name)) {
            match json_schema::of_response(document, schema) {
                Ok(schema) => asked.schema = Some(schema.to_string()),
                Err(reason) => {
                    asked.note = Some(format!("its responses are not held to their schema: {reason}"))
                }
            }
        }
        Ok(())
    }
}

impl Asked {
    /// What stands for a parameter in a template.
    fn template(&mut self, parameter: &str, sample: Sample, encode: bool) -> String {
        let encoded = |text: &String| match encode {
            true => utf8_percent_encode(text, ENCODED).to_string(),
            false => text.clone(),
        };
        let variable = match sample {
            Sample::Number(low, high) if low == high => return low.to_string(),
            Sample::Number(low, high) => Variable::Int([low, high]),
            Sample::Texts(texts) => match &texts[..] {
                [one] => return encoded(one),
                several => Variable::Choice(several.iter().map(encoded).collect()),
            },
        };
        let name: String = parameter
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '_'
                }
            })
            .collect();
        self.variables.insert(name.clone(), variable);
        format!("{{{name}}}")
    }
}

/// A name in braces in the path that is no variable.
fn open_in(asked: &Asked) -> Option<&str> {
    let names = asked
        .path
        .split('{')
        .skip(1)
        .filter_map(|after| after.split_once('}'));
    let mut names = names.map(|(name, _)| name);
    names.find(|name| !asked.variables.contains_key(*name))
}

/// A media type without its parameters.
fn media_type(media: &str) -> String {
    media.split(';').next().unwrap_or_default().trim().to_lowercase()
}

fn is_json(media: &str) -> bool {
    let media = media_type(media);
    media == "application/json" || media.ends_with("+json")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
