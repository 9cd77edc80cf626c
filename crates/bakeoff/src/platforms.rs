//! Starts each contender of a run as an instance of the brief's platform would be, before anything is measured, where
//! the brief's target is App Engine or Cloud Run. The lab emulates; what it finds goes into the records.

use crate::brief_file::BriefFile;
use crate::exit::Failure;
use crate::field::Field;
use crate::interrupt::Interrupt;
use crate::lab_place::LabPlace;
use bakeoff_core::serverless::target::Target;
use bakeoff_core::words::number::count;
use bakeoff_lab::{EventSink, Prepared, Runtimes, TierChoice};

/// Checks those that are ready, one after the other; what came of it in words, none where the target has no instances
/// that follow the load.
///
/// # Errors
/// The lab does not open, a service failed, or the user interrupted.
pub(crate) fn check(
    field: &mut Field,
    ready: &[Prepared],
    file: &BriefFile,
    runtimes: &Runtimes,
    isolation: TierChoice,
    events: &dyn EventSink,
    interrupt: &Interrupt,
) -> Result<Option<String>, Failure> {
    let Some(Ok(target)) = Target::of_brief(&file.brief).into_iter().next() else {
        return Ok(None);
    };
    let place = LabPlace::of_user(runtimes);
    let lab = place.open(file, events, interrupt, isolation, 1)?;
    let mut unfit = 0;
    for prepared in ready {
        let name = &prepared.contender.name;
        let check = lab.check_platform(prepared, &target).map_err(Failure::of_lab)?;
        unfit += usize::from(!check.unfit.is_empty());
        if let Some(record) = field.records.iter_mut().find(|record| record.name == *name) {
            record.platforms.push(check);
        }
    }
    Ok(Some(format!(
        "{} started as an instance of {} would be, emulated here: {unfit} of them cannot run there",
        count(ready.len(), "contender"),
        target.platform.title(),
    )))
}
