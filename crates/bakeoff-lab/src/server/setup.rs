//! How a contender is started: the commands of its manifest in the environment of the contract. It starts nothing.

use crate::fault::{of_contender, of_lab};
use crate::isolation::OwnNetwork;
use crate::lab::Lab;
use crate::language::of_runtime;
use crate::limits::POOL;
use crate::prepare::Prepared;
use crate::process::program::Environment;
use crate::process::view::{OwnFolder, View};
use crate::process::{Program, free_port};
use crate::service::Services;
use crate::token;
use crate::workspace::Workspace;
use bakeoff_core::evidence::{Fault, Stage};
use bakeoff_core::threads;
use postgres::config::Host;
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

/// The programs of a contender.
pub(crate) struct Programs {
    /// The one that listens.
    pub(crate) main: Program,
    /// Those that run beside it.
    pub(crate) beside: Vec<Program>,
}

/// The programs of a contender, which use this workspace.
///
/// # Errors
/// One needs a service that the brief does not have, or there is no free port.
pub(crate) fn programs(
    lab: &Lab<'_>,
    prepared: &Prepared,
    workspace: &Workspace,
    port: u16,
    setup: &Setup,
) -> Result<Programs, Fault> {
    let start = &prepared.contender.start;
    let mut ports = Vec::new();
    for beside in &start.beside {
        let port = free_port().map_err(|error| of_lab(Stage::Start, format!("no free port: {error}")))?;
        ports.push((beside.port_placeholder(), port.to_string()));
    }
    let made = |port: &str, command: &[String], env: &BTreeMap<String, String>| {
        let terms = Terms {
            lab,
            prepared,
            workspace,
            port,
            ports: &ports,
            setup,
        };
        program(&terms, command, env)
    };
    let main = made(&port.to_string(), &start.command, &start.env)?;
    let beside = start.beside.iter().zip(&ports);
    let beside = beside.map(|(beside, (_, port))| made(port, &beside.command, &beside.env));
    Ok(Programs {
        main: Program {
            view: view(prepared, workspace),
            ..main
        },
        beside: beside.collect::<Result<_, _>>()?,
    })
}

/// What a program is started with.
struct Terms<'t> {
    lab: &'t Lab<'t>,
    prepared: &'t Prepared,
    workspace: &'t Workspace,
    /// Its own port.
    port: &'t str,
    /// Those of the programs beside the one that listens, by placeholder.
    ports: &'t [(String, String)],
    setup: &'t Setup,
}

fn program(terms: &Terms<'_>, command: &[String], env: &BTreeMap<String, String>) -> Result<Program, Fault> {
    let Terms {
        prepared,
        workspace,
        setup,
        port,
        ..
    } = *terms;
    let services = workspace.services(terms.lab);
    let mut settings = settings(services, workspace);
    settings.extend(terms.ports.iter().cloned());
    let values = placeholders(prepared, port, setup, &settings);
    let mut texts = command.iter().chain(env.values());
    if let Some(name) = texts.find_map(|text| unfilled(text, &values)) {
        let message = format!("its manifest has `{{{name}}}`, and the brief has no such [[service]]");
        return Err(of_contender(Stage::Start, message));
    }
    let mut command = command
        .iter()
        .map(|argument| bakeoff_load::render(argument, &values));
    let path = command.next().unwrap_or_default();
    let mut program = Program::new(PathBuf::from(path), &prepared.folder).arguments(command);
    let variables = lab_variables(
        port,
        setup,
        workspace.database().url(),
        &services.upstream().url(),
        workspace.scratch(),
        &workspace.access_log(),
    );
    let mut variables: Vec<(String, OsString)> = variables
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    variables.extend(services.settings().into_iter().map(|(name, value)| {
        let name = name.to_uppercase();
        (name, value.into())
    }));
    // Programs that a server starts by name, and scripts of `{bin}`, find the runtime that was chosen for it.
    variables.push(("PATH".to_owned(), prepared.runtime.path_with_it_first()));
    variables.extend(
        env.iter()
            .map(|(name, value)| (name.clone(), bakeoff_load::render(value, &values).into())),
    );
    program.environment = Environment::Only(variables);
    program.cores.clone_from(&setup.cores);
    Ok(program)
}

/// What the programs see of their own: the host names of their launch, and a working folder in which no other server
/// finds what they write, such as the number of the process that must not run twice.
fn view(prepared: &Prepared, workspace: &Workspace) -> View {
    let network = workspace.network();
    View {
        hosts: network.and_then(OwnNetwork::hosts).map(Path::to_owned),
        folder: Some(OwnFolder {
            like: prepared.folder.clone(),
            changes: workspace.new_folder(),
        }),
    }
}

