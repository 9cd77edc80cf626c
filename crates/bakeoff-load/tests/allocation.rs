//! A request of a load allocates nothing once the buffers have grown: thousands of additional requests add hardly any
//! allocation. A binary of its own, because an allocator counts for a whole process.

use bakeoff_load::scripted::{Reaction, ScriptedServer};
use bakeoff_load::{Arrivals, Expect, Plan, RequestSpec, Target, Variable, run};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// The system's allocator, counting.
struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// Whether this thread runs the scripted server, whose allocations do not count.
    static IS_SERVER: Cell<bool> = const { Cell::new(false) };
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[expect(unsafe_code, reason = "an allocator can only be wrapped this way")]
// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !IS_SERVER.try_with(Cell::get).unwrap_or(true) {
            ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        }
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the pointer came from this allocator, which is the system's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// The allocations of a load with this many requests.
fn allocations(arrivals: Arrivals, requests: u64) -> u64 {
    let server = ScriptedServer::start(|_| {
        IS_SERVER.set(true);
        Reaction::ok()
    })
    .expect("the loopback interface has a free port");
    let spec = RequestSpec {
        method: "POST".into(),
        headers: vec![("x-id".into(), "{id}".into())],
        body: Some("{\"id\": {id}}".into()),
        variables: vec![(
            "id".into(),
            Variable::Int {
                low: 1,
                high: 1_000_000,
            },
        )],
        expect: Expect {
            content_type: Some("application/json".into()),
            length: Some(16),
            ..Expect::default()
        },
        ..RequestSpec::get("/items/{id}")
    };
    let plan = Plan {
        arrivals,
        connections: 4,
        duration: Duration::from_secs(60),
        max_requests: Some(requests),
        ..Plan::default()
    };
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    let report = run(
        &Target::plain(server.address()),
        &[spec],
        &plan,
        &mut |_| {},
        &AtomicBool::new(false),
    )
    .expect("the plan can be driven");
    assert_eq!((report.correct, report.failures.len()), (requests, 0));
    ALLOCATIONS.load(Ordering::Relaxed) - before
}

#[test]
fn requests_do_not_allocate() {
    for arrivals in [Arrivals::Closed, Arrivals::Poisson { rate_rps: 2_000.0 }] {
        let (few, many) = (allocations(arrivals.clone(), 100), allocations(arrivals, 4_100));
        // Each quarter of a second allocates for its interval, independent of the requests.
        assert!(
            many < few + 400,
            "100 requests: {few} allocations, 4,100 requests: {many}"
        );
    }
}
