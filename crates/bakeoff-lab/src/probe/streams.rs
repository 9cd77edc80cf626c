//! `stream_mb_growth`: how much the process tree grows while large bodies stream through it. What is sent and what comes back is checked to the last
//! byte, so that a server that swallows or makes up bytes gives no evidence.

use super::NoEvidence;
use super::trial_table::Context;
use bakeoff_core::evidence::Observation;
use bakeoff_load::{BodyRule, Coding, FailureKind, Payload, SingleRequest, send_single};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// The size of the body each way, in bytes.
const BYTES: u64 = 128 << 20;

/// How often memory is looked at.
const EVERY: Duration = Duration::from_millis(25);

/// So long a stream may stand still.
const PATIENCE: Duration = Duration::from_secs(5);

/// Growth below this cannot be told from pages that come and go, in MB.
const SEEN_FROM_MB: f64 = 0.5;

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let before_mb = context.server.process().memory().mb;
    let (streamed, peak_mb) = with_peak(context, || upload(context).and_then(|()| download(context)));
    streamed?;
    let growth_mb = (peak_mb - before_mb).max(SEEN_FROM_MB);
    Ok(vec![Observation {
        note: Some(format!("{} MB in, {} MB out", BYTES >> 20, BYTES >> 20)),
        ..Observation::new("stream_mb_growth", growth_mb)
    }])
}

fn upload(context: &Context<'_>) -> Result<(), String> {
    let headers = [("content-type".to_owned(), "application/octet-stream".to_owned())];
    let single = SingleRequest {
        method: "POST",
        path: "/upload",
        headers: &headers,
        payload: Payload::Pattern {
            bytes: BYTES,
            coding: Coding::Length,
        },
    };
    let answer = send_single(context.server.target(), &single, &[], PATIENCE).map_err(words)?;
    let body = String::from_utf8_lossy(&answer.body);
    let told: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
    let right = told["bytes"] == BYTES && told["sha256"] == sha256_of_the_pattern();
    if answer.status == 200 && right {
        Ok(())
    } else {
        Err(format!(
            "`POST /upload` of {BYTES} bytes answers {}: {body:.200}",
            answer.status
        ))
    }
}

fn download(context: &Context<'_>) -> Result<(), String> {
    let path = format!("/download?bytes={BYTES}");
    let single = SingleRequest {
        method: "GET",
        path: &path,
        headers: &[],
        payload: Payload::Nothing,
    };
    let rules = [BodyRule::Pattern { bytes: BYTES }];
    let answer = send_single(context.server.target(), &single, &rules, PATIENCE).map_err(words)?;
    match answer.streamed {
        Some(streamed) if answer.status == 200 => {
            streamed.outcome.map_err(|wrong| format!("`GET {path}`: {wrong}"))
        }
        _ => Err(format!("`GET {path}` answers {}", answer.status)),
    }
}

fn words((kind, reason): (FailureKind, String)) -> String {
    format!("{kind}: {reason}")
}

fn sha256_of_the_pattern() -> String {
    let period: Vec<u8> = (0..251 * 256).map(bakeoff_load::pattern_byte).collect();
    let mut digest = Sha256::new();
    let mut left = BYTES as usize;
    while left > 0 {
        let piece = left.min(period.len());
        digest.update(&period[..piece]);
        left -= piece;
    }
    digest.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What `work` returns, and the most memory that the server's tree held meanwhile, in MB.
fn with_peak<T>(context: &Context<'_>, work: impl FnOnce() -> T) -> (T, f64) {
    let (done, ended) = channel::<()>();
    thread::scope(|scope| {
        let sampler = scope.spawn(move || {
            let look = || context.server.process().memory().mb;
            let mut peak_mb = look();
            while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                peak_mb = peak_mb.max(look());
            }
            peak_mb.max(look())
        });
        let result = work();
        drop(done);
        (result, sampler.join().unwrap_or(f64::NAN))
    })
}
