//! A further service of the brief, as Redis: a program that the lab starts by the brief's commands, watches and ends.
//! One serves all launches of a lab, because only one launch is awake; the brief's commands bring it back before each
//! load.

use super::command;
use super::service_spec::ServiceSpec;
use super::terms::Terms;
use crate::error::LabError;
use crate::isolation::{Cgroup, CgroupLimits, Role};
use crate::process::lab_instance::LabInstance;
use crate::process::{Program, Supervised, free_port};
use crate::runtime::{is_executable, on_path};
use bakeoff_core::words::number::count;
use bakeoff_load::render;
use nix::sys::signal::Signal;
use nix::unistd::{Uid, User};
use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long it may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// The interval at which it is asked whether it is ready.
const POLL: Duration = Duration::from_millis(20);

/// A running service; dropping it ends it.
pub(super) struct OwnService {
    spec: ServiceSpec,
    port: u16,
    data: PathBuf,
    cores: Vec<usize>,
    cgroup: Cgroup,
    process: Mutex<Option<Supervised>>,
    restarts: AtomicU32,
}

impl OwnService {
    /// Starts it with an empty folder below `folder`, on the generator's processors, and waits until it is ready.
    pub(super) fn start(spec: &ServiceSpec, terms: &Terms<'_>) -> Result<OwnService, LabError> {
        let Terms {
            folder, cores, stop, ..
        } = *terms;
        let name = &spec.service.name;
        let data = folder.join(format!("service-{name}"));
        let failed = |reason: String| LabError::Service(name.clone(), reason);
        fs::create_dir_all(&data).map_err(|error| failed(format!("`{}`: {error}", data.display())))?;
        let port = match spec.service.port.filter(|_| terms.at_fixed_addresses) {
            Some(port) => port,
            None => free_port().map_err(|error| failed(format!("no free port: {error}")))?,
        };
        let limits = CgroupLimits {
            cores: &cores.generator,
            ..CgroupLimits::default()
        };
        let service = OwnService {
            spec: spec.clone(),
            port,
            data,
            cores: cores.generator.clone(),
            cgroup: terms.isolation.cgroup(Role::Database, &limits),
            process: Mutex::new(None),
            restarts: AtomicU32::new(0),
        };
        service.run_all(&spec.service.setup, stop)?;
        service.bring_up(stop)?;
        Ok(service)
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.spec.service.name
    }

    /// What contenders must know of it: `NAME_HOST`, `NAME_PORT` and, where it has one, `NAME_URL`.
    pub(super) fn settings(&self) -> Vec<(String, String)> {
        let name = self.name().replace('-', "_");
        let url = self.spec.service.url.as_ref().map(|url| self.filled(url));
        let all = [
            ("host", Some(Ipv4Addr::LOCALHOST.to_string())),
            ("port", Some(self.port.to_string())),
            ("url", url),
        ];
        all.into_iter()
            .filter_map(|(key, value)| Some((format!("{name}_{key}"), value?)))
            .collect()
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.process()
            .as_ref()
            .is_none_or(|process| process.exited().is_some())
    }

    /// How often it was restarted.
    pub(super) fn restarts(&self) -> u32 {
        self.restarts.load(Ordering::Relaxed)
    }

    /// The last lines of its log.
    pub(super) fn last_lines(&self, lines: usize) -> Vec<String> {
        self.process()
            .as_ref()
            .map_or_else(Vec::new, |process| process.log().last_lines(lines))
    }

    /// Starts it again, with the data that it has left, if it has ended.
    pub(super) fn restart_if_ended(&self, stop: &AtomicBool) -> Result<(), LabError> {
        if !self.has_ended() {
            return Ok(());
        }
        let old = self.process().take();
        drop(old);
        self.restarts.fetch_add(1, Ordering::Relaxed);
        self.bring_up(stop)
    }

    /// Brings it back to what it held before the first load.
    pub(super) fn reset(&self, stop: &AtomicBool) -> Result<(), LabError> {
        self.run_all(&self.spec.service.reset, stop)
    }

