//! What says whether a server is ready: the path of its manifest, else the scenario `health`.

use crate::contract::convert::expectation;
use crate::lab::Lab;
use crate::prepare::Prepared;
use bakeoff_load::{Expect, FailureCause, Response, Target, check_response, send_once};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// A request, and the response of a server that is ready.
pub(crate) struct Health {
    method: String,
    path: String,
    ready: Expect,
    /// Whether the manifest names the path, so that it has no other name.
    is_own: bool,
}

impl Health {
    pub(crate) fn of(lab: &Lab<'_>, prepared: &Prepared) -> Health {
        let scenario = lab.config.scenarios.get("health");
        match (&prepared.contender.start.health, scenario) {
            (None, Some(scenario)) => Health {
                method: scenario.request.method.clone(),
                path: scenario.request.path.clone(),
                ready: expectation(&scenario.answer),
                is_own: false,
            },
            (own, _) => Health {
                method: "GET".to_owned(),
                path: own.clone().unwrap_or_else(|| "/health".to_owned()),
                ready: Expect {
                    status: vec![200],
                    ..Expect::default()
                },
                is_own: own.is_some(),
            },
        }
    }

    /// The response within `limit`.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn ask(&self, target: &Target, limit: Duration) -> Result<Response, FailureCause> {
        let mut target = target.clone();
        if self.is_own {
            target.paths.clear();
        }
        send_once(&target, &self.method, &self.path, &[], None, limit)
    }

    /// Whether a response is that of a server that is ready.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub(crate) fn check(&self, response: &Response) -> Result<(), String> {
        check_response(&self.ready, response, &BTreeMap::new())
    }
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
