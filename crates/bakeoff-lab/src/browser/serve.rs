//! A static server on the loopback address for one visit: the files of a site, compressed as a usual static server
//! does, and the few addresses to which the page reports. It counts what crosses the wire until the first result.

use super::outcome::SentPart;
use crate::loopback_server::LoopbackServer;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Method, Response, StatusCode, Uri, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The level of gzip: zlib's own default.
const GZIP_LEVEL: u32 = 6;

/// A strict policy that nothing enforces: the browser reports to the page what it would refuse.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/// A file as it is sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SiteFile {
    media_type: &'static str,
    bytes: Bytes,
    is_gzip: bool,
}

impl SiteFile {
    /// A file of that name. What is compressed already is sent as it is.
    pub(super) fn new(name: &str, content: &[u8]) -> SiteFile {
        let ending = name.rsplit('.').next().unwrap_or_default();
        let media_type = match ending {
            "html" => "text/html; charset=utf-8",
            "js" | "mjs" => "text/javascript; charset=utf-8",
            "json" => "application/json",
            "wasm" => "application/wasm",
            "zip" | "whl" => "application/zip",
            _ => "text/plain; charset=utf-8",
        };
        let packed = match media_type {
            "application/zip" => None,
            _ => gzip(content).ok(),
        };
        let is_gzip = packed.is_some();
        SiteFile {
            media_type,
            bytes: packed.unwrap_or_else(|| content.to_vec()).into(),
            is_gzip,
        }
    }
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
    encoder.write_all(content)?;
    encoder.finish()
}

/// The files of a site by the paths of their requests.
pub(super) type Files = BTreeMap<String, SiteFile>;

/// What a page reports.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Report {
    /// What goes on now.
    Progress(String),
    /// The first result, after this many ms.
    First(f64),
    /// The answers to all bodies, in their order, and what a strict policy would refuse.
    Answers {
        /// One for each body.
        answers: Vec<PageAnswer>,
        /// A line for each thing.
        policy: Vec<String>,
    },
    /// It failed, and why.
    Failed(String),
}

/// What the module answered to one body.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum PageAnswer {
    /// The problem document, or null for a right body.
    Problem(Value),
    /// The message of an exception.
    Threw(String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Progress {
        step: String,
    },
    First {
        ms: f64,
    },
    Answers {
        answers: Vec<PageAnswer>,
        policy: Vec<String>,
    },
    Failed {
        reason: String,
    },
}

/// A running server; dropping it stops it.
pub(super) struct SiteServer {
    server: LoopbackServer,
    shared: Arc<Shared>,
    reports: Receiver<Report>,
}

struct Shared {
    files: Files,
    reports: Mutex<Sender<Report>>,
    sent: Mutex<Counted>,
}

#[derive(Default)]
struct Counted {
    parts: Vec<SentPart>,
    is_over: bool,
}

impl Shared {
    fn sent(&self) -> MutexGuard<'_, Counted> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SiteServer {
    /// Starts it on a free port of the loopback address, in the network of the calling thread.
    pub(super) fn start(files: Files) -> io::Result<SiteServer> {
        let (sender, reports) = channel();
        let shared = Arc::new(Shared {
            files,
            reports: Mutex::new(sender),
            sent: Mutex::default(),
        });
        let router = Router::new()
            .fallback(respond)
            .layer(axum::extract::DefaultBodyLimit::disable())
            .with_state(Arc::clone(&shared));
        Ok(SiteServer {
            server: LoopbackServer::start("site", &[], router)?,
            shared,
            reports,
        })
    }

    /// The address of the page.
    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.server.address())
    }

    /// The next report of the page within that time.
    pub(super) fn report(&self, within: Duration) -> Result<Report, RecvTimeoutError> {
        self.reports.recv_timeout(within)
    }

    /// What crossed the wire until the first result.
    pub(super) fn sent(&self) -> Vec<SentPart> {
        self.shared.sent().parts.clone()
    }
}

