//! `stream_mb_growth`: how much the memory of the process tree grows while large bodies stream through it. Both
//! directions are checked to the last byte, so that a server that drops or invents bytes gives no evidence.

use crate::probe::kit::{Context, NoEvidence};
use bakeoff_core::evidence::Observation;
use bakeoff_load::{BodyRule, Coding, FailureKind, Payload, SingleRequest, send_single};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::time::Duration;

/// The size of the body each way.
const BYTES_MB: u64 = 128;
const BYTES: u64 = BYTES_MB * 1_000_000;

/// How long a stream may make no progress.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Smaller growth is indistinguishable from pages that come and go, in MB.
const RESOLUTION_MB: f64 = 0.5;

pub(super) fn observe(context: &Context<'_>) -> Result<Vec<Observation>, NoEvidence> {
    let before_mb = context.server.process().memory().mb;
    let (streamed, peak_mb) = context
        .server
        .with_peak_memory(|| upload(context).and_then(|()| download(context)));
    streamed?;
    let growth_mb = (peak_mb - before_mb).max(RESOLUTION_MB);
    Ok(vec![Observation {
        note: Some(format!("{BYTES_MB} MB in, {BYTES_MB} MB out")),
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
    let response = send_single(context.server.target(), &single, &[], TIMEOUT).map_err(words)?;
    let body = String::from_utf8_lossy(&response.body);
    let reported: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
    let correct = reported["bytes"] == BYTES && reported["sha256"] == sha256_of_the_pattern();
    if response.status == 200 && correct {
        Ok(())
    } else {
        Err(format!(
            "`POST /upload` of {BYTES} bytes returned {}: {body:.200}",
            response.status
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
    let response = send_single(context.server.target(), &single, &rules, TIMEOUT).map_err(words)?;
    match response.streamed {
        Some(streamed) if response.status == 200 => {
            streamed.outcome.map_err(|wrong| format!("`GET {path}`: {wrong}"))
        }
        _ => Err(format!("`GET {path}` returned {}", response.status)),
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
