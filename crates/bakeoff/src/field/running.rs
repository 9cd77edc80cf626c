//! The record of a service that runs already: its address stands where others have their stack.

use bakeoff_core::brief::Brief;
use bakeoff_core::contender::Work;
use bakeoff_core::evidence::{ContenderRecord, Part, Running, Status};
use bakeoff_lab::{RunningService, unknown_from_outside};
use std::collections::BTreeMap;

/// What those services are, in place of a family.
const FAMILY: &str = "service";

/// What is known of a service before anything is asked of it.
#[must_use]
pub(crate) fn of_service(service: &RunningService, url: &str, brief: &Brief) -> ContenderRecord {
    ContenderRecord {
        name: service.name.clone(),
        variant_of: None,
        part: Part::Candidate,
        title: service.name.clone(),
        family: FAMILY.to_owned(),
        language: String::new(),
        runtime: "as it runs now".to_owned(),
        framework: String::new(),
        server: url.to_owned(),
        model: String::new(),
        homepage: url.to_owned(),
        remarks: String::new(),
        work: Work::default(),
        versions: BTreeMap::new(),
        support: Vec::new(),
        status: Status::Ready,
        running: Some(Running {
            url: url.to_owned(),
            watched: service.watched.clone(),
        }),
        not_served: Vec::new(),
        faults: Vec::new(),
        observations: Vec::new(),
        needs: Vec::new(),
        platforms: Vec::new(),
        reach: Vec::new(),
        flags: None,
        no_evidence: unknown_from_outside(brief, service.watched.as_ref()),
    }
}
