//! Requests as bytes: a kind of request compiled once, then rendered for request `n` into a buffer that is used again
//! and again. What request `n` contains is a pure function of the seed and of `n`.

use crate::body::{Body, Coding, Upload};
use crate::dice::{Dice, Purpose};
use crate::draw::{Value, Variables};
use crate::error::LoadError;
use crate::request::RequestSpec;
use crate::socket::{key, upgrade_headers};
use crate::talk::Talk;
use crate::target::Target;
use crate::template::{Piece, pieces};
use std::collections::BTreeMap;
use std::io::Write as _;

/// A kind of request, compiled.
#[derive(Debug, Clone)]
pub(crate) struct Composer {
    variables: Variables,
    before_length: Vec<Part>,
    body: Carried,
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Carried {
    Nothing,
    Text(Vec<Part>),
    Pattern { bytes: u64, coding: Coding },
    Message(Vec<Part>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(Vec<u8>),
    Hole(usize),
}

/// Buffers of a thread's requests.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    values: Vec<Value>,
    body: Vec<u8>,
}

impl Composer {
    pub(crate) fn compile(target: &Target, spec: &RequestSpec) -> Result<Self, LoadError> {
        let wrong = |reason: String| LoadError::Request {
            label: spec.label.clone(),
            reason,
        };
        let variables = Variables::compile(&spec.variables).map_err(wrong)?;
        refuse_unsendable(spec).map_err(wrong)?;
        let has = |name: &str| spec.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        let mut head = format!("{} {} HTTP/1.1\r\n", spec.method, spec.path);
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
        for (name, value) in &spec.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let before_length = parts(&head, &variables);
        let body = match &spec.body {
            None => Carried::Nothing,
            Some(Body::Text(text)) => Carried::Text(parts(text, &variables)),
            Some(Body::Pattern { bytes, coding }) => Carried::Pattern {
                bytes: *bytes,
                coding: *coding,
            },
            Some(Body::Message(text)) => Carried::Message(parts(text, &variables)),
        };
        Ok(Self {
            variables,
            before_length,
            body,
        })
    }

    /// Appends request `n` to `out`.
    pub(crate) fn write(&self, seed: u64, n: u64, scratch: &mut Scratch, out: &mut Vec<u8>) {
        self.variables
            .draw(&mut Dice::new(seed, Purpose::Variables, n), &mut scratch.values);
        self.fill(&self.before_length, &scratch.values, out);
        match &self.body {
            Carried::Nothing => {}
            Carried::Text(body) => {
                scratch.body.clear();
                self.fill(body, &scratch.values, &mut scratch.body);
                write!(out, "content-length: {}\r\n\r\n", scratch.body.len())
                    .expect("writing to memory does not fail");
                out.extend_from_slice(&scratch.body);
                return;
            }
            Carried::Pattern { coding, .. } if *coding == Coding::Chunked => {
                out.extend_from_slice(b"transfer-encoding: chunked\r\n");
            }
            Carried::Pattern { bytes, .. } => {
                write!(out, "content-length: {bytes}\r\n").expect("writing to memory does not fail");
            }
            Carried::Message(_) => {
                for (name, value) in upgrade_headers(&key(seed, n)) {
                    write!(out, "{name}: {value}\r\n").expect("writing to memory does not fail");
                }
            }
        }
        out.extend_from_slice(b"\r\n");
    }

    /// The stream that follows the head of each request, if it carries one.
    pub(crate) fn upload(&self) -> Option<Upload> {
        match self.body {
            Carried::Pattern { bytes, coding } => Some(Upload::new(bytes, coding)),
            _ => None,
        }
    }

    /// What is said on the WebSocket that request `n` asks for, if it does.
    pub(crate) fn talk(&self, seed: u64, n: u64) -> Option<Talk> {
        let Carried::Message(message) = &self.body else {
            return None;
        };
        let (mut values, mut text) = (Vec::new(), Vec::new());
        self.variables
            .draw(&mut Dice::new(seed, Purpose::Variables, n), &mut values);
        self.fill(message, &values, &mut text);
        let text = String::from_utf8(text).expect("templates and values are texts");
        Some(Talk::new(key(seed, n), text))
    }

    /// The values of request `n` by the names of its variables.
    pub(crate) fn bindings(&self, seed: u64, n: u64) -> BTreeMap<String, String> {
        let mut values = Vec::new();
        self.variables
            .draw(&mut Dice::new(seed, Purpose::Variables, n), &mut values);
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
                Part::Hole(variable) => self.variables.write(*variable, values, out),
            }
        }
    }
}

/// The values of the variables of request `n`: the ones that a load with this seed sends.
///
/// # Errors
/// A variable cannot be drawn.
pub fn bindings(spec: &RequestSpec, seed: u64, n: u64) -> Result<BTreeMap<String, String>, LoadError> {
    let variables = Variables::compile(&spec.variables).map_err(|reason| LoadError::Request {
        label: spec.label.clone(),
        reason,
    })?;
    Ok(Composer {
        variables,
        before_length: Vec::new(),
        body: Carried::Nothing,
    }
    .bindings(seed, n))
}

fn parts(template: &str, variables: &Variables) -> Vec<Part> {
    pieces(template, |name| variables.index(name).is_some())
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => Part::Text(text.as_bytes().to_vec()),
            Piece::Hole(name) => Part::Hole(variables.index(name).expect("only declared names are holes")),
        })
        .collect()
}

/// A template that would break the request's own framing is refused before anything is sent.
fn refuse_unsendable(spec: &RequestSpec) -> Result<(), String> {
    let token = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
    };
    if matches!(spec.body, Some(Body::Message(_))) && spec.method != "GET" {
        return Err(format!(
            "a WebSocket is asked for by `GET`, not by `{}`",
            spec.method
        ));
    }
    if !token(&spec.method) {
        return Err(format!("`{}` is no method", spec.method));
    }
    if !spec.path.starts_with('/') {
        return Err(format!("the path `{}` does not start with `/`", spec.path));
    }
    if spec.path.bytes().any(|b| b <= b' ' || b == 0x7f) {
        return Err(format!(
            "the path `{}` has a space or a control character",
            spec.path.escape_debug()
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
        if name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(format!(
                "the header `{name}` is added from the body and cannot be set"
            ));
        }
    }
    Ok(())
}
