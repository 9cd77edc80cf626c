//! How a contender is started: the command of its manifest in the environment of the contract. It starts nothing.

use crate::lab::Lab;
use crate::language::of_runtime;
use crate::limits::POOL;
use crate::prepare::Prepared;
use crate::process::Program;
use crate::process::program::Environment;
use crate::token;
use crate::workspace::Workspace;
use bakeoff_core::threads;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The variable with the number of further routes that a contender must register.
const ROUTES: &str = "BAKEOFF_ROUTES";

/// How a contender is started.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    /// Worker processes.
    pub(crate) workers: u32,
    /// The processors they run on.
    pub(crate) cores: Vec<usize>,
    /// Threads of each process, for servers that use threads.
    pub(crate) threads: u32,
    /// Further routes to register; none: only its own.
    pub(crate) routes: Option<u32>,
}

impl Setup {
    /// The setup of the brief.
    pub(crate) fn of_the_brief(lab: &Lab<'_>) -> Setup {
        Setup {
            workers: lab.config.brief.load.cores,
            cores: lab.cores.server.clone(),
            threads: threads::of_each_process(lab.config.brief, lab.config.scenarios),
            routes: None,
        }
    }
}

/// The program of a contender, which uses this workspace.
pub(super) fn program(
    lab: &Lab<'_>,
    prepared: &Prepared,
    workspace: &Workspace,
    port: u16,
    setup: &Setup,
) -> Program {
    let values = placeholders(prepared, port, setup);
    let mut command = prepared
        .contender
        .start
        .command
        .iter()
        .map(|argument| bakeoff_load::render(argument, &values));
    let path = command.next().unwrap_or_default();
    let mut program = Program::new(PathBuf::from(path), &prepared.folder).arguments(command);
    let variables = lab_variables(
        port,
        setup,
        workspace.database().url(),
        &lab.services.upstream().url(),
        workspace.scratch(),
        &workspace.access_log(),
    );
    let mut variables: Vec<(String, OsString)> = variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    // Programs that a server starts by name, and scripts of `{bin}`, find the runtime that was chosen for it.
    variables.push(("PATH".to_owned(), prepared.runtime.path_with_it_first()));
    let own = &prepared.contender.start.env;
    variables.extend(
        own.iter()
            .map(|(name, value)| (name.clone(), bakeoff_load::render(value, &values).into())),
    );
    program.environment = Environment::Only(variables);
    program.cores.clone_from(&setup.cores);
    program
}

/// The variables that the lab sets for every contender. A manifest cannot set them: see `LAB_SETS` of the core.
fn lab_variables(
    port: u16,
    setup: &Setup,
    database_url: &str,
    upstream_url: &str,
    scratch: &Path,
    access_log: &Path,
) -> Vec<(&'static str, OsString)> {
    let mut variables = vec![
        ("HOST", "127.0.0.1".into()),
        ("PORT", port.to_string().into()),
        ("WORKERS", setup.workers.to_string().into()),
        ("THREADS", setup.threads.to_string().into()),
        ("DATABASE_URL", database_url.into()),
        ("DATABASE_POOL", POOL.to_string().into()),
        ("UPSTREAM_URL", upstream_url.into()),
        ("TOKEN_KEY", token::KEY.into()),
        ("ACCESS_LOG", access_log.into()),
        ("TMPDIR", scratch.into()),
    ];
    variables.extend(setup.routes.map(|routes| (ROUTES, routes.to_string().into())));
    variables
}

/// The placeholders of a start command: the runtime's name for its program, `{bin}` for installed scripts, and the
/// setup.
fn placeholders(prepared: &Prepared, port: u16, setup: &Setup) -> BTreeMap<String, String> {
    let (name, runtime) = (&prepared.runtime.name, &prepared.runtime.program);
    let language = of_runtime(name);
    let program = language.map_or_else(
        || runtime.clone(),
        |language| (language.program)(&prepared.folder, runtime),
    );
    let scripts = language.map_or("bin", |language| language.scripts);
    let pairs = [
        ("host", "127.0.0.1".to_owned()),
        ("port", port.to_string()),
        ("workers", setup.workers.to_string()),
        ("threads", setup.threads.to_string()),
        ("bin", prepared.folder.join(scripts).display().to_string()),
        (name, program.display().to_string()),
    ];
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Setup, lab_variables};
    use bakeoff_core::contender::LAB_SETS;
    use std::path::Path;

    #[test]
    fn a_manifest_cannot_set_any_variable_that_the_lab_sets() {
        let setup = Setup {
            workers: 1,
            cores: Vec::new(),
            threads: 8,
            routes: Some(10),
        };
        let (scratch, log) = (Path::new("/tmp"), Path::new("/tmp/access.log"));
        let variables = lab_variables(1, &setup, "postgres://", "http://", scratch, log);
        let names: Vec<&str> = variables.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, LAB_SETS);
    }
}
