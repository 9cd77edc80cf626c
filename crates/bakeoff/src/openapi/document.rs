//! The document: reads YAML and JSON, and follows references within it. What its parts mean
//! is for others.

use crate::exit::Failure;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The most references that follow each other.
const MOST_REFERENCES: usize = 32;

/// An OpenAPI document of version 3.
#[derive(Debug)]
pub(super) struct ApiDocument {
    root: Value,
}

impl ApiDocument {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or is no such document.
    pub(super) fn read(path: &Path) -> Result<ApiDocument, Failure> {
        let shown = path.display();
        let text = fs::read_to_string(path).map_err(|error| {
            Failure::usage(
                format!("cannot read the OpenAPI document `{shown}`: {error}"),
                "name a file in YAML or JSON, for example `--openapi api.yaml`",
            )
        })?;
        ApiDocument::parse(&text).map_err(|reason| {
            Failure::usage(
                format!("`{shown}`: {reason}"),
                "an OpenAPI document of version 3.0, 3.1 or 3.2 is needed, in YAML or JSON",
            )
        })
    }

    /// The document of a text.
    pub(super) fn parse(text: &str) -> Result<ApiDocument, String> {
        let is_json = text.trim_start().starts_with(['{', '[']);
        let root: Value = if is_json {
            serde_json::from_str(text).map_err(|error| error.to_string())?
        } else {
            serde_saphyr::from_str(text).map_err(|error| error.to_string())?
        };
        match (root.get("openapi"), root.get("swagger")) {
            (Some(version), _) if as_text(version).starts_with("3.") => Ok(ApiDocument { root }),
            (Some(version), _) => Err(format!("its version is {}", as_text(version))),
            (None, Some(_)) => {
                Err("it is of version 2 (Swagger); converters make one of version 3 of it".to_owned())
            }
            (None, None) => Err("it has no `openapi: 3.…`, so it is no OpenAPI document".to_owned()),
        }
    }

    /// Whether its schemas are those of version 3.0, which are no JSON Schema.
    pub(super) fn is_version_3_0(&self) -> bool {
        self.root
            .get("openapi")
            .is_some_and(|version| as_text(version).starts_with("3.0"))
    }

    /// The credentials that all operations need which name none themselves.
    pub(super) fn security(&self) -> Option<&Value> {
        self.root.get("security")
    }

    /// What it calls itself.
    pub(super) fn title(&self) -> String {
        let title = self.root.pointer("/info/title").and_then(Value::as_str);
        title.unwrap_or("API").to_owned()
    }

    /// The path of its first server, without a slash at the end.
    pub(super) fn base_path(&self) -> String {
        let url = self
            .root
            .pointer("/servers/0/url")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let path = match url.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
            None => url,
        };
        let path = path.trim_end_matches('/');
        // A variable may stand for anything.
        if path.contains('{') || !path.starts_with('/') {
            String::new()
        } else {
            path.to_owned()
        }
    }

    /// Its paths, each with what it has for its methods.
    pub(super) fn paths(&self) -> Vec<(&str, &Value)> {
        let paths = self.root.get("paths").and_then(Value::as_object);
        let paths = paths
            .into_iter()
            .flatten()
            .filter(|(path, _)| path.starts_with('/'));
        paths
            .filter_map(|(path, item)| Some((path.as_str(), self.resolve(item).ok()?)))
            .collect()
    }

    /// What a value is once its references are followed.
    ///
    /// # Errors
    /// A reference to another document, to nothing, or in a circle.
    pub(super) fn resolve<'d>(&'d self, value: &'d Value) -> Result<&'d Value, String> {
        let mut value = value;
        for _ in 0..MOST_REFERENCES {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return Ok(value);
            };
            value = self.at(reference)?;
        }
        Err("its references run in a circle".to_owned())
    }

    /// What a reference means.
    ///
    /// # Errors
    /// A reference to another document or to nothing.
    pub(super) fn at(&self, reference: &str) -> Result<&Value, String> {
        let Some(pointer) = reference.strip_prefix('#') else {
            return Err(format!("`{reference}` is in another document, which is not read"));
        };
        let pointer = percent_decode_str(pointer).decode_utf8_lossy();
        self.root
            .pointer(&pointer)
            .ok_or_else(|| format!("there is no `{reference}`"))
    }
}

/// A scalar as a text; empty for anything else.
pub(super) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}