async fn respond(State(shared): State<Arc<Shared>>, method: Method, uri: Uri, body: Bytes) -> Response<Body> {
    if method == Method::POST {
        return take_report(&shared, &body);
    }
    let Some(file) = shared.files.get(uri.path()) else {
        return empty(StatusCode::NOT_FOUND);
    };
    let mut sent = shared.sent();
    if !sent.is_over {
        sent.parts.push(SentPart {
            path: uri.path().to_owned(),
            bytes: file.bytes.len() as u64,
        });
    }
    drop(sent);
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, file.media_type)
        .header(header::CONTENT_SECURITY_POLICY_REPORT_ONLY, POLICY);
    if file.is_gzip {
        response = response.header(header::CONTENT_ENCODING, "gzip");
    }
    response
        .body(Body::from(file.bytes.clone()))
        .unwrap_or_else(|_| empty(StatusCode::INTERNAL_SERVER_ERROR))
}

fn take_report(shared: &Shared, body: &[u8]) -> Response<Body> {
    let report = match serde_json::from_slice::<Written>(body) {
        Err(error) => Report::Failed(format!("it reported what cannot be read: {error}")),
        Ok(written) => report_of(shared, written),
    };
    let reports = shared.reports.lock().unwrap_or_else(PoisonError::into_inner);
    // Nobody listens after the end of the visit.
    let _ = reports.send(report);
    empty(StatusCode::NO_CONTENT)
}

fn report_of(shared: &Shared, written: Written) -> Report {
    match written {
        Written::Progress { step } => Report::Progress(step),
        Written::First { ms } => {
            shared.sent().is_over = true;
            Report::First(ms)
        }
        Written::Answers { answers, policy } => Report::Answers { answers, policy },
        Written::Failed { reason } => Report::Failed(reason),
    }
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::{Files, PageAnswer, Report, SiteFile, SiteServer};
    use bakeoff_load::{Target, send_once};
    use serde_json::Value;
    use std::time::Duration;

    #[test]
    fn what_a_page_loads_is_counted_until_its_first_result() {
        let text = "bakeoff ".repeat(200);
        let files = Files::from([
            ("/".to_owned(), SiteFile::new("page.html", text.as_bytes())),
            ("/a.whl".to_owned(), SiteFile::new("a.whl", text.as_bytes())),
            ("/cases.json".to_owned(), SiteFile::new("cases.json", b"[]")),
        ]);
        let server = SiteServer::start(files).unwrap();
        let target = Target::plain(server.server.address());
        let send = |method: &str, path: &str, body: Option<&[u8]>| {
            send_once(&target, method, path, &[], body, Duration::from_secs(5)).unwrap()
        };
        assert_eq!(send("GET", "/", None).header("content-encoding"), Some("gzip"));
        assert_eq!(send("GET", "/a.whl", None).body.len(), text.len());
        assert_eq!(send("GET", "/favicon.ico", None).status, 404);
        send(
            "POST",
            "/first",
            Some(br#"{"ms": 12.5, "answer": {"problem": null}}"#),
        );
        send("GET", "/cases.json", None);
        send(
            "POST",
            "/answers",
            Some(br#"{"answers": [{"problem": null}, {"threw": "x"}], "policy": []}"#),
        );
        let next = || server.report(Duration::from_secs(5)).unwrap();
        assert_eq!(next(), Report::First(12.5));
        let answers = vec![
            PageAnswer::Problem(Value::Null),
            PageAnswer::Threw("x".to_owned()),
        ];
        let policy = Vec::new();
        assert_eq!(next(), Report::Answers { answers, policy });
        let sent = server.sent();
        assert_eq!(sent.len(), 2, "{sent:?}");
        assert!(
            sent[0].bytes < 200 && sent[1].bytes == text.len() as u64,
            "{sent:?}"
        );
    }
}
