//! How a process is started: program, folder, environment, processors, user, and what only it sees. No unsafe code: a
//! thread sets its own affinity and mounts and starts the process, which inherits them.

use super::lab_instance::{LabInstance, MARK};
use super::log::Log;
use super::roots::{Inheritance, start_beside, start_root};
use super::supervised::Supervised;
use super::view::View;
use crate::cores::pin_this_thread;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, PipeWriter};
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

/// A program to start.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// The path of its file.
    pub(crate) path: PathBuf,
    /// Its arguments.
    pub(crate) arguments: Vec<OsString>,
    /// Its working folder.
    pub(crate) folder: PathBuf,
    /// Its environment.
    pub(crate) environment: Environment,
    /// The processors it may use; empty for all.
    pub(crate) cores: Vec<usize>,
    /// Another user and group to run as.
    pub(crate) user: Option<(u32, u32)>,
    /// The end of the path of the cgroup that it will join, by which its orphans are recognised; none without one.
    pub(crate) cgroup: Option<String>,
    /// What it and the programs that start with it see of their own.
    pub(crate) view: View,
}

/// The environment of a process; the lab adds its mark to either.
#[derive(Debug, Clone)]
pub(crate) enum Environment {
    /// This process's own.
    Inherited,
    /// This process's own with these variables besides, or instead.
    InheritedWith(Vec<(String, OsString)>),
    /// These variables and the ones that every program needs: `PATH`, `HOME`, `TMPDIR`, and `LANG=C.UTF-8`.
    Only(Vec<(String, OsString)>),
}

impl Program {
    /// A program in a folder, with this process's environment, on any processor.
    pub(crate) fn new(path: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Program {
        Program {
            path: path.into(),
            arguments: Vec::new(),
            folder: folder.into(),
            environment: Environment::Inherited,
            cores: Vec::new(),
            user: None,
            cgroup: None,
            view: View::default(),
        }
    }

    /// Appends arguments.
    pub(crate) fn arguments<S: Into<OsString>>(mut self, more: impl IntoIterator<Item = S>) -> Program {
        self.arguments.extend(more.into_iter().map(Into::into));
        self
    }

    /// Starts it in a process group of its own, with standard output and error in one bounded log.
    ///
    /// # Errors
    /// The operating system's reason: no such program, no permission, too many processes.
    pub(crate) fn start(&self, instance: LabInstance) -> io::Result<Supervised> {
        self.start_with(&[], instance)
    }

    /// The same, with further programs that belong to it: one tree, one log. When one of them does not start, none
    /// runs.
    ///
    /// # Errors
    /// The operating system's reason for the first that does not start.
    pub(crate) fn start_with(&self, beside: &[Program], instance: LabInstance) -> io::Result<Supervised> {
        if self.view.is_the_machines() {
            return self.start_here(beside, instance);
        }
        // One thread for all of them: it alone has the view, and they inherit it.
        thread::scope(|scope| {
            let start = || {
                self.view.enter()?;
                self.start_here(beside, instance)
            };
            scope.spawn(start).join().unwrap_or_else(|_| Err(panicked()))
        })
    }

    fn start_here(&self, beside: &[Program], instance: LabInstance) -> io::Result<Supervised> {
        let mark = instance.next_mark();
        let (reader, writer) = io::pipe()?;
        let inherited = Inheritance {
            mark: mark.clone(),
            cgroup: self.cgroup.clone(),
            log: inode(&writer),
        };
        let child = start_root(inherited, || self.spawn(&mark, writer.try_clone()?))?;
        let root = child.id() as i32;
        let (log, log_reader) = Log::follow(reader);
        let mut supervised = Supervised::new(child, log, log_reader);
        for program in beside {
            // After the first: a tree has no member that is older than its root.
            let child = start_beside(root, || program.spawn(&mark, writer.try_clone()?));
            supervised.add(child.map_err(|error| {
                let path = program.path.display();
                io::Error::new(
                    error.kind(),
                    format!("`{path}` beside it does not start: {error}"),
                )
            })?);
        }
        Ok(supervised)
    }

    fn spawn(&self, mark: &str, output: PipeWriter) -> io::Result<Child> {
        let mut command = self.command(mark);
        command
            .stdout(Stdio::from(output.try_clone()?))
            .stderr(Stdio::from(output));
        spawn_on(&self.cores, command)
    }

    fn command(&self, mark: &str) -> Command {
        let mut command = Command::new(&self.path);
        command
            .args(&self.arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .process_group(0);
        if matches!(self.environment, Environment::Only(_)) {
            command.env_clear().env("LANG", "C.UTF-8");
            for inherited in ["PATH", "HOME", "TMPDIR"] {
                if let Some(value) = std::env::var_os(inherited) {
                    command.env(inherited, value);
                }
            }
        }
        if let Environment::Only(variables) | Environment::InheritedWith(variables) = &self.environment {
            command.envs(variables.iter().map(|(name, value)| (name, value)));
        }
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command.env(MARK, mark);
        command
    }
}

/// The number by which the kernel identifies a pipe.
fn inode(pipe: &PipeWriter) -> Option<u64> {
    let copy = OwnedFd::from(pipe.try_clone().ok()?);
    File::from(copy).metadata().ok().map(|data| data.ino())
}

/// Starts `command` from a thread that is bound to `cores`. The thread owns the command, so that its ends of the pipes
/// close with it.
fn spawn_on(cores: &[usize], mut command: Command) -> io::Result<Child> {
    if cores.is_empty() {
        return command.spawn();
    }
    let cores = cores.to_vec();
    let spawner = thread::spawn(move || {
        pin_this_thread(&cores);
        command.spawn()
    });
    spawner.join().unwrap_or_else(|_| Err(panicked()))
}

fn panicked() -> io::Error {
    io::Error::other("the starting thread panicked")
}
