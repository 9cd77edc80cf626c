//! The options that make a request and its checks, or the several requests of a mix.

use super::files::{Given, Placeholders};
use super::mix::{self, Line};
use crate::exit::Failure;
use bakeoff_load::url::Url;
use bakeoff_load::{Body, BodyRule, Coding, Expect, RequestSpec};
use clap::Args;
use std::path::{Path, PathBuf};

/// The request and its checks.
#[derive(Debug, Args)]
#[command(next_help_heading = "Request and checks")]
pub(crate) struct Requests {
    /// HTTP method [default: GET, or POST with a body]
    #[arg(short = 'X', long)]
    method: Option<String>,
    /// Request header, sent as it is written; repeatable
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header)]
    headers: Vec<(String, String)>,
    /// Request body, a template, or @FILE, which is sent byte for byte
    #[arg(short, long, value_name = "TEXT|@FILE")]
    body: Option<String>,
    /// Stream a request body of this length: byte i is i modulo 251
    #[arg(long, value_name = "BYTES", conflicts_with = "body")]
    body_pattern: Option<u64>,
    /// Message to send on the WebSocket of a `ws` URL, a template; the server must echo it, unless a rule says
    /// otherwise
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["body", "body_pattern"])]
    message: Option<String>,
    /// One request of a mix; repeatable, instead of a path in URL
    #[arg(short = 'q', long = "request", value_name = "WEIGHT METHOD PATH [BODY|@FILE]", conflicts_with_all = ["method", "body", "body_pattern", "message", "mix"])]
    mixed: Vec<String>,
    /// TOML file with a mix of requests, each with its own checks (format below)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["method", "headers", "body", "body_pattern", "message", "expect_status", "expect_type", "expect_header", "expect_length", "expect_body", "expect_text", "expect_json", "expect_at", "expect_pattern"])]
    mix: Option<PathBuf>,
    /// Where {1..100} and {a|b} are drawn
    #[arg(long, value_enum, default_value_t, value_name = "WHERE")]
    placeholders: Placeholders,
    /// Expected status codes [default: 200 to 299]
    #[arg(long, value_name = "STATUS,…", value_delimiter = ',')]
    expect_status: Vec<u16>,
    /// Expected media type
    #[arg(long, value_name = "TYPE")]
    expect_type: Option<String>,
    /// Header that each response must have; repeatable
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    expect_header: Vec<(String, String)>,
    /// Expected length of the body in bytes
    #[arg(long, value_name = "BYTES")]
    expect_length: Option<u64>,
    /// Expected body, byte for byte, a template, or @FILE
    #[arg(long, value_name = "TEXT|@FILE")]
    expect_body: Option<String>,
    /// Text that the body must contain; repeatable
    #[arg(long, value_name = "TEXT")]
    expect_text: Vec<String>,
    /// Expected body, compared as JSON data, or @FILE
    #[arg(long, value_name = "JSON|@FILE")]
    expect_json: Option<String>,
    /// Expected value at a JSON pointer of the body; repeatable
    #[arg(long, value_name = "/POINTER=JSON", value_parser = at)]
    expect_at: Vec<(String, String)>,
    /// Expected length of a body of pattern bytes (i modulo 251), checked as it streams in
    #[arg(long, value_name = "BYTES", conflicts_with_all = ["expect_body", "expect_text", "expect_json", "expect_at"])]
    expect_pattern: Option<u64>,
    /// Share of responses whose body is checked, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    sample: f64,
}

impl Requests {
    /// The requests: the one to `path`, or those of the mix.
    ///
    /// # Errors
    /// A file that cannot be read, or a request that cannot be understood.
    pub(crate) fn specs(&self, url: &Url) -> Result<Vec<RequestSpec>, Failure> {
        if let Some(file) = &self.mix {
            at_the_root(url)?;
            return mix::from_file(file, self.sample, self.placeholders);
        }
        if self.mixed.is_empty() {
            return Ok(vec![self.single(url)?]);
        }
        at_the_root(url)?;
        self.mixed
            .iter()
            .map(|line| {
                let Line {
                    weight,
                    method,
                    path,
                    body,
                } = Line::parse(line)?;
                let body = body
                    .map(|body| given(&body).body(self.placeholders))
                    .transpose()?;
                Ok(RequestSpec {
                    weight,
                    ..self.spec(method, path, body)?
                })
            })
            .collect()
    }

