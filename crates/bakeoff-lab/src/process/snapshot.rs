//! All processes of the machine at one instant, so that several trees can be looked at with one walk over `/proc`. It
//! only reads.

use super::roots::{mark_of, roots};
use crate::procfs::{self, Stat};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The processes at one instant.
pub(crate) struct Snapshot {
    processes: Vec<Stat>,
    /// The marks that were read, because each tree needs the same ones.
    marks: RefCell<BTreeMap<i32, Option<String>>>,
}

impl Snapshot {
    /// Reads them now.
    pub(crate) fn read() -> Snapshot {
        // Held while it reads, so that every root in the list is registered.
        let _no_new_roots = roots();
        Snapshot {
            processes: procfs::all(),
            marks: RefCell::default(),
        }
    }

    pub(super) fn processes(&self) -> &[Stat] {
        &self.processes
    }

    /// The mark of one of them.
    pub(super) fn mark(&self, pid: i32) -> Option<String> {
        self.marks
            .borrow_mut()
            .entry(pid)
            .or_insert_with(|| mark_of(pid))
            .clone()
    }
}
