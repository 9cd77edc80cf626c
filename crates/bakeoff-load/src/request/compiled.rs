//! A kind of request, compiled once and then rendered for request `n` into a reused buffer, so that no request of a
//! load allocates. The bytes of request `n` are a pure function of the seed and of `n`.

use crate::error::LoadError;
use crate::net::target::Target;
use crate::request::spec::{Body, Coding, RequestSpec};
use crate::request::template::{Segment, segments};
use crate::request::upload::Upload;
use crate::request::variables::{Value, Variables};
use crate::seeded_rng::{Purpose, SeededRng};
use crate::wire::handshake::{key, upgrade_headers};
use crate::wire::request::means_content;
use std::collections::BTreeMap;
use std::io::Write as _;

/// A kind of request, compiled.
#[derive(Debug, Clone)]
pub(crate) struct CompiledRequest {
    variables: Variables,
    before_length: Vec<Part>,
    body: CompiledBody,
}

/// The compiled body of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
enum CompiledBody {
    Nothing,
    Bytes(Vec<Part>, LengthHeader),
    Pattern { bytes: u64, coding: Coding },
    Message(Vec<Part>),
}

/// Where the `Content-Length` of a body comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LengthHeader {
    /// It is added.
    Added,
    /// It is among the headers of the request, and right.
    Given,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(Vec<u8>),
    Placeholder(usize),
}

/// The reused buffers of a thread's requests.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    values: Vec<Value>,
    body: Vec<u8>,
}

/// A message, and the key of the handshake that opens its WebSocket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutgoingMessage {
    pub(crate) key: String,
    pub(crate) text: String,
}

impl CompiledRequest {
    pub(crate) fn compile(target: &Target, spec: &RequestSpec) -> Result<Self, LoadError> {
        let wrong = |reason: String| LoadError::Request {
            label: spec.label.clone(),
            reason,
        };
        let variables = Variables::compile(&spec.variables).map_err(wrong)?;
        refuse_unsendable(spec).map_err(wrong)?;
        let has = |name: &str| spec.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        let mut head = format!("{} {} HTTP/1.1\r\n", spec.method, target.path(&spec.path));
        if !has("host") {
            head.push_str(&format!("host: {}\r\n", target.host));
        }
        if !has("user-agent") {
            head.push_str(concat!(
                "user-agent: bakeoff-load/",
                env!("CARGO_PKG_VERSION"),
                "\r\n"
            ));
        }
        for (name, value) in target.headers_besides(&spec.headers).chain(&spec.headers) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let before_length = parts(&head, &variables);
        let length = if has("content-length") {
            LengthHeader::Given
        } else {
            LengthHeader::Added
        };
        let body = match &spec.body {
            None if means_content(&spec.method) => CompiledBody::Bytes(Vec::new(), length),
            None => CompiledBody::Nothing,
            Some(Body::Text(text)) => CompiledBody::Bytes(parts(text, &variables), length),
            Some(Body::Bytes(bytes)) => CompiledBody::Bytes(vec![Part::Text(bytes.clone())], length),
            Some(Body::Pattern { bytes, coding }) => CompiledBody::Pattern {
                bytes: *bytes,
                coding: *coding,
            },
            Some(Body::Message(text)) => CompiledBody::Message(parts(text, &variables)),
        };
        Ok(Self {
            variables,
            before_length,
            body,
        })
    }

    /// Appends request `n` to `out`.
    pub(crate) fn write(&self, seed: u64, n: u64, scratch: &mut Scratch, out: &mut Vec<u8>) {
        self.variables.draw(
            &mut SeededRng::new(seed, Purpose::Variables, n),
            &mut scratch.values,
        );
        self.fill(&self.before_length, &scratch.values, out);
        match &self.body {
            CompiledBody::Nothing => {}
            // The length precedes the body and depends on the drawn values, so the body is rendered apart first.
            CompiledBody::Bytes(body, length) => {
                scratch.body.clear();
                self.fill(body, &scratch.values, &mut scratch.body);
                if *length == LengthHeader::Added {
                    write!(out, "content-length: {}\r\n", scratch.body.len())
                        .expect("writing to memory does not fail");
                }
                out.extend_from_slice(b"\r\n");
                out.extend_from_slice(&scratch.body);
                return;
            }
            CompiledBody::Pattern { coding, .. } if *coding == Coding::Chunked => {
                out.extend_from_slice(b"transfer-encoding: chunked\r\n");
            }
            CompiledBody::Pattern { bytes, .. } => {
                write!(out, "content-length: {bytes}\r\n").expect("writing to memory does not fail");
            }
            CompiledBody::Message(_) => {
                for (name, value) in upgrade_headers(&key(seed, n)) {
                    write!(out, "{name}: {value}\r\n").expect("writing to memory does not fail");
                }
            }
        }
        out.extend_from_slice(b"\r\n");
    }

    /// The upload that follows the head of each request, if it carries one.
    pub(crate) fn upload(&self) -> Option<Upload> {
        match self.body {
            CompiledBody::Pattern { bytes, coding } => Some(Upload::new(bytes, coding)),
            _ => None,
        }
    }

