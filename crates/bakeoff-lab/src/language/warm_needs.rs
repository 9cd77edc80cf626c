//! What a runtime needs to become warm, and to be warm again after a rest: columns of a language's row. Drives no load.

use std::time::Duration;

/// What a runtime needs to become warm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WarmNeeds {
    /// Calls of each path until its compilers have seen it often enough.
    pub(crate) calls: u64,
    /// Calls of each path that wake it after a rest.
    pub(crate) burst: u64,
    /// How the names of its compilers' threads begin, at most 15 bytes; empty where they cannot be told by name.
    pub(crate) compiler_threads: &'static [&'static str],
    /// Whether its compilers work on threads of their own, which further processors help.
    pub(crate) compiles_beside: bool,
    /// The pause after which a settled server must keep its level: compilers that were starved work in it.
    pub(crate) pause: Duration,
    /// The longest start and warm-up, as multiples of the usual ones.
    pub(crate) patience: f64,
}

/// V8. TurboFan compiles a function after 3,000 calls in Node.js 24 (V8's runtime tiering), and after 203,000 / L + 450
/// calls of a function of L bytes of bytecode in Node.js 20 (`node --v8-options`: 2,500 for 100 bytes). 500 calls of
/// each path end the cost of a rest of 15 s in Node.js 20 (`docs/method.md`).
pub(super) const V8: WarmNeeds = WarmNeeds {
    calls: 3_000,
    burst: 500,
    compiler_threads: &[],
    compiles_beside: true,
    pause: Duration::from_secs(2),
    patience: 1.0,
};

/// JavaScriptCore, which runs Bun. FTL compiles at a count of 100,000, of which a call adds 15
/// (`thresholdForFTLOptimizeAfterWarmUp` and `executionCounterIncrementForEntry` in `OptionsList.h`): 6,667 calls.
pub(super) const JSC: WarmNeeds = WarmNeeds { calls: 7_000, ..V8 };

/// Machine code: calls only fill pools and caches.
pub(super) const COMPILED: WarmNeeds = CPYTHON;

/// CRuby and PHP. YJIT, where it is on, compiles after 30 calls (`--yjit-call-threshold`); PHP's JIT is off by default,
/// and its opcode cache is full after one call.
pub(super) const CRUBY: WarmNeeds = WarmNeeds {
    compiles_beside: false,
    ..CPYTHON
};

/// .NET. The second tier compiles after 30 calls, and once more with the profile of 30 others, but only when no new
/// method was compiled for 100 ms (`TieredCompilation`, `TC_CallCountThreshold` and `TC_CallCountingDelayMs`).
pub(super) const DOTNET: WarmNeeds = V8;

/// CPython. An instruction specialises at its second execution (`ADAPTIVE_WARMUP_VALUE` in `pycore_code.h`), so calls
/// only fill pools, caches and lazy imports.
pub(super) const CPYTHON: WarmNeeds = WarmNeeds {
    calls: 200,
    burst: 50,
    compiler_threads: &[],
    compiles_beside: false,
    pause: Duration::from_secs(2),
    patience: 1.0,
};

/// HotSpot. C2 compiles after 5,000 calls, or after 15,000 with loops (`-XX:+PrintFlagsFinal`); measured, Spring Boot
/// settles after 20,000 calls of each path and not after 10,000 (`docs/method.md`). Its compilers are starved on one
/// processor: it may jump to another level after a pause.
pub(super) const HOTSPOT: WarmNeeds = WarmNeeds {
    calls: 20_000,
    burst: 1_000,
    compiler_threads: &["C1 CompilerThre", "C2 CompilerThre", "JVMCI Compiler"],
    compiles_beside: true,
    pause: Duration::from_secs(10),
    patience: 3.0,
};

/// A runtime without a row: as V8, which needs much of both.
pub(super) const UNKNOWN: WarmNeeds = V8;
