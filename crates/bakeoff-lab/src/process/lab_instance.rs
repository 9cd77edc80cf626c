//! The identity of one running bakeoff, and the mark that it puts into the environment of everything it starts. The
//! next bakeoff finds marked processes after this one was killed. No state on disk, which could be lost or wrong;
//! processes that clear their mark are recorded by [`super::escaped`].

use crate::procfs;
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

/// The environment variable that marks the processes of the lab and their descendants: `INSTANCE/SERIAL`.
pub(crate) const MARK: &str = "BAKEOFF_RUN";

/// A process of bakeoff, distinct from later processes with the same number and from those of other containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LabInstance {
    namespace: u64,
    pid: i32,
    start_ticks: u64,
}

impl LabInstance {
    /// This process.
    pub(crate) fn this() -> LabInstance {
        let pid = std::process::id() as i32;
        LabInstance {
            namespace: procfs::pid_namespace("self").unwrap_or(0),
            pid,
            start_ticks: procfs::stat(pid).map_or(0, |stat| stat.start_ticks),
        }
    }

    /// A mark that no other process tree of this instance has.
    pub(crate) fn next_mark(self) -> String {
        static SERIAL: AtomicU64 = AtomicU64::new(1);
        format!("{self}/{}", SERIAL.fetch_add(1, Ordering::Relaxed))
    }

    /// The instance in a mark.
    pub(crate) fn of_mark(mark: &str) -> Option<LabInstance> {
        mark.split('/').next()?.parse().ok()
    }

    /// Whether it started that process, directly or not, according to the mark.
    pub(crate) fn has_started(self, pid: i32) -> bool {
        procfs::variable(pid, MARK).and_then(|mark| LabInstance::of_mark(&mark)) == Some(self)
    }

    /// Whether the instance has certainly ended. One of another pid namespace is invisible from here, so it counts as
    /// alive.
    pub(crate) fn is_dead(self) -> bool {
        procfs::pid_namespace("self") == Some(self.namespace)
            && procfs::stat(self.pid)
                .is_none_or(|stat| stat.is_zombie() || stat.start_ticks != self.start_ticks)
    }
}

impl fmt::Display for LabInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.namespace, self.pid, self.start_ticks)
    }
}

impl FromStr for LabInstance {
    type Err = ();

    fn from_str(text: &str) -> Result<LabInstance, ()> {
        let mut parts = text.split('-');
        let mut next = || parts.next().ok_or(());
        let instance = LabInstance {
            namespace: next()?.parse().map_err(drop)?,
            pid: next()?.parse().map_err(drop)?,
            start_ticks: next()?.parse().map_err(drop)?,
        };
        if parts.next().is_some() {
            Err(())
        } else {
            Ok(instance)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LabInstance;

    #[test]
    fn a_mark_names_its_instance_and_no_two_are_equal() {
        let instance = LabInstance::this();
        let (one, two) = (instance.next_mark(), instance.next_mark());
        assert_ne!(one, two);
        assert_eq!(LabInstance::of_mark(&one), Some(instance));
        assert_eq!(LabInstance::of_mark("nonsense"), None);
        assert_eq!(LabInstance::of_mark("1-2-3-4/5"), None);
    }

    #[test]
    fn only_an_instance_that_has_certainly_ended_is_dead() {
        let this = LabInstance::this();
        assert!(!this.is_dead());
        assert!(
            LabInstance {
                start_ticks: this.start_ticks + 1,
                ..this
            }
            .is_dead()
        );
        assert!(
            !LabInstance {
                namespace: this.namespace + 1,
                start_ticks: 0,
                ..this
            }
            .is_dead()
        );
    }
}
