//! What is asked and what the answers are held to: the options that make a request. Deliberately one kind of request; a mix is a brief's matter.

use crate::exit::Failure;
use bakeoff_load::{BodyRule, Expect, RequestSpec, url::variables_in_place};
use clap::Args;
use std::path::Path;

/// The request and its checks.
#[derive(Debug, Args)]
#[command(next_help_heading = "Request and checks")]
pub(crate) struct Requests {
    /// The method [default: GET, or POST with a body]
    #[arg(short = 'X', long)]
    method: Option<String>,
    /// A header; repeatable
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header)]
    headers: Vec<(String, String)>,
    /// The body, or @FILE
    #[arg(short, long, value_name = "TEXT|@FILE")]
    body: Option<String>,
    /// The right statuses [default: all of the 200s]
    #[arg(long, value_name = "STATUS,…", value_delimiter = ',')]
    expect_status: Vec<u16>,
    /// The right media type
    #[arg(long, value_name = "TYPE")]
    expect_type: Option<String>,
    /// A header that each answer must have; repeatable
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    expect_header: Vec<(String, String)>,
    /// The right length of the body, bytes
    #[arg(long, value_name = "BYTES")]
    expect_length: Option<u64>,
    /// A text that must stand in the body; repeatable
    #[arg(long, value_name = "TEXT")]
    expect_text: Vec<String>,
    /// The whole body, compared as JSON data, or @FILE
    #[arg(long, value_name = "JSON|@FILE")]
    expect_json: Option<String>,
    /// A value of the body, by its JSON pointer; repeatable
    #[arg(long, value_name = "/POINTER=JSON", value_parser = at)]
    expect_at: Vec<(String, String)>,
    /// The share of answers whose body is looked at, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    sample: f64,
}

impl Requests {
    /// The request to `path`.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(crate) fn spec(&self, path: &str) -> Result<RequestSpec, Failure> {
        let body = self.body.as_deref().map(text_or_file).transpose()?;
        let json = self.expect_json.as_deref().map(text_or_file).transpose()?;
        let default = if body.is_some() { "POST" } else { "GET" };
        let method = self.method.as_deref().unwrap_or(default).to_uppercase();
        let values = self.headers.iter().map(|(_, value)| value.as_str());
        let texts: Vec<&str> = [path, body.as_deref().unwrap_or_default()]
            .into_iter()
            .chain(values)
            .collect();
        let mut sampled: Vec<BodyRule> = self.expect_text.iter().cloned().map(BodyRule::Contains).collect();
        sampled.extend(json.map(BodyRule::Json));
        sampled.extend(
            self.expect_at
                .iter()
                .cloned()
                .map(|(pointer, value)| BodyRule::JsonAt { pointer, value }),
        );
        Ok(RequestSpec {
            label: format!("{method} {path}"),
            weight: 1.0,
            method,
            path: path.to_owned(),
            headers: self.headers.clone(),
            variables: variables_in_place(&texts),
            body,
            expect: Expect {
                status: self.expect_status.clone(),
                content_type: self.expect_type.clone(),
                headers: self.expect_header.clone(),
                length: self.expect_length,
                sampled,
                sample_share: self.sample,
            },
        })
    }
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once(':')
        .ok_or_else(|| format!("`{text}` is no header: write it like `accept: text/html`"))?;
    Ok((name.trim().to_lowercase(), value.trim().to_owned()))
}

fn at(text: &str) -> Result<(String, String), String> {
    let (pointer, value) = text
        .split_once('=')
        .ok_or_else(|| format!("`{text}` is no rule: write it like `/items/0/id=1`"))?;
    if !(pointer.is_empty() || pointer.starts_with('/')) {
        return Err(format!("`{pointer}` is no JSON pointer: it starts with `/`"));
    }
    Ok((pointer.to_owned(), value.to_owned()))
}

fn text_or_file(text: &str) -> Result<String, Failure> {
    text.strip_prefix('@')
        .map_or_else(|| Ok(text.to_owned()), |file| read(Path::new(file)))
}

/// The text of a file that an option names.
///
/// # Errors
/// The file cannot be read as text.
pub(crate) fn read(file: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(file);
    text.map_err(|error| {
        Failure::usage(
            format!("cannot read `{}`: {error}", file.display()),
            "name a text file that exists",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{at, header};

    #[test]
    fn headers_and_rules_are_read() {
        assert_eq!(
            header("Accept:  text/html "),
            Ok(("accept".into(), "text/html".into()))
        );
        assert_eq!(at("/a/0=\"x=y\""), Ok(("/a/0".into(), "\"x=y\"".into())));
        assert_eq!(at("={}"), Ok((String::new(), "{}".into())));
        assert!(header("accept").is_err() && at("/a").is_err() && at("a=1").is_err());
    }
}
