//! What the database did for a load by its own count, beside what the correct responses need. Has no threshold: the lab
//! compares the two.

use crate::scenario::Work;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What PostgreSQL counted while a load ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseCount {
    /// Correct responses that needed the database.
    pub answers: u64,
    /// What they need at least.
    pub needed: Work,
    /// What PostgreSQL counted.
    pub counted: Work,
    /// How exactly it counts.
    pub precision: Precision,
    /// All statements of the load, those on no table of the contract included; none where it cannot count them.
    #[serde(default)]
    pub all: Option<Statements>,
}

/// Statements that PostgreSQL ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statements {
    /// All of them.
    pub total: u64,
    /// Those of them that begin and end transactions, or set and release savepoints.
    pub transaction_control: u64,
}

impl Statements {
    /// The increase since `before`.
    #[must_use]
    pub fn since(self, before: Statements) -> Statements {
        Statements {
            total: self.total.saturating_sub(before.total),
            transaction_control: self
                .transaction_control
                .saturating_sub(before.transaction_control),
        }
    }
}

/// How exactly PostgreSQL counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// Every statement when it ends (`pg_stat_statements`).
    Exact,
    /// Scans and rows of the tables, told up to a second later (`pg_stat_user_tables`).
    Delayed,
}

impl fmt::Display for DatabaseCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DatabaseCount {
            answers,
            needed,
            counted,
            ..
        } = self;
        write!(
            f,
            "PostgreSQL counted {} statements and {} rows, where {answers} correct answers need {} and {}",
            counted.statements, counted.rows, needed.statements, needed.rows
        )
    }
}
