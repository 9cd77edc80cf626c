//! The runtimes of this machine for the commands: found, and where contenders lack a supported one, provided. The lab
//! searches, chooses and provides.

use crate::calendar::today;
use crate::domain::Domain;
use crate::exit::Failure;
use crate::field::chosen;
use crate::interrupt::Interrupt;
use crate::preparing::cache;
use bakeoff_lab::{EventSink, Providing, Runtimes};

/// What this machine has today, with what bakeoff provided earlier. Provides nothing.
#[must_use]
pub(crate) fn runtimes() -> Runtimes {
    Runtimes::find(&cache(), today())
}

/// The same, and for each of these contenders (all where none is named) that has no runtime, or only an old one, it
/// provides one where it can. What it cannot provide is no error: those contenders run on what there is.
///
/// # Errors
/// An unknown name, or the user interrupted.
pub(crate) fn runtimes_for(
    domain: &Domain,
    wanted: &[String],
    watch: &dyn EventSink,
    interrupt: &Interrupt,
) -> Result<Runtimes, Failure> {
    let field = chosen(domain, wanted)?;
    let field: Vec<_> = field
        .iter()
        .map(|entry| (&entry.contender, &entry.source))
        .collect();
    let mut runtimes = runtimes();
    let cache = cache();
    let how = Providing {
        cache: &cache,
        events: watch,
        stop: interrupt.flag(),
    };
    runtimes.provide(&field, &how);
    if interrupt.requested() {
        return Err(Failure::interrupted());
    }
    Ok(runtimes)
}
