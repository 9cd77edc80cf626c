//! An HTTP server of the lab itself: on a free port of the loopback address, in the network of the thread that starts
//! it, on a thread of its own. What it serves, its owner says.

use crate::cores::pin_this_thread;
use axum::Router;
use std::future::IntoFuture;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};
use tokio::sync::oneshot;

/// A running server; dropping it stops it.
#[derive(Debug)]
pub(crate) struct LoopbackServer {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl LoopbackServer {
    /// Starts it on these processors, or on all where there are none. Its thread has this name.
    ///
    /// # Errors
    /// The operating system's reason.
    pub(crate) fn start(name: &str, cores: &[usize], router: Router) -> io::Result<LoopbackServer> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let cores = cores.to_vec();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            pin_this_thread(&cores);
            runtime.block_on(serve(listener, router, stopped));
        })?;
        Ok(LoopbackServer {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for LoopbackServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, router: Router, stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let server = axum::serve(listener, router).into_future();
    tokio::select! {
        _ = server => {}
        _ = stopped => {}
    }
}
