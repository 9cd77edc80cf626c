//! A stream of 256 MiB, up or down, is never held in memory, neither in a load nor in a single request. A binary of
//! its own, because an allocator counts for a whole process; the scripted server counts too.

#![expect(clippy::unwrap_used, reason = "a builder that fails is a test that fails")]

use bakeoff_load::scripted::{Reaction, ReceivedRequest, ScriptedServer, Step};
use bakeoff_load::{
    Body, BodyRule, Coding, Expect, Payload, Plan, RequestSpec, SingleRequest, Target, check_response, run,
    send_single,
};
use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// The system's allocator, counting the bytes that are held.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[expect(unsafe_code, reason = "an allocator can only be wrapped this way")]
// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(held, Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the pointer came from this allocator, which is the system's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

const LONG: u64 = 256 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(20);

/// Takes uploads and responds with their length; sends downloads of the length in the query.
fn script(request: &ReceivedRequest) -> Reaction {
    if request.method == "POST" {
        let right = request.unlike_pattern.is_none();
        return Reaction::response(
            200,
            "application/json",
            &format!("{{\"bytes\": {}, \"right\": {right}}}", request.body_len),
        );
    }
    let bytes = request
        .path
        .strip_prefix("/download?bytes=")
        .map_or(0, |bytes| bytes.parse().unwrap());
    Reaction::raw(format!("HTTP/1.1 200 OK\r\ncontent-length: {bytes}\r\n\r\n")).then(Step::Pattern(bytes))
}

fn mebibytes(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

#[test]
fn a_quarter_of_a_gigabyte_is_never_held() {
    let server = ScriptedServer::start(script).unwrap();
    let target = Target::plain(server.address());
    let before = HELD.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);

    let sampled = |rule| Expect {
        sampled: vec![rule],
        ..Expect::default()
    };
    let received = format!("{{\"bytes\": {LONG}, \"right\": true}}");
    let up = sampled(BodyRule::Json(received));
    let down = sampled(BodyRule::Pattern { bytes: LONG });
    let path = format!("/download?bytes={LONG}");

    for coding in [Coding::Length, Coding::Chunked] {
        let payload = Payload::Pattern { bytes: LONG, coding };
        let single = SingleRequest {
            method: "POST",
            path: "/upload",
            headers: &[],
            payload,
        };
        let response = send_single(&target, &single, &up.sampled, PATIENCE).unwrap();
        assert_eq!(check_response(&up, &response, &BTreeMap::new()), Ok(()));
    }
    let single = SingleRequest {
        method: "GET",
        path: &path,
        headers: &[],
        payload: Payload::Nothing,
    };
    let response = send_single(&target, &single, &down.sampled, PATIENCE).unwrap();
    assert_eq!(response.length(), LONG);
    assert_eq!(check_response(&down, &response, &BTreeMap::new()), Ok(()));
    let singly = PEAK.load(Ordering::Relaxed) - before;
    assert!(
        mebibytes(singly) < 8.0,
        "one after the other: {:.1} MiB",
        mebibytes(singly)
    );

    let upload = RequestSpec {
        method: "POST".into(),
        body: Some(Body::Pattern {
            bytes: LONG,
            coding: Coding::Length,
        }),
        expect: up,
        ..RequestSpec::get("/upload")
    };
    let download = RequestSpec {
        expect: down,
        ..RequestSpec::get(&path)
    };
    let plan = Plan {
        connections: 2,
        max_requests: Some(4),
        duration: Duration::from_secs(60),
        timeout: PATIENCE,
        ..Plan::default()
    };
    let report = run(
        &target,
        &[upload, download],
        &plan,
        &mut |_| {},
        &AtomicBool::new(false),
    )
    .unwrap();
    assert_eq!(report.correct, 4, "{:?}", report.failures);
    // Besides streams a load holds its histograms, and the scripted server a megabyte of each body.
    let driven = PEAK.load(Ordering::Relaxed) - before;
    assert!(
        mebibytes(driven) < 16.0,
        "in a load: {:.1} MiB",
        mebibytes(driven)
    );
}
