//! The statements that restore the rows of a launch's database before a load, while its contender keeps its sessions.

use postgres::{Client, Error};

/// What runs before each load; empty for a database without tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Restoring {
    /// Empties and fills the tables.
    pub(super) statements: String,
    /// Follows in a transaction of its own: no dead row is left, and the planner's statistics are those of the rows.
    pub(super) vacuum: String,
}

impl Restoring {
    pub(super) fn run(&self, client: &mut Client) -> Result<(), Error> {
        client.batch_execute(&self.statements)?;
        client.batch_execute(&self.vacuum)
    }
}
