//! A request as its bytes, so that a kind can also send what no HTTP library would. Nothing is added or corrected.

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Request {
    method: String,
    /// The request line and the header lines, each with its end.
    head: Vec<u8>,
    body: Vec<u8>,
}

impl Request {
    /// An HTTP/1.1 request without any header.
    pub(super) fn new(method: &str, target: &str) -> Request {
        Request::of_version(method, target, "HTTP/1.1")
    }

    /// The same in another version.
    pub(super) fn of_version(method: &str, target: &str, version: &str) -> Request {
        Request {
            method: method.to_owned(),
            head: format!("{method} {target} {version}\r\n").into_bytes(),
            body: Vec::new(),
        }
    }

    /// With a header.
    pub(super) fn header(self, name: &str, value: &str) -> Request {
        self.line(&format!("{name}: {value}"))
    }

    /// With a line of the head as it stands.
    pub(super) fn line(mut self, line: &str) -> Request {
        self.head.extend_from_slice(line.as_bytes());
        self.head.extend_from_slice(b"\r\n");
        self
    }

    /// With bytes after the head, which no header declares.
    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Request {
        self.body = body.into();
        self
    }

    /// With a body and its length.
    pub(super) fn sized(self, body: impl Into<Vec<u8>>) -> Request {
        let body = body.into();
        self.header("Content-Length", &body.len().to_string()).body(body)
    }

    /// Its method, which the reader of the response needs.
    pub(super) fn method(&self) -> &str {
        &self.method
    }

    /// The head with its end.
    pub(super) fn head_bytes(&self) -> Vec<u8> {
        [&self.head[..], b"\r\n"].concat()
    }

    /// The bytes after the head.
    pub(super) fn body_bytes(&self) -> &[u8] {
        &self.body
    }

    /// All of it.
    pub(super) fn bytes(&self) -> Vec<u8> {
        [&self.head[..], b"\r\n", &self.body].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::Request;

    #[test]
    fn a_request_is_its_lines_and_its_body() {
        let request = Request::new("POST", "/a?b=1").header("Host", "h").sized("{}");
        let text = String::from_utf8(request.bytes()).unwrap();
        assert_eq!(
            text,
            "POST /a?b=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"
        );
        let old = Request::of_version("GET", "/", "HTTP/1.0").line("no header");
        assert_eq!(old.head_bytes(), b"GET / HTTP/1.0\r\nno header\r\n\r\n");
        assert_eq!((old.method(), old.body_bytes()), ("GET", &b""[..]));
    }
}
