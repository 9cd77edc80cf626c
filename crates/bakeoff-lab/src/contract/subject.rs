//! The contender and the services on which the cases of the contract run, and which requests got a response.

use super::access_log::Sent;
use crate::service::Upstream;
use crate::workspace::Workspace;
use bakeoff_load::{Response, Target};
use serde_json::Value;
use std::cell::RefCell;

/// The contender and the services on which the cases run.
pub(crate) struct Subject<'a> {
    /// The contender, with a valid token.
    target: &'a Target,
    /// The contender without a token.
    without_token: Target,
    /// The service that the contender calls.
    pub(super) upstream: &'a Upstream,
    /// Its database and its access log.
    pub(super) workspace: &'a Workspace,
    /// Fields of JSON responses at which no rule looks.
    unseen: Vec<String>,
    /// The requests that got a response.
    sent: RefCell<Vec<Sent>>,
}

impl<'a> Subject<'a> {
    /// A contender that listens there and uses these.
    pub(crate) fn new(target: &'a Target, upstream: &'a Upstream, workspace: &'a Workspace) -> Subject<'a> {
        Subject {
            target,
            without_token: Target {
                headers: Vec::new(),
                ..target.clone()
            },
            upstream,
            workspace,
            unseen: Vec::new(),
            sent: RefCell::default(),
        }
    }

    /// The same for cases that do not know these fields of JSON responses.
    pub(crate) fn without_fields(self, unseen: &[String]) -> Subject<'a> {
        Subject {
            unseen: unseen.to_vec(),
            ..self
        }
    }

    /// The response as the cases see it.
    pub(super) fn seen(&self, mut response: Response) -> Response {
        if !self.unseen.is_empty()
            && response.streamed.is_none()
            && let Ok(mut value) = serde_json::from_slice::<Value>(&response.body)
        {
            remove_fields(&mut value, &self.unseen);
            response.body = value.to_string().into_bytes();
        }
        response
    }

    /// Where requests with or without a token go.
    pub(super) fn target(&self, with_token: bool) -> &Target {
        if with_token {
            self.target
        } else {
            &self.without_token
        }
    }

    /// Remembers a request that got a response.
    pub(super) fn remember(&self, request: Sent) {
        self.sent.borrow_mut().push(request);
    }

    /// The requests that got a response so far.
    pub(super) fn sent(&self) -> Vec<Sent> {
        self.sent.borrow().clone()
    }
}

/// Removes the fields at every depth.
fn remove_fields(value: &mut Value, names: &[String]) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !names.contains(name));
            fields.values_mut().for_each(|inner| remove_fields(inner, names));
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| remove_fields(inner, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::remove_fields;
    use serde_json::json;

    #[test]
    fn a_field_is_removed_at_every_depth() {
        let mut value =
            json!({ "items": [{ "id": 1, "origin": null }], "origin": { "id": 2 }, "next": null });
        remove_fields(&mut value, &["origin".to_owned()]);
        assert_eq!(value, json!({ "items": [{ "id": 1 }], "next": null }));
    }
}
