//! The scripted server itself: it accepts connections, reads requests, and does to each what the script returns. One
//! thread a connection, because a thread that sleeps is the simplest delay; what the steps are is in
//! [`crate::scripted::Step`].

use crate::request::pattern::pattern_piece;
use crate::scripted::reaction::{Reaction, Step};
use crate::scripted::received::{ReadOutcome, ReceivedRequest, Requests};
use crate::scripted::room::{self, Room};
use rustix::net::sockopt::set_socket_linger;
use rustix::thread::set_current_timer_slack;
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::num::NonZeroU64;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A running scripted server; dropping it stops it and closes its connections.
#[derive(Debug)]
pub struct ScriptedServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

/// The state that all connections of a server share.
struct Shared {
    script: Box<dyn Fn(&ReceivedRequest) -> Reaction + Send + Sync>,
    start: Instant,
    requests: AtomicU64,
    connections: AtomicU64,
    stop: AtomicBool,
    room: Room,
}

/// A waiting connection notices a stop within this time.
const STOP_POLL: Duration = Duration::from_millis(20);

impl ScriptedServer {
    /// Starts a server on a free port of the loopback interface; `script` decides what it does to each request.
    ///
    /// # Errors
    /// The operating system gives no port or no thread.
    pub fn start(script: impl Fn(&ReceivedRequest) -> Reaction + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            script: Box::new(script),
            start: Instant::now(),
            requests: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            room: Room::default(),
        });
        let acceptor = std::thread::Builder::new().name("scripted".to_owned()).spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        })?;
        Ok(Self {
            address,
            shared,
            acceptor: Some(acceptor),
        })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The number of requests that it has read.
    pub fn requests(&self) -> u64 {
        self.shared.requests.load(Ordering::Relaxed)
    }

    /// The number of connections that it has accepted.
    pub fn connections(&self) -> u64 {
        self.shared.connections.load(Ordering::Relaxed)
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        // A blocking `accept` returns only for a connection, so we make one; the acceptor then sees the stop.
        drop(TcpStream::connect(self.address));
        if let Some(acceptor) = self.acceptor.take() {
            drop(acceptor.join());
        }
    }
}

impl Shared {
    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Sleeps until an instant, or until the server is stopped.
    fn pause_until(&self, due: Instant) {
        while !self.is_stopped() {
            match due.checked_duration_since(Instant::now()) {
                Some(left) if !left.is_zero() => std::thread::sleep(left.min(STOP_POLL)),
                _ => return,
            }
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("requests", &self.requests)
            .finish_non_exhaustive()
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    let mut served = Vec::new();
    for stream in listener.incoming() {
        if shared.is_stopped() {
            break;
        }
        let Ok(stream) = stream else { continue };
        let connection = shared.connections.fetch_add(1, Ordering::Relaxed);
        let shared = Arc::clone(shared);
        // A connection that ends in an error has done what the script or the client wanted.
        served.push(std::thread::spawn(move || {
            drop(serve(stream, connection, &shared));
        }));
    }
    for connection in served {
        drop(connection.join());
    }
}

/// Serves one connection until the script or the client ends it.
fn serve(mut stream: TcpStream, connection: u64, shared: &Shared) -> io::Result<()> {
    // By default the kernel may wake a sleeper 50 µs late; a planted delay must be as exact as possible.
    set_current_timer_slack(NonZeroU64::new(1))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(STOP_POLL))?;
    let mut requests = Requests::default();
    while !shared.is_stopped() {
        let mut request = match requests.next(&mut stream)? {
            ReadOutcome::Request(request) => request,
            ReadOutcome::Nothing => continue,
            ReadOutcome::End => break,
        };
        // Delays count from here and from each other, not from when a sleep returned, so that lateness never adds up.
        let mut due = Instant::now();
        request.n = shared.requests.fetch_add(1, Ordering::Relaxed);
        request.connection = connection;
        request.at = due.duration_since(shared.start);
        for step in (shared.script)(&request).steps {
            match step {
                Step::Wait(span) => {
                    due += span;
                    shared.pause_until(due);
                }
                Step::Send(bytes) => stream.write_all(&bytes)?,
                Step::Pattern(bytes) => send_pattern(&mut stream, bytes, shared)?,
                Step::Drip { bytes, every } => {
                    for byte in bytes {
                        stream.write_all(&[byte])?;
                        due += every;
                        shared.pause_until(due);
                    }
                }
                Step::WebSocket(grant) => {
                    shared.room.enter(connection, &stream, &grant)?;
                    let unread = requests.take_unread();
                    return room::serve(&mut stream, connection, unread, &shared.room, || {
                        shared.is_stopped()
                    });
                }
                Step::Ignore => return ignore(&mut stream, shared),
                Step::HalfClose => stream.shutdown(Shutdown::Write)?,
                Step::Close => return stream.shutdown(Shutdown::Both),
                // A socket that must not linger is closed by a reset instead of a FIN.
                Step::Reset => return Ok(set_socket_linger(&stream, Some(Duration::ZERO))?),
            }
        }
    }
    Ok(())
}

fn send_pattern(stream: &mut TcpStream, bytes: u64, shared: &Shared) -> io::Result<()> {
    let mut at = 0;
    while at < bytes && !shared.is_stopped() {
        let piece = pattern_piece(at, bytes - at);
        stream.write_all(piece)?;
        at += piece.len() as u64;
    }
    Ok(())
}

fn ignore(stream: &mut TcpStream, shared: &Shared) -> io::Result<()> {
    let mut piece = [0; 16 * 1024];
    while !shared.is_stopped() {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Err(error) if !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return Err(error);
            }
            _ => {}
        }
    }
    Ok(())
}
