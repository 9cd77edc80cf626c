//! `connection_kb`: what the process tree grows by for each idle keep-alive connection that has been served
//! once.

use super::trial_table::Context;
use bakeoff_core::evidence::{Caution, Observation};
use bakeoff_load::IdleConnections;

/// How many are opened.
const CONNECTIONS: usize = 1_000;

/// Growth below this cannot be told from the pages that come and go, in KB for each connection.
const SEEN_FROM_KB: f64 = 0.5;

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, String> {
    let request = context
        .lab
        .request("json")?
        .pop()
        .ok_or("the contract has no scenario `json`")?;
    let before_mb = context.server.process().memory().mb;
    let idle = IdleConnections::open(context.server.target(), &request, CONNECTIONS)
        .map_err(|error| error.to_string())?;
    let after_mb = context.server.process().memory().mb;
    let grown_kb = (after_mb - before_mb) * 1024.0 / idle.len().max(1) as f64;
    let mut observation = super::observation("connection_kb", grown_kb.max(SEEN_FROM_KB));
    if grown_kb < SEEN_FROM_KB {
        let reached =
            format!("grew by less than {SEEN_FROM_KB} KB a connection, which is the least that can be told");
        observation.cautions.push(Caution::Partial { reached });
    }
    Ok(vec![observation])
}
