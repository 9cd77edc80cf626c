//! The client of one kind: it draws, composes requests with the right host and token, and sends each on a connection of
//! its own unless the kind is about the connection. It judges only what several kinds judge alike.

use super::answer::Answer;
use super::connection::Connection;
use super::draw::Draw;
use super::request::Request;
use super::service::{Resource, Route, Service, item};
use super::unmet::{Asked, Broken, Unmet};
use bakeoff_load::Target;
use std::time::Duration;

/// Sends the requests of one kind.
#[derive(Debug)]
pub(super) struct Client<'c> {
    /// The kind's draws.
    pub(super) draw: Draw,
    service: &'c Service<'c>,
    target: &'c Target,
    /// The longest wait for one response.
    wait: Duration,
}

impl<'c> Client<'c> {
    pub(super) fn new(
        service: &'c Service<'c>,
        target: &'c Target,
        draw: Draw,
        wait: Duration,
    ) -> Client<'c> {
        Client {
            draw,
            service,
            target,
            wait,
        }
    }

    /// Any path of the contract.
    pub(super) fn route(&mut self) -> Route<'c> {
        self.service.route(&mut self.draw)
    }

    /// Any resource with known content.
    pub(super) fn resource(&mut self) -> Resource {
        self.service.resource(&mut self.draw)
    }

    /// One item.
    pub(super) fn item(&mut self) -> Resource {
        item(&mut self.draw)
    }

    /// A number for a computing request that takes no noticeable time.
    pub(super) fn size(&mut self) -> usize {
        self.draw.number(2..=300)
    }

    /// The body of a computing request.
    pub(super) fn computing(size: usize) -> Vec<u8> {
        format!("{{\"n\": {size}}}").into_bytes()
    }

    /// A new item as JSON; `name` is the text between the quotes of its name, escapes included.
    pub(super) fn new_item(&mut self, name: &[u8]) -> Vec<u8> {
        let category = self.service.category(&mut self.draw);
        let price = self.draw.number(1..=99_999);
        let before = format!("{{\"category\": \"{category}\", \"price_cents\": {price}, \"name\": \"");
        [before.as_bytes(), name, b"\"}"].concat()
    }

    /// The value of `Host`.
    pub(super) fn host(&self) -> &'c str {
        &self.target.host
    }

    /// The value of `Authorization`: a valid token.
    pub(super) fn credentials(&self) -> &'c str {
        let headers = self.target.headers.iter();
        let mut credentials = headers.filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        credentials.next().map_or("", |(_, value)| value.as_str())
    }

    /// A request with the host and no token.
    pub(super) fn without_token(&self, method: &str, path: &str) -> Request {
        Request::new(method, path).header("Host", self.host())
    }

    /// A request with the host and a valid token.
    pub(super) fn request(&self, method: &str, path: &str) -> Request {
        self.without_token(method, path)
            .header("Authorization", self.credentials())
    }

    /// A `GET` with the host and a valid token.
    pub(super) fn get(&self, path: &str) -> Request {
        self.request("GET", path)
    }

    /// A `POST` of JSON to `path`, without a declared length.
    pub(super) fn post(&self, path: &str) -> Request {
        self.request("POST", path)
            .header("Content-Type", "application/json")
    }

    /// A new connection.
    pub(super) fn open(&self) -> Result<Connection, Broken> {
        Connection::open(self.target.address, self.wait)
    }

    /// Sends a request on a connection of its own.
    ///
    /// # Errors
    /// Why no response came.
    pub(super) fn send(&self, request: &Request) -> Result<Answer, Broken> {
        self.open()?.exchange(request)
    }

    /// That the response to a request on a connection of its own has one of these statuses.
    ///
    /// # Errors
    /// What came instead.
    pub(super) fn expect(&self, request: &Request, statuses: &[u16]) -> Asked {
        self.send(request)?.among(statuses)
    }

    /// That the connection is still in step: the response to a further request is the right one, or the server has
    /// closed the connection.
    ///
    /// # Errors
    /// What came instead.
    pub(super) fn is_in_step(&mut self, connection: &mut Connection) -> Asked {
        let item = self.item();
        match connection.exchange(&self.get(&item.path)) {
            Err(Broken::Closed) => Ok(()),
            Err(broken) => Err(Unmet::from(broken).after("then")),
            Ok(answer) => item.is_in(&answer).map_err(|unmet| unmet.after("then")),
        }
    }

    /// That the server has closed the connection.
    ///
    /// # Errors
    /// What came before, and that the connection is open.
    pub(super) fn is_closed(&mut self, connection: &mut Connection, answer: &Answer) -> Asked {
        let item = self.item();
        if connection.is_closed_to(&self.get(&item.path)) {
            Ok(())
        } else {
            Err(Unmet::Wrong(format!("{}, and not closed", answer.status)))
        }
    }

    /// That the server still serves.
    ///
    /// # Errors
    /// What came instead.
    pub(super) fn is_healthy(&self) -> Asked {
        let request = self.without_token("GET", "/health");
        self.expect(&request, &[200])
            .map_err(|unmet| unmet.after("`GET /health` afterwards:"))
    }
}

/// That the response is the result of the computing request of this size.
///
/// # Errors
/// What came instead.
pub(super) fn is_computed(answer: &Answer, size: usize) -> Asked {
    answer.among(&[200])?;
    if answer.json()["n"].as_f64() == Some(size as f64) {
        Ok(())
    } else {
        Err(Unmet::wrong("200 with another content"))
    }
}
