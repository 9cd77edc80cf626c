//! Where services run, and for whom: what starting them needs of the lab and of the brief. It starts nothing.

use super::own_rows::Script;
use super::service_spec::ServiceSpec;
use crate::cores::CoreSplit;
use crate::event::EventSink;
use crate::isolation::Isolation;
use crate::runtimes::Runtimes;
use bakeoff_core::brief::DatabaseNames;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Where services run, and for whom.
pub(crate) struct Terms<'t> {
    /// The folder of prepared contenders, for PostgreSQL's programs.
    pub(crate) cache: &'t Path,
    /// The folder that keeps the files of a new cluster.
    pub(crate) cluster_cache: &'t Path,
    /// The runtimes of this machine, for the Python package that contains them.
    pub(crate) runtimes: &'t Runtimes,
    /// The folder of the lab.
    pub(crate) folder: &'t Path,
    /// The division of processors.
    pub(crate) cores: &'t CoreSplit,
    /// The isolation of the lab.
    pub(crate) isolation: &'t Isolation,
    /// The most launches that live at the same time.
    pub(crate) launches: usize,
    /// The processes of each.
    pub(crate) processes: usize,
    /// The scripts of the brief's own database; none for the contract's.
    pub(crate) own_rows: Option<&'t [Script]>,
    /// The further services of the brief.
    pub(crate) own_services: &'t [ServiceSpec],
    /// What the programs have fixed of the database.
    pub(crate) names: &'t DatabaseNames,
    /// Whether the services are at the addresses that the programs have fixed, in the network of one launch.
    pub(crate) at_fixed_addresses: bool,
    /// Receives the events.
    pub(crate) events: &'t dyn EventSink,
    /// The user's interrupt.
    pub(crate) stop: &'t AtomicBool,
}
