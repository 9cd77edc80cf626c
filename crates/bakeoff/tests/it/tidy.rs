//! The rules of the house that no lint knows, one file each idea. ARCHITECTURE.md names these tests beside its
//! invariants. Each rule has a test of its own that plants what it must find.

mod circles;
mod contenders;
mod documents;
mod modules;
mod names;
mod prose;
mod rooms;
mod shape;
mod steering;
mod tree;
