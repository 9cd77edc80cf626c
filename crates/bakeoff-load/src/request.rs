//! Requests: what is sent and what the response must be, as data; and the bytes of request *n*, a pure function of the
//! seed and of *n*. Nothing is sent here; responses are checked in [`crate::check`].

pub(crate) mod compiled;
pub(crate) mod expect;
pub(crate) mod mix;
pub(crate) mod pattern;
pub(crate) mod schema;
pub(crate) mod spec;
pub(crate) mod template;
pub(crate) mod upload;
pub mod url;
pub(crate) mod variables;
