//! The generator's side of the operating system: the target's address, non-blocking sockets with or without TLS, epoll
//! and its timer, the clock, and what a thread is allowed (cores, open files). Bytes and instants only; HTTP is in
//! [`crate::wire`].

pub(crate) mod clock;
pub(crate) mod cores;
pub(crate) mod open_files;
pub(crate) mod poller;
pub(crate) mod stream;
pub(crate) mod target;
pub(crate) mod timer;
pub(crate) mod tls;
pub(crate) mod tls_problem;
