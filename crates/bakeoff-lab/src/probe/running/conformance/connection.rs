//! A connection that sends any bytes and reads one response after the other, each within a deadline. It does not judge.

use super::answer::Answer;
use super::request::Request;
use super::unmet::Broken;
use bakeoff_load::wire::{Malformed, ResponseReader};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// An open connection.
#[derive(Debug)]
pub(super) struct Connection {
    socket: TcpStream,
    /// Bytes that no response has used yet.
    unread: Vec<u8>,
    /// The longest wait for one response.
    wait: Duration,
}

impl Connection {
    pub(super) fn open(address: SocketAddr, wait: Duration) -> Result<Connection, Broken> {
        let open = || {
            let socket = TcpStream::connect_timeout(&address, wait)?;
            socket.set_nodelay(true)?;
            socket.set_write_timeout(Some(wait))?;
            Ok(socket)
        };
        let socket = open().map_err(|error: std::io::Error| Broken::Unreachable(error.to_string()))?;
        Ok(Connection {
            socket,
            unread: Vec::new(),
            wait,
        })
    }

    /// Sends bytes. A server may refuse a request and close before it has read all of it, so an error of sending is
    /// none; the response decides.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        let _ = self.socket.write_all(bytes);
    }

    /// Sends a request and reads its response.
    pub(super) fn exchange(&mut self, request: &Request) -> Result<Answer, Broken> {
        self.write(&request.bytes());
        self.read(request.method())
    }

    /// Reads the next final response, the one to a request with this method.
    pub(super) fn read(&mut self, method: &str) -> Result<Answer, Broken> {
        let until = Instant::now() + self.wait;
        let mut reader = ResponseReader::default();
        reader.begin(method);
        let mut answer = Answer::default();
        loop {
            if !self.unread.is_empty() {
                let taken = reader
                    .read(&self.unread, &mut answer)
                    .map_err(Broken::Malformed)?;
                self.unread.drain(..taken);
            }
            if reader.is_done() {
                break;
            }
            if !self.receive(until)? {
                let ended = reader.end();
                ended.map_err(|malformed| match malformed {
                    Malformed::Truncated(_) if !reader.has_begun() => Broken::Closed,
                    malformed => Broken::Malformed(malformed),
                })?;
                break;
            }
        }
        answer.keeps_alive = reader.keeps_alive();
        Ok(answer)
    }

    /// Whether the server sends `100 Continue`; `false` when its final response has begun.
    pub(super) fn is_continued(&mut self) -> Result<bool, Broken> {
        let until = Instant::now() + self.wait;
        loop {
            if let Some(end) = self.unread.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let continues = self.unread.starts_with(b"HTTP/1.1 100");
                if continues {
                    self.unread.drain(..end + 4);
                }
                return Ok(continues);
            }
            if !self.receive(until)? {
                return Err(Broken::Closed);
            }
        }
    }

    /// Whether the server has closed the connection: a further request on it gets no response. That is quicker than
    /// waiting, and finds out as much.
    pub(super) fn is_closed_to(&mut self, further: &Request) -> bool {
        matches!(self.exchange(further), Err(Broken::Closed))
    }

    /// Waits for bytes; `false` when the connection has ended.
    fn receive(&mut self, until: Instant) -> Result<bool, Broken> {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Broken::Late(self.wait));
        }
        let mut buffer = [0; 16 * 1024];
        let received = self
            .socket
            .set_read_timeout(Some(left))
            .and_then(|()| self.socket.read(&mut buffer));
        match received {
            Ok(0) => Ok(false),
            Ok(length) => {
                self.unread.extend_from_slice(&buffer[..length]);
                Ok(true)
            }
            Err(error) => match error.kind() {
                ErrorKind::Interrupted => Ok(true),
                ErrorKind::WouldBlock | ErrorKind::TimedOut => Err(Broken::Late(self.wait)),
                // A reset is a way of closing, and the usual one with bytes of the request unread.
                _ => Ok(false),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Broken, Connection};
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;
    use std::time::Duration;

    /// A connection on which these bytes come, and then the end.
    fn receiving(bytes: &'static str) -> Connection {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            // Closing with unread bytes would be a reset.
            let _ = socket.read(&mut [0; 16]);
            let _ = socket.write_all(bytes.as_bytes());
        });
        let mut connection = Connection::open(address, Duration::from_secs(2)).unwrap();
        connection.write(b"?");
        connection
    }

    #[test]
    fn a_response_ends_where_its_framing_says() {
        let cases = [
            (
                "GET",
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
                "ok",
                true,
            ),
            (
                "GET",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
                "ok",
                true,
            ),
            (
                "GET",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\no\r\n1;x=y\r\nk\r\n0\r\nz: 1\r\n\r\n",
                "ok",
                true,
            ),
            ("GET", "HTTP/1.0 200 OK\r\n\r\nok", "ok", false),
            (
                "GET",
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
                "",
                false,
            ),
            ("HEAD", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n", "", true),
        ];
        for (method, bytes, body, keeps_alive) in cases {
            let answer = receiving(bytes).read(method).unwrap();
            let text = String::from_utf8(answer.body).unwrap();
            assert_eq!((answer.status, text.as_str()), (200, body), "{bytes}");
            assert_eq!(answer.keeps_alive, keeps_alive, "{bytes}");
        }
    }

    #[test]
    fn what_is_no_response_is_told_apart_from_none() {
        assert_eq!(receiving("").read("GET").unwrap_err(), Broken::Closed);
        for bytes in [
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok",
            "HTTP/1.1 200 OK\r\ncontent-le",
            "220 ready\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n",
        ] {
            let broken = receiving(bytes).read("GET").unwrap_err();
            assert!(matches!(broken, Broken::Malformed(_)), "{bytes}: {broken:?}");
        }
    }

    #[test]
    fn responses_come_one_after_the_other() {
        let two =
            "HTTP/1.1 404 No\r\ncontent-length: 2\r\n\r\nnoHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        let mut connection = receiving(two);
        assert_eq!(connection.read("GET").unwrap().status, 404);
        assert_eq!(connection.read("GET").unwrap().status, 200);
        assert_eq!(connection.read("GET").unwrap_err(), Broken::Closed);
        let mut continued =
            receiving("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        assert_eq!(continued.is_continued(), Ok(true));
        assert_eq!(continued.read("POST").unwrap().status, 200);
        let final_one = "HTTP/1.1 417 No\r\ncontent-length: 0\r\n\r\n";
        assert_eq!(receiving(final_one).is_continued(), Ok(false));
    }
}
