//! Connections that stay open and idle, so that the memory a connection costs a server can be read meanwhile. Reading
//! it is not done here.

use crate::check::head::check_status;
use crate::clients::blocking::BlockingConnection;
use crate::error::LoadError;
use crate::net::open_files::allow_open_files;
use crate::net::target::Target;
use crate::request::compiled::bindings;
use crate::request::spec::{Body, RequestSpec};
use crate::request::template::render;
use crate::wire::request::request_bytes;
use std::time::{Duration, Instant};

/// Idle keep-alive connections; dropping them closes them.
#[derive(Debug)]
pub struct IdleConnections {
    open: Vec<BlockingConnection>,
}

impl IdleConnections {
    /// Opens `n` connections; each sends one request, reads its response, and is then idle.
    ///
    /// # Errors
    /// A connection could not be opened, or its request failed or got an unexpected status; the first such ends the
    /// opening.
    pub fn open(target: &Target, request: &RequestSpec, n: usize) -> Result<Self, LoadError> {
        const PATIENCE: Duration = Duration::from_secs(10);
        allow_open_files(n)?;
        let mut idle = Self {
            open: Vec::with_capacity(n),
        };
        while idle.open.len() < n {
            idle.open_one(target, request, n, PATIENCE)?;
        }
        Ok(idle)
    }

    /// Opens up to `n` connections until `deadline`, each as by [`IdleConnections::open`]; with them comes the error
    /// of the first that failed, if one did.
    pub fn open_until(
        target: &Target,
        request: &RequestSpec,
        n: usize,
        deadline: Instant,
    ) -> (Self, Option<LoadError>) {
        let mut idle = Self { open: Vec::new() };
        if let Err(error) = allow_open_files(n) {
            return (idle, Some(error));
        }
        while idle.open.len() < n {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            if let Err(error) = idle.open_one(target, request, n, left) {
                return (idle, Some(error));
            }
        }
        (idle, None)
    }

    fn open_one(
        &mut self,
        target: &Target,
        request: &RequestSpec,
        n: usize,
        patience: Duration,
    ) -> Result<(), LoadError> {
        let opened = self.open.len();
        let broken = |reason: String| LoadError::Connections {
            opened,
            wanted: n,
            reason,
        };
        let bindings = bindings(request, 0, opened as u64)?;
        let headers: Vec<_> = request
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), render(value, &bindings)))
            .collect();
        let body = match &request.body {
            None => None,
            Some(Body::Text(text)) => Some(render(text, &bindings)),
            Some(_) => {
                let reason = "an idle connection is opened with a short request";
                return Err(broken(reason.to_owned()));
            }
        };
        let path = render(&request.path, &bindings);
        let bytes = request_bytes(
            target,
            &request.method,
            &path,
            &headers,
            body.as_deref().map(str::as_bytes),
        );
        let mut connection =
            BlockingConnection::open(target, patience).map_err(|(_, reason)| broken(reason))?;
        let response = connection
            .request(&bytes, &request.method)
            .map_err(|(_, reason)| broken(reason))?;
        check_status(&request.expect, response.status).map_err(broken)?;
        self.open.push(connection);
        Ok(())
    }

    /// The number of connections that were opened.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The number of connections that the server has not closed since.
    pub fn alive(&self) -> usize {
        self.open.iter().filter(|connection| connection.is_open()).count()
    }
}
