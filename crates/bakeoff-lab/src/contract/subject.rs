//! The contender and the services on which the cases of the contract run, and which requests got a response.

use super::access_log::Sent;
use crate::service::Upstream;
use crate::workspace::Workspace;
use bakeoff_load::Target;
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
            sent: RefCell::default(),
        }
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