    fn single(&self, url: &Url) -> Result<RequestSpec, Failure> {
        let body = match (&self.body, self.body_pattern, &self.message) {
            (Some(body), _, _) => Some(given(body).body(self.placeholders)?),
            (None, Some(bytes), _) => Some(Body::Pattern {
                bytes,
                coding: Coding::Length,
            }),
            (None, None, message) if url.origin.scheme.is_socket() => {
                let message = message.as_deref().unwrap_or("hello {1..1000000}");
                Some(Body::Message(message.to_owned()))
            }
            (None, None, Some(_)) => {
                return Err(Failure::usage(
                    "`--message` needs a WebSocket",
                    "write the URL with `ws://` or `wss://`",
                ));
            }
            (None, None, None) => None,
        };
        let default = match body {
            None | Some(Body::Message(_)) => "GET",
            Some(_) => "POST",
        };
        let method = mix::method(self.method.as_deref().unwrap_or(default));
        self.spec(method, url.path.clone(), body)
    }

    /// A request with the headers and the checks of the options.
    fn spec(&self, method: String, path: String, body: Option<Body>) -> Result<RequestSpec, Failure> {
        let mut sampled: Vec<BodyRule> = self.expect_text.iter().cloned().map(BodyRule::Contains).collect();
        let exact = self.expect_body.as_deref().map(given);
        sampled.extend(exact.map(|given| given.exact(self.placeholders)).transpose()?);
        let json = self.expect_json.as_deref().map(given);
        sampled.extend(json.map(|given| given.json(self.placeholders)).transpose()?);
        let at = self.expect_at.iter().cloned();
        sampled.extend(at.map(|(pointer, value)| BodyRule::JsonAt { pointer, value }));
        sampled.extend(self.expect_pattern.map(|bytes| BodyRule::Pattern { bytes }));
        let expect = Expect {
            status: self.expect_status.clone(),
            content_type: self.expect_type.clone(),
            headers: self.expect_header.clone(),
            length: self.expect_length,
            sampled,
            body_of: None,
            sample_share: self.sample,
        };
        let headers = self.headers.clone();
        Ok(mix::complete(
            method,
            path,
            headers,
            body,
            expect,
            self.placeholders,
        ))
    }
}

/// What an option of the command line gives; files are looked for where the program was started.
fn given(text: &str) -> Given {
    Given::of(text, Path::new(""))
}

/// Where the requests of a mix name their paths, the URL names none.
fn at_the_root(url: &Url) -> Result<(), Failure> {
    if url.path == "/" {
        return Ok(());
    }
    Err(Failure::usage(
        format!(
            "the URL has the path `{}`, and the requests have their own",
            url.path
        ),
        "write only the scheme, the host and the port, such as `http://localhost:8080`",
    ))
}

/// A header of the command line.
///
/// # Errors
/// It has no colon.
pub(crate) fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once(':')
        .ok_or_else(|| format!("`{text}` is not a header: write it like `accept: text/html`"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn at(text: &str) -> Result<(String, String), String> {
    let (pointer, value) = text
        .split_once('=')
        .ok_or_else(|| format!("`{text}` is not a rule: write it like `/items/0/id=1`"))?;
    if !(pointer.is_empty() || pointer.starts_with('/')) {
        return Err(format!(
            "`{pointer}` is not a JSON pointer: it must start with `/`"
        ));
    }
    Ok((pointer.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{at, header};

    #[test]
    fn headers_and_rules_are_read() {
        assert_eq!(
            header("X-Request-ID:  a:b "),
            Ok(("X-Request-ID".into(), "a:b".into()))
        );
        assert_eq!(at("/a/0=\"x=y\""), Ok(("/a/0".into(), "\"x=y\"".into())));
        assert_eq!(at("={}"), Ok((String::new(), "{}".into())));
        assert!(header("accept").is_err() && at("/a").is_err() && at("a=1").is_err());
    }
}
