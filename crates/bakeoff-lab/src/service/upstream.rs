//! The service for the scenario `fan-out`: it returns each part after a programmed delay, and counts concurrent calls,
//! which reveals a contender that calls sequentially. Nothing else.

use crate::loopback_server::LoopbackServer;
use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::io;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// How long each part takes.
const DELAY: Duration = Duration::from_millis(20);

/// A running upstream; dropping it stops it.
#[derive(Debug)]
pub(crate) struct Upstream {
    server: LoopbackServer,
    calls: Arc<Calls>,
}

#[derive(Debug, Default)]
struct Calls {
    now: AtomicU32,
    all: AtomicU64,
    /// The peak of each watch that somebody still holds.
    peaks: Mutex<Vec<Weak<AtomicU32>>>,
}

/// The most concurrent calls from the moment on at which it began to watch. Several watches do not disturb each other.
#[derive(Debug)]
pub(crate) struct PeakWatch(Arc<AtomicU32>);

impl PeakWatch {
    /// The most so far.
    pub(crate) fn most(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Calls {
    fn peaks(&self) -> MutexGuard<'_, Vec<Weak<AtomicU32>>> {
        self.peaks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call that begins.
    fn begin(&self) {
        self.all.fetch_add(1, Ordering::Relaxed);
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.peaks().retain(|peak| match peak.upgrade() {
            Some(peak) => {
                peak.fetch_max(now, Ordering::Relaxed);
                true
            }
            None => false,
        });
    }

    /// Counts a call that ends.
    fn end(&self) {
        self.now.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Upstream {
    /// Starts it on a free port of the loopback address.
    pub(crate) fn start(cores: &[usize]) -> io::Result<Upstream> {
        let calls = Arc::new(Calls::default());
        let router = Router::new().route("/part/{part}", get(part));
        let server = LoopbackServer::start("upstream", cores, router.with_state(Arc::clone(&calls)))?;
        Ok(Upstream { server, calls })
    }

    /// The `UPSTREAM_URL` of contenders.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// All calls so far.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.all.load(Ordering::Relaxed)
    }

    /// Watches the peak of concurrent calls from now on.
    pub(crate) fn watch_peak(&self) -> PeakWatch {
        let peak = Arc::new(AtomicU32::new(0));
        self.calls.peaks().push(Arc::downgrade(&peak));
        PeakWatch(peak)
    }
}

async fn part(State(calls): State<Arc<Calls>>, Path(part): Path<u32>) -> Json<Value> {
    calls.begin();
    tokio::time::sleep(DELAY).await;
    calls.end();
    Json(json!({ "part": part, "value": u64::from(part) * u64::from(part) }))
}
