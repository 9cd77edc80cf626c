//! Clients that are slow on purpose: each sends a valid request one byte at a time, as "slowloris" does [R. Hansen, 2009], and
//! keeps a connection of the server for as long as it lets it. Nothing is timed.

use crate::error::LoadError;
use crate::limits::allow_open_files;
use crate::target::Target;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Connections that drip, from a thread of their own; dropping it ends them.
#[derive(Debug)]
pub struct SlowClients {
    wanted: usize,
    closed: Arc<AtomicUsize>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What became of slow clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlowReport {
    /// Connections that were opened.
    pub opened: usize,
    /// Those that the server has closed or answered before it had a whole request, as a server with a limit of time does.
    pub closed: usize,
}

impl SlowClients {
    /// Opens `n` connections and begins to drip on each, one byte every `interval` (the usual choice is a second). The request
    /// is about a thousand bytes long and is never finished within a quarter of an hour at that pace.
    ///
    /// # Errors
    /// A connection cannot be opened, or there is no thread.
    pub fn start(target: &Target, n: usize, interval: Duration) -> Result<Self, LoadError> {
        const PATIENCE: Duration = Duration::from_secs(5);
        allow_open_files(n)?;
        let mut open = Vec::with_capacity(n);
        while open.len() < n {
            let socket = TcpStream::connect_timeout(&target.address, PATIENCE)
                .and_then(|socket| socket.set_nodelay(true).map(|()| socket))
                .and_then(|socket| socket.set_nonblocking(true).map(|()| socket));
            let socket = socket.map_err(|error| LoadError::Idle {
                opened: open.len(),
                wanted: n,
                reason: error.to_string(),
            })?;
            open.push(Dripping { socket, at: 0 });
        }
        let closed = Arc::new(AtomicUsize::new(0));
        let (stop, stopped) = channel();
        let (request, counter) = (request(target), Arc::clone(&closed));
        let thread = std::thread::Builder::new().name("slow-clients".to_owned());
        let thread = thread.spawn(move || drip(open, &request, interval, &counter, &stopped));
        Ok(Self {
            wanted: n,
            closed,
            stop: Some(stop),
            thread: Some(thread.map_err(LoadError::system("starting a thread"))?),
        })
    }

    /// How many the server has closed so far.
    pub fn closed(&self) -> usize {
        self.closed.load(Ordering::Relaxed)
    }

    /// Ends them and says what became of them.
    pub fn finish(mut self) -> SlowReport {
        self.end();
        SlowReport {
            opened: self.wanted,
            closed: self.closed(),
        }
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Drop for SlowClients {
    fn drop(&mut self) {
        self.end();
    }
}

/// One connection, and how many bytes of its request it has sent.
struct Dripping {
    socket: TcpStream,
    at: usize,
}

/// A valid request whose head takes long.
fn request(target: &Target) -> Vec<u8> {
    let patience = "x".repeat(1000);
    format!(
        "GET / HTTP/1.1\r\nhost: {}\r\naccept: */*\r\nx-padding: {patience}\r\n\r\n",
        target.host
    )
    .into_bytes()
}

/// Drips until all connections have been closed or the other end of `stopped` is dropped.
fn drip(
    mut open: Vec<Dripping>,
    request: &[u8],
    interval: Duration,
    closed: &AtomicUsize,
    stopped: &Receiver<()>,
) {
    let mut due = Instant::now();
    while !open.is_empty() {
        let before = open.len();
        open.retain_mut(|connection| connection.drips(request));
        closed.fetch_add(before - open.len(), Ordering::Relaxed);
        due += interval;
        match stopped.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

impl Dripping {
    /// Sends one byte more; false when the server has closed the connection, or answered.
    fn drips(&mut self, request: &[u8]) -> bool {
        let is_open = match self.socket.read(&mut [0; 512]) {
            Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted),
            Ok(_) => false,
        };
        if !is_open {
            return false;
        }
        // The last byte is never sent, so that what the server says was said without a whole request.
        if self.at == request.len() - 1 {
            return true;
        }
        let byte = &request[self.at..=self.at];
        match self.socket.write(byte) {
            Ok(written) => {
                self.at += written;
                true
            }
            Err(error) => matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted),
        }
    }
}