    /// The WebSocket message of request `n`, if it carries one.
    pub(crate) fn message(&self, seed: u64, n: u64) -> Option<OutgoingMessage> {
        let CompiledBody::Message(message) = &self.body else {
            return None;
        };
        let (mut values, mut text) = (Vec::new(), Vec::new());
        self.variables
            .draw(&mut SeededRng::new(seed, Purpose::Variables, n), &mut values);
        self.fill(message, &values, &mut text);
        let text = String::from_utf8(text).expect("templates and values are texts");
        Some(OutgoingMessage {
            key: key(seed, n),
            text,
        })
    }

    /// The values of request `n` by the names of its variables.
    pub(crate) fn bindings(&self, seed: u64, n: u64) -> BTreeMap<String, String> {
        let mut values = Vec::new();
        self.variables
            .draw(&mut SeededRng::new(seed, Purpose::Variables, n), &mut values);
        let text = |index| {
            let mut text = Vec::new();
            self.variables.write(index, &values, &mut text);
            String::from_utf8(text).expect("values are numbers or texts")
        };
        self.variables
            .names()
            .iter()
            .enumerate()
            .map(|(i, name)| (name.clone(), text(i)))
            .collect()
    }

    fn fill(&self, parts: &[Part], values: &[Value], out: &mut Vec<u8>) {
        for part in parts {
            match part {
                Part::Text(text) => out.extend_from_slice(text),
                Part::Placeholder(variable) => self.variables.write(*variable, values, out),
            }
        }
    }
}

/// The values of the variables of request `n`, as a load with this seed sends them.
///
/// # Errors
/// A variable cannot be drawn.
pub fn bindings(spec: &RequestSpec, seed: u64, n: u64) -> Result<BTreeMap<String, String>, LoadError> {
    let variables = Variables::compile(&spec.variables).map_err(|reason| LoadError::Request {
        label: spec.label.clone(),
        reason,
    })?;
    Ok(CompiledRequest {
        variables,
        before_length: Vec::new(),
        body: CompiledBody::Nothing,
    }
    .bindings(seed, n))
}

fn parts(template: &str, variables: &Variables) -> Vec<Part> {
    segments(template, |name| variables.index(name).is_some())
        .into_iter()
        .map(|segment| match segment {
            Segment::Text(text) => Part::Text(text.as_bytes().to_vec()),
            Segment::Placeholder(name) => Part::Placeholder(
                variables
                    .index(name)
                    .expect("only declared names are placeholders"),
            ),
        })
        .collect()
}

/// Refuses a template that would break the request's own framing.
fn refuse_unsendable(spec: &RequestSpec) -> Result<(), String> {
    let token = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
    };
    if matches!(spec.body, Some(Body::Message(_))) && spec.method != "GET" {
        return Err(format!(
            "a WebSocket is opened with `GET`, not with `{}`",
            spec.method
        ));
    }
    if !token(&spec.method) {
        return Err(format!("`{}` is not a method", spec.method));
    }
    if !spec.path.starts_with('/') {
        return Err(format!("the path `{}` does not start with `/`", spec.path));
    }
    if spec.path.bytes().any(|b| b <= b' ' || b == 0x7f) {
        return Err(format!(
            "the path `{}` has a space or a control character: write it as `%20` and the like",
            spec.path.escape_debug()
        ));
    }
    if spec.path.contains('#') {
        return Err(format!(
            "the path `{}` has a `#`, which ends what is sent: write it as `%23`",
            spec.path
        ));
    }
    for (name, value) in &spec.headers {
        if !token(name) || value.bytes().any(|b| b == b'\r' || b == b'\n' || b == 0) {
            return Err(format!(
                "the header `{}: {}` cannot be sent",
                name,
                value.escape_debug()
            ));
        }
        if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(format!(
                "the header `{name}` follows from the body and cannot be set"
            ));
        }
        if name.eq_ignore_ascii_case("content-length") {
            refuse_wrong_length(spec, name, value)?;
        }
    }
    Ok(())
}

/// Refuses a `Content-Length` that is not the length of the body: the server would read another request.
fn refuse_wrong_length(spec: &RequestSpec, name: &str, value: &str) -> Result<(), String> {
    let length = match &spec.body {
        None => 0,
        Some(Body::Bytes(bytes)) => bytes.len() as u64,
        Some(Body::Text(text)) if !has_placeholder(spec, text) => text.len() as u64,
        Some(Body::Text(_) | Body::Pattern { .. } | Body::Message(_)) => {
            return Err(format!(
                "the header `{name}` follows from this body and cannot be set"
            ));
        }
    };
    if value == length.to_string() {
        return Ok(());
    }
    Err(format!(
        "the header `{name}: {value}` is wrong: the body has {length} bytes (leave the header out: it is added)"
    ))
}

/// Whether a text has the placeholder of a variable.
fn has_placeholder(spec: &RequestSpec, text: &str) -> bool {
    let is_variable = |name: &str| spec.variables.iter().any(|(other, _)| other == name);
    segments(text, is_variable)
        .iter()
        .any(|segment| matches!(segment, Segment::Placeholder(_)))
}
