//! A server whose behaviour is planted exactly: what a load reports about it can be compared with what is known. It
//! delays, stalls, resets, drips and lies as its script says. For proving instruments; it is no fast server.

mod act;
mod asked;
mod talk;

pub use act::{Act, Step};
pub use asked::Asked;

use crate::body::pattern_window;
use asked::{Heard, Requests};
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
use talk::Room;

/// A running puppet; dropping it stops it and ends its connections.
#[derive(Debug)]
pub struct Puppet {
    address: SocketAddr,
    stage: Arc<Stage>,
    door: Option<JoinHandle<()>>,
}

/// What all connections of a puppet share.
struct Stage {
    script: Box<dyn Fn(&Asked) -> Act + Send + Sync>,
    start: Instant,
    asked: AtomicU64,
    accepted: AtomicU64,
    stop: AtomicBool,
    room: Room,
}

/// How often a waiting connection looks whether the puppet has been stopped.
const STOP_SEEN_WITHIN: Duration = Duration::from_millis(20);

impl Puppet {
    /// Starts a puppet on a free port of the loopback interface; `script` says what it does to each request.
    ///
    /// # Errors
    /// The operating system gives no port or no thread.
    pub fn start(script: impl Fn(&Asked) -> Act + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let stage = Arc::new(Stage {
            script: Box::new(script),
            start: Instant::now(),
            asked: AtomicU64::new(0),
            accepted: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            room: Room::default(),
        });
        let shared = Arc::clone(&stage);
        let door = std::thread::Builder::new().name("puppet".to_owned());
        let door = door.spawn(move || accept(&listener, &shared))?;
        Ok(Self {
            address,
            stage,
            door: Some(door),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Requests that it has read.
    pub fn asked(&self) -> u64 {
        self.stage.asked.load(Ordering::Relaxed)
    }

    /// Connections that it has accepted.
    pub fn accepted(&self) -> u64 {
        self.stage.accepted.load(Ordering::Relaxed)
    }
}

impl Drop for Puppet {
    fn drop(&mut self) {
        self.stage.stop.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees the stop.
        drop(TcpStream::connect(self.address));
        if let Some(door) = self.door.take() {
            drop(door.join());
        }
    }
}

impl Stage {
    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Sleeps until an instant, or until the puppet is stopped.
    fn pause_until(&self, due: Instant) {
        while !self.is_stopped() {
            match due.checked_duration_since(Instant::now()) {
                Some(left) if !left.is_zero() => std::thread::sleep(left.min(STOP_SEEN_WITHIN)),
                _ => return,
            }
        }
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage")
            .field("asked", &self.asked)
            .finish_non_exhaustive()
    }
}

fn accept(listener: &TcpListener, stage: &Arc<Stage>) {
    let mut played = Vec::new();
    for stream in listener.incoming() {
        if stage.is_stopped() {
            break;
        }
        let Ok(stream) = stream else { continue };
        let connection = stage.accepted.fetch_add(1, Ordering::Relaxed);
        let stage = Arc::clone(stage);
        // A connection that ends in an error has done what the script or the client wanted.
        played.push(std::thread::spawn(move || drop(play(stream, connection, &stage))));
    }
    for connection in played {
        drop(connection.join());
    }
}

/// Plays the script to one connection until one of them ends it.
fn play(mut stream: TcpStream, connection: u64, stage: &Stage) -> io::Result<()> {
    set_current_timer_slack(NonZeroU64::new(1))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(STOP_SEEN_WITHIN))?;
    let mut requests = Requests::default();
    while !stage.is_stopped() {
        let mut asked = match requests.next(&mut stream)? {
            Heard::Request(asked) => asked,
            Heard::Nothing => continue,
            Heard::End => break,
        };
        let mut due = Instant::now();
        asked.n = stage.asked.fetch_add(1, Ordering::Relaxed);
        asked.connection = connection;
        asked.at = due.duration_since(stage.start);
        for step in (stage.script)(&asked).steps {
            match step {
                Step::Wait(span) => {
                    due += span;
                    stage.pause_until(due);
                }
                Step::Send(bytes) => stream.write_all(&bytes)?,
                Step::Pattern(bytes) => {
                    let mut at = 0;
                    while at < bytes && !stage.is_stopped() {
                        let window = pattern_window(at, bytes - at);
                        stream.write_all(window)?;
                        at += window.len() as u64;
                    }
                }
                Step::Drip { bytes, every } => {
                    for byte in bytes {
                        stream.write_all(&[byte])?;
                        due += every;
                        stage.pause_until(due);
                    }
                }
                Step::Talk(grant) => {
                    stage.room.enter(connection, &stream, &grant)?;
                    return talk::talk(&mut stream, connection, requests.take_unread(), stage);
                }
                Step::Ignore => return ignore(&mut stream, stage),
                Step::HalfClose => stream.shutdown(Shutdown::Write)?,
                Step::Close => return stream.shutdown(Shutdown::Both),
                // Closing with unsent data forbidden to linger is what sends a reset.
                Step::Reset => return Ok(set_socket_linger(&stream, Some(Duration::ZERO))?),
            }
        }
    }
    Ok(())
}

fn ignore(stream: &mut TcpStream, stage: &Stage) -> io::Result<()> {
    let mut piece = [0; 16 * 1024];
    while !stage.is_stopped() {
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
