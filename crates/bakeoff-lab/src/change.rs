//! Standard changes: what it costs to add a feature to a contender. The lab applies the contender's patch to a copy of
//! it, starts the copy, and checks the change's cases and those of the contract. It does not judge the patch.

mod apply;
mod check;
mod kept;
mod outcome;
mod patches;
mod size;
mod subject;
mod tokens;

pub use kept::{known as known_changes, unknown as unknown_changes};
pub use outcome::{ChangeOutcome, ChangeSize, ChangeState};
pub use patches::Patches;
pub use subject::ChangeSubject;
