//! An HTTP/1.1 load generator with an open loop, honest latencies and checked responses. It knows addresses, requests
//! and schedules, and nothing of contenders or verdicts.
//!
//! # Entry points
//!
//! [`run`] drives a [`Plan`] of [`RequestSpec`]s at a [`Target`] and returns a [`LoadReport`]. [`send_once`] and
//! [`send_single`] send one request. [`IdleConnections`], [`SlowClients`], [`WebSocketClient`] and [`WebSocketFleet`]
//! are clients for single purposes. [`scripted`] is a server with planted behaviour, against which all of this is
//! tested.
//!
//! # The way of a request
//!
//! | step | room | what happens |
//! |---|---|---|
//! | plan | `plan`, `request/spec`, `request/expect` | how much, how long, which requests, the expected responses |
//! | when | `pace` | request *n* has one intended instant: the rate's course, the seed and *n* decide it |
//! | what | `request` | kind, variables and bytes of request *n*, from the seed and *n* |
//! | send | `engine/worker`, `engine/pool`, `net` | a thread sends what is due on the longest idle connection |
//! | receive | `engine/connection`, `wire` | bytes become the head and the body of a response |
//! | check | `engine/response_sink`, `check` | every head and length, and a sample of the bodies |
//! | record | `engine/recorder`, `engine/occupancy`, `engine/interval` | counts, histograms, failures, intervals |
//! | report | `engine/summary`, `report`, `output` | totals, rates, whether the generator itself was the limit |
//!
//! # Rooms, from the ground up
//!
//! A room uses only rooms above it in this table; no two files use each other.
//!
//! | room | holds | does not |
//! |---|---|---|
//! | `error`, `failure`, `plan`, `report`, `histogram`, `seeded_rng` | types that all rooms share | act |
//! | `net` | sockets, TLS, epoll, timer, clock, cores, open files | know HTTP |
//! | `wire` | responses from bytes, single requests, the WebSocket handshake | touch sockets or judge content |
//! | `request` | specifications, templates, variables, mix, uploads, URLs | send |
//! | `check` | heads, bodies, JSON, problem documents, streams, events | read sockets |
//! | `websocket` | an open WebSocket, its opening, one exchange | hold many |
//! | `pace` | schedule and intended instants | look at a clock |
//! | `engine` | threads, connections, records, the summary | print |
//! | `clients` | blocking connections, idle and slow ones, the WebSocket fleet | follow a plan |
//! | `output` | text, JSON and HdrHistogram's log of a report | print or write files |
//! | `scripted` | the server with planted behaviour | serve anyone in production |
//!
//! # Invariants
//!
//! * Nothing that a server does moves an intended instant: `pace` sees no response
//!   (`the_threads_share_one_sequence`).
//! * Every planned request is correct, one failure of one kind, or shed, and the requests in flight, which are counted
//!   apart from the histograms, obey Little's law (`setting::drive` in `tests/load` asserts both for every load of the
//!   tests).
//! * A request of a load allocates nothing once the buffers have grown (`tests/allocation.rs`), and a stream is
//!   never held in memory (`tests/streams.rs`).
//! * The reader of responses comes to the same end however the bytes are cut (`tests/load/wire.rs`, and the fuzz target
//!   `response`).
//! * Only `net` has `unsafe` code, in one place: `net/open_files.rs`.

mod check;
mod clients;
mod engine;
mod error;
mod failure;
pub mod histogram;
mod net;
pub mod output;
mod pace;
mod plan;
mod report;
mod request;
pub mod scripted;
mod seeded_rng;
mod websocket;
pub mod wire;

pub use check::body::check_message;
pub use check::response::{Response, check_response};
pub use check::stream::StreamedBody;
pub use clients::fleet::{Broadcast, WebSocketFleet};
pub use clients::idle::IdleConnections;
pub use clients::once::{Payload, SingleRequest, send_once, send_single};
pub use clients::reach::{Unreachable, reach};
pub use clients::slow::{SlowClients, SlowReport};
pub use clients::websocket_client::{WebSocketClient, WebSocketMessage};
pub use engine::drive::{Watcher, run, run_watched};
pub use error::LoadError;
pub use failure::{Failure, FailureCause, FailureKind};
pub use hdrhistogram::Histogram;
pub use net::target::{Identity, Target, Tls, Trust};
pub use net::tls_problem::TlsProblem;
pub use plan::{Arrivals, Departures, Keep, Plan, Spacing, Stage};
pub use report::{LabelReport, LoadReport, RequestRecord, Saturation, Second, Tick};
pub use request::compiled::bindings;
pub use request::expect::{BodyRule, EventsRule, Expect};
pub use request::pattern::pattern_byte;
pub use request::schema::Schema;
pub use request::spec::{Body, Coding, RequestSpec, Variable};
pub use request::template::render;
pub use request::url;
