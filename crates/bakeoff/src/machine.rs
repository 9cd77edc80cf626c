//! The runtimes of this machine for the commands: found, and where contenders lack a supported one, provided. The lab
//! searches, chooses and provides.

use crate::calendar::today;
use crate::domain::Domain;
use crate::exit::Failure;
use crate::field::chosen::Chosen;
use crate::interrupt::Interrupt;
use crate::preparing::cache;
use bakeoff_lab::{EventSink, Providing, Runtimes};

/// What this machine has today of the runtimes that bakeoff knows, with what it provided earlier. Provides nothing.
#[must_use]
pub(crate) fn known_runtimes() -> Runtimes {
    Runtimes::find(&cache(), today())
}

/// The same, with the runtimes that contenders of this domain name besides.
#[must_use]
pub(crate) fn runtimes(domain: &Domain) -> Runtimes {
    let all = domain.contenders.values().map(|entry| &entry.contender);
    known_runtimes().with_those_of(all)
}

/// The same, and for each of these contenders that has no runtime, or only an old one, it
/// provides one where it can. What it cannot provide is no error: those contenders run on what there is.
///
/// # Errors
/// The user interrupted.
pub(crate) fn runtimes_for(
    chosen: &[Chosen<'_>],
    watch: &dyn EventSink,
    interrupt: &Interrupt,
) -> Result<Runtimes, Failure> {
    let field = chosen.iter().map(|one| (&one.entry.contender, &one.entry.source));
    let field: Vec<_> = field.collect();
    let own = chosen.iter().map(|one| &one.entry.contender);
    let mut runtimes = known_runtimes().with_those_of(own);
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