/// The first placeholder of a service in a text that has no value.
fn unfilled<'t>(text: &'t str, values: &BTreeMap<String, String>) -> Option<&'t str> {
    let parts = text.split('{').skip(1);
    let mut names = parts.filter_map(|part| Some(part.split_once('}')?.0));
    names.find(|name| {
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let is_setting = ["_host", "_port", "_url"].iter().any(|end| name.ends_with(end));
        is_name && is_setting && !values.contains_key(*name)
    })
}

/// The variables that the lab sets for every contender. A manifest cannot set them: see `LAB_SETS` of the core.
fn lab_variables(
    port: &str,
    setup: &Setup,
    database_url: &str,
    upstream_url: &str,
    scratch: &Path,
    access_log: &Path,
) -> Vec<(&'static str, OsString)> {
    let mut variables = vec![
        ("HOST", "127.0.0.1".into()),
        ("PORT", port.into()),
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

/// The services of a launch as a manifest names them, for programs that take no URL.
fn settings(services: &Services, workspace: &Workspace) -> Vec<(String, String)> {
    let mut settings = database_settings(workspace.database().url());
    settings.push(("upstream_url".to_owned(), services.upstream().url()));
    settings.extend(services.settings());
    settings
}

/// The parts of a URL of PostgreSQL; empty where it has none.
fn database_settings(url: &str) -> Vec<(String, String)> {
    let config: postgres::Config = url.parse().unwrap_or_default();
    let host = config.get_hosts().first().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(path) => path.display().to_string(),
    });
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let password = config.get_password().map(String::from_utf8_lossy);
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    [
        ("database_url", url.to_owned()),
        ("database_host", host.unwrap_or_default()),
        ("database_port", port.to_string()),
        ("database_user", text(config.get_user())),
        ("database_password", password.unwrap_or_default().into_owned()),
        ("database_name", text(config.get_dbname())),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// The placeholders of a start command: the runtime's name for its program, `{bin}` for installed scripts, the setup,
/// and the services.
fn placeholders(
    prepared: &Prepared,
    port: &str,
    setup: &Setup,
    settings: &[(String, String)],
) -> BTreeMap<String, String> {
    let (name, runtime) = (&prepared.runtime.name, &prepared.runtime.program);
    let language = of_runtime(name);
    let program = language.map_or_else(
        || runtime.clone(),
        |language| (language.program)(&prepared.folder, runtime),
    );
    let scripts = language.map_or("bin", |language| language.scripts);
    let pairs = [
        ("host", "127.0.0.1".to_owned()),
        ("port", port.to_owned()),
        ("workers", setup.workers.to_string()),
        ("threads", setup.threads.to_string()),
        ("bin", prepared.folder.join(scripts).display().to_string()),
        (name, program.display().to_string()),
    ];
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .chain(settings.iter().cloned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Setup, database_settings, lab_variables, unfilled};
    use bakeoff_core::contender::{LAB_SETS, PLACEHOLDERS};
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
        let variables = lab_variables("1", &setup, "postgres://", "http://", scratch, log);
        let names: Vec<&str> = variables.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, LAB_SETS);
    }

    #[test]
    fn a_setting_of_a_service_that_nobody_has_is_found() {
        let values = [("redis_port".to_owned(), "1".to_owned())].into();
        for (text, expected) in [
            ("{redis_port}", None),
            ("x{mysql_host}:{redis_port}", Some("mysql_host")),
            ("{ \"a_port\": 1 }", None),
            ("{id}", None),
        ] {
            assert_eq!(unfilled(text, &values), expected, "{text}");
        }
    }

    #[test]
    fn the_parts_of_a_url_are_settings_by_name() {
        let settings = database_settings("postgres://me:s%40fe@127.0.0.1:5433/rooms");
        let value = |name: &str| {
            let found = settings.iter().find(|(its, _)| its == name);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(value("database_host"), Some("127.0.0.1"));
        assert_eq!(value("database_port"), Some("5433"));
        assert_eq!(value("database_user"), Some("me"));
        assert_eq!(value("database_password"), Some("s@fe"));
        assert_eq!(value("database_name"), Some("rooms"));
        for (name, _) in &settings {
            assert!(
                PLACEHOLDERS.contains(&name.as_str()),
                "a manifest may use `{name}`"
            );
        }
    }
}
