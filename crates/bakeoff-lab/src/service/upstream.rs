//! The service for the scenario `fan-out`: it returns each part after a programmed delay, and counts concurrent calls,
//! which reveals a contender that calls sequentially. Nothing else.

use crate::cores::pin_this_thread;
use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;

/// How long each part takes.
const DELAY: Duration = Duration::from_millis(20);

/// A running upstream; dropping it stops it.
#[derive(Debug)]
pub(crate) struct Upstream {
    address: SocketAddr,
    calls: Arc<Calls>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Calls {
    now: AtomicU32,
    peak: AtomicU32,
    all: AtomicU64,
}

impl Upstream {
    /// Starts it on a free port of the loopback address.
    pub(crate) fn start(cores: &[usize]) -> io::Result<Upstream> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let calls = Arc::new(Calls::default());
        let (stop, stopped) = oneshot::channel();
        let (cores, shared) = (cores.to_vec(), Arc::clone(&calls));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = std::thread::Builder::new()
            .name("upstream".to_owned())
            .spawn(move || {
                pin_this_thread(&cores);
                runtime.block_on(serve(listener, shared, stopped));
            })?;
        Ok(Upstream {
            address,
            calls,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The `UPSTREAM_URL` of contenders.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Resets the peak of concurrent calls.
    pub(crate) fn reset_peak(&self) {
        self.calls.peak.store(0, Ordering::Relaxed);
    }

    /// All calls so far.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.all.load(Ordering::Relaxed)
    }

    /// The most concurrent calls since the last reset.
    pub(crate) fn peak_concurrency(&self) -> u32 {
        self.calls.peak.load(Ordering::Relaxed)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(listener: std::net::TcpListener, calls: Arc<Calls>, stopped: oneshot::Receiver<()>) {
    let router = Router::new().route("/part/{part}", get(part)).with_state(calls);
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let server = std::future::IntoFuture::into_future(axum::serve(listener, router));
    tokio::select! {
        _ = server => {}
        _ = stopped => {}
    }
}

async fn part(State(calls): State<Arc<Calls>>, Path(part): Path<u32>) -> Json<Value> {
    let now = calls.now.fetch_add(1, Ordering::Relaxed) + 1;
    calls.peak.fetch_max(now, Ordering::Relaxed);
    calls.all.fetch_add(1, Ordering::Relaxed);
    tokio::time::sleep(DELAY).await;
    calls.now.fetch_sub(1, Ordering::Relaxed);
    Json(json!({ "part": part, "value": u64::from(part) * u64::from(part) }))
}