    fn bring_up(&self, stop: &AtomicBool) -> Result<(), LabError> {
        let program = self.program(&self.spec.service.command)?;
        let process = program
            .start(LabInstance::this())
            .map_err(|error| self.failed(format!("`{}` does not start: {error}", program.path.display())))?;
        self.cgroup.add_process(process.pid());
        *self.process() = Some(process);
        self.wait_until_ready(stop)?;
        self.run_all(&self.spec.service.seed, stop)
    }

    fn wait_until_ready(&self, stop: &AtomicBool) -> Result<(), LabError> {
        let until = Instant::now() + command::LIMIT;
        loop {
            let why = match self.is_ready(stop) {
                Ok(()) => return Ok(()),
                Err(LabError::Interrupted) => return Err(LabError::Interrupted),
                Err(why) => why,
            };
            if self.has_ended() || Instant::now() >= until {
                let log = self.last_lines(8);
                let log = if log.is_empty() {
                    "it printed nothing".to_owned()
                } else {
                    format!(
                        "the last {} of its log:\n  {}",
                        count(log.len(), "line"),
                        log.join("\n  ")
                    )
                };
                return Err(self.failed(format!("is not ready: {why}; {log}")));
            }
            thread::sleep(POLL);
        }
    }

    fn is_ready(&self, stop: &AtomicBool) -> Result<(), LabError> {
        if stop.load(Ordering::Relaxed) {
            return Err(LabError::Interrupted);
        }
        let ready = &self.spec.service.ready;
        if ready.is_empty() {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
            let connected = TcpStream::connect_timeout(&address, Duration::from_secs(1));
            return connected
                .map(drop)
                .map_err(|error| self.failed(format!("port {}: {error}", self.port)));
        }
        self.run(ready, stop)
    }

    fn run_all(&self, commands: &[Vec<String>], stop: &AtomicBool) -> Result<(), LabError> {
        commands.iter().try_for_each(|command| self.run(command, stop))
    }

    fn run(&self, words: &[String], stop: &AtomicBool) -> Result<(), LabError> {
        let program = self.program(words)?;
        let shown: Vec<String> = words.iter().map(|word| self.filled(word)).collect();
        command::run(&program, &shown.join(" "), &|reason| self.failed(reason), stop)
    }

    fn program(&self, words: &[String]) -> Result<Program, LabError> {
        let mut words = words.iter().map(|word| self.filled(word));
        let name = words.next().unwrap_or_default();
        let is_path = name.contains('/');
        let path = if is_path {
            self.spec.folder.join(&name)
        } else {
            on_path(&name).or_else(|| in_sbin(&name)).ok_or_else(|| {
                self.failed(format!(
                    "`{name}` is not on PATH: install it, or write another command in [[service]]"
                ))
            })?
        };
        let mut program = Program::new(path, &self.spec.folder).arguments(words);
        program.cores.clone_from(&self.cores);
        program.cgroup = self.cgroup.name();
        Ok(program)
    }

    fn filled(&self, text: &str) -> String {
        let values = [
            ("host", Ipv4Addr::LOCALHOST.to_string()),
            ("port", self.port.to_string()),
            ("folder", self.data.display().to_string()),
            ("user", user()),
        ];
        let values: BTreeMap<String, String> = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        render(text, &values)
    }

    fn failed(&self, reason: String) -> LabError {
        LabError::Service(self.name().to_owned(), reason)
    }

    fn process(&self) -> MutexGuard<'_, Option<Supervised>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who runs bakeoff, for servers that refuse root unless it is named.
fn user() -> String {
    let user = User::from_uid(Uid::effective()).ok().flatten();
    user.map_or_else(String::new, |user| user.name)
}

/// Servers are often where the `PATH` of an ordinary user does not lead.
fn in_sbin(name: &str) -> Option<PathBuf> {
    let folders = ["/usr/local/sbin", "/usr/sbin"].map(Path::new);
    let mut programs = folders.into_iter().map(|folder| folder.join(name));
    programs.find(|program| is_executable(program))
}

impl Drop for OwnService {
    fn drop(&mut self) {
        let process = self.process().take();
        if let Some(process) = process {
            process.stop(Signal::SIGTERM, STOP_LIMIT);
        }
        let _ = fs::remove_dir_all(&self.data);
    }
}
