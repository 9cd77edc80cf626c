//! Connections that are kept open and do nothing: what a connection costs a server in memory is read while they stand.

use crate::body::Body;
use crate::check::check_status;
use crate::compose::bindings;
use crate::error::LoadError;
use crate::exchange::Exchange;
use crate::limits::allow_open_files;
use crate::once::request_bytes;
use crate::request::RequestSpec;
use crate::target::Target;
use crate::template::render;
use std::time::{Duration, Instant};

/// Idle keep-alive connections; dropping them closes them.
#[derive(Debug)]
pub struct IdleConnections {
    open: Vec<Exchange>,
}

impl IdleConnections {
    /// Opens `n` connections; on each, one request is sent and its answer read, and then nothing more.
    ///
    /// # Errors
    /// The first connection that could not be opened, or whose request failed or was answered with an unexpected status.
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

    /// Opens as many of `n` connections as come to stand until `deadline`, each asked once as by [`IdleConnections::open`], and says why there are not
    /// more if one failed before that.
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
        let broken = |reason: String| LoadError::Idle {
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
                let reason = "a connection that idles is opened by a short request";
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
        let mut exchange = Exchange::open(target, patience).map_err(|(_, reason)| broken(reason))?;
        let answer = exchange
            .ask(&bytes, &request.method)
            .map_err(|(_, reason)| broken(reason))?;
        check_status(&request.expect, answer.status).map_err(broken)?;
        self.open.push(exchange);
        Ok(())
    }

    /// How many were opened.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether none was asked for.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// How many the server has not closed meanwhile.
    pub fn alive(&self) -> usize {
        self.open.iter().filter(|exchange| exchange.is_open()).count()
    }
}
