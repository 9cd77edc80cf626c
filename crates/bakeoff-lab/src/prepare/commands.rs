//! An install by the manifest's own commands, for stacks whose tool the lab does not know.

use super::install::Installer;
use crate::runtime::on_path;
use bakeoff_core::evidence::Fault;
use std::path::PathBuf;

/// Runs the commands one after the other; none is an install that needs nothing.
pub(super) fn install(installer: &Installer<'_>, commands: &[Vec<String>]) -> Result<(), Fault> {
    for command in commands {
        let Some((program, arguments)) = command.split_first() else {
            continue;
        };
        let runtime = program == &format!("{{{}}}", installer.runtime.name);
        let program = if runtime {
            installer.runtime.program.clone()
        } else {
            on_path(program).unwrap_or_else(|| PathBuf::from(program))
        };
        installer.run(&command.join(" "), &program, arguments)?;
    }
    Ok(())
}
