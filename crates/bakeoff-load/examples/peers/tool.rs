//! The clients: the command of each for the same load, and where its output has the number of correct responses.

use std::env;
use std::path::Path;
use std::sync::OnceLock;

/// A client.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    /// The command for a closed loop over `connections` for `seconds`.
    pub(crate) closed: fn(url: &str, connections: usize, seconds: u64) -> Vec<String>,
    /// The number of correct responses in its output.
    pub(crate) right: fn(printed: &str) -> Option<f64>,
    /// The command for one thousand requests a second for ten seconds, or the nearest that it offers.
    pub(crate) steady: fn(url: &str) -> Vec<String>,
    /// The percentiles in the output of `steady`: p50, p99 and p99.9, in milliseconds.
    pub(crate) percentiles: fn(printed: &str) -> [Option<f64>; 3],
    /// The kind of load that `steady` is for it.
    pub(crate) remark: &'static str,
}

const CLOSED_ONLY: &str = "closed loop, 8 connections: it has no rate";

/// This generator, the bare loop, and the peers that this machine has.
pub(crate) fn installed() -> Vec<Tool> {
    all()
        .into_iter()
        .filter(|tool| ["bakeoff load", "bare loop"].contains(&tool.name) || on_path(tool.name))
        .collect()
}

/// Whether a program is installed.
pub(crate) fn on_path(name: &str) -> bool {
    let paths = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&paths).any(|folder| folder.join(name).is_file())
}

/// The generator of another build of this example.
pub(crate) fn other_build(program: &str) -> Tool {
    OTHER_BUILD.get_or_init(|| program.to_owned());
    Tool {
        name: "another build",
        closed: |url, c, s| {
            let program = OTHER_BUILD.get().map_or("", String::as_str);
            words(&[program, "ours", url, "closed", &c.to_string(), &s.to_string()])
        },
        steady: |url| {
            let program = OTHER_BUILD.get().map_or("", String::as_str);
            words(&[program, "ours", url, "constant", "8", "10", "1000"])
        },
        ..ours()
    }
}

/// The path of the other build; a client is a table of functions, which hold nothing.
static OTHER_BUILD: OnceLock<String> = OnceLock::new();

fn all() -> Vec<Tool> {
    vec![ours(), bare(), wrk(), wrk2(), oha(), h2load(), ab(), hey()]
}

fn ours() -> Tool {
    Tool {
        name: "bakeoff load",
        closed: |url, c, s| own(&["ours", url, "closed", &c.to_string(), &s.to_string()]),
        right: |printed| number_after(printed, "correct "),
        steady: |url| own(&["ours", url, "constant", "8", "10", "1000"]),
        percentiles: |printed| ["p50 ", "p99 ", "p999 "].map(|name| Some(number_after(printed, name)? / 1e3)),
        remark: "open loop",
    }
}

fn bare() -> Tool {
    Tool {
        name: "bare loop",
        closed: |url, c, s| own(&["bare", address(url), &c.to_string(), &s.to_string()]),
        right: |printed| number_after(printed, "correct "),
        steady: |_| Vec::new(),
        percentiles: |_| [None; 3],
        remark: "",
    }
}

fn wrk() -> Tool {
    Tool {
        name: "wrk",
        closed: |url, c, s| {
            words(&[
                "wrk",
                "--latency",
                "-t1",
                &format!("-c{c}"),
                &format!("-d{s}"),
                url,
            ])
        },
        right: |printed| {
            Some(
                number_before(printed, " requests in")?
                    - number_after(printed, "Non-2xx or 3xx responses: ").unwrap_or(0.0),
            )
        },
        steady: |url| words(&["wrk", "--latency", "-t1", "-c8", "-d10", url]),
        percentiles: |printed| [millis_after(printed, "50%"), millis_after(printed, "99%"), None],
        remark: CLOSED_ONLY,
    }
}

fn wrk2() -> Tool {
    Tool {
        name: "wrk2",
        closed: |url, c, s| {
            words(&[
                "wrk2",
                "-R1000000",
                "-t1",
                &format!("-c{c}"),
                &format!("-d{s}"),
                url,
            ])
        },
        right: |printed| number_before(printed, " requests in"),
        steady: |url| words(&["wrk2", "--latency", "-R1000", "-t1", "-c8", "-d10", url]),
        percentiles: |printed| {
            [
                millis_after(printed, "50.000%"),
                millis_after(printed, "99.000%"),
                millis_after(printed, "99.900%"),
            ]
        },
        remark: "open loop",
    }
}

fn oha() -> Tool {
    Tool {
        name: "oha",
        closed: |url, c, s| {
            words(&[
                "oha",
                "--no-tui",
                "-c",
                &c.to_string(),
                "-z",
                &format!("{s}s"),
                url,
            ])
        },
        right: |printed| number_after(printed, "[200] "),
        steady: |url| {
            words(&[
                "oha",
                "--no-tui",
                "-q",
                "1000",
                "--latency-correction",
                "-c",
                "8",
                "-z",
                "10s",
                url,
            ])
        },
        percentiles: |printed| {
            ["50.00% in ", "99.00% in ", "99.90% in "].map(|name| Some(number_after(printed, name)? * 1e3))
        },
        remark: "open loop with --latency-correction",
    }
}

fn h2load() -> Tool {
    Tool {
        name: "h2load",
        closed: |url, c, s| {
            words(&[
                "h2load",
                "--h1",
                "-t1",
                &format!("-c{c}"),
                "-D",
                &s.to_string(),
                url,
            ])
        },
        right: |printed| number_before(printed, " succeeded"),
        steady: |url| words(&["h2load", "--h1", "-t1", "-c8", "-D10", url]),
        percentiles: |_| [None; 3],
        remark: "closed loop, 8 connections: it has no rate and prints no percentiles",
    }
}

fn ab() -> Tool {
    Tool {
        name: "ab",
        closed: |url, c, s| {
            words(&[
                "ab",
                "-q",
                "-k",
                "-c",
                &c.to_string(),
                "-t",
                &s.to_string(),
                "-n",
                "100000000",
                url,
            ])
        },
        right: |printed| {
            Some(number_after(printed, "Complete requests:")? - number_after(printed, "Failed requests:")?)
        },
        steady: |url| words(&["ab", "-q", "-k", "-c", "8", "-t", "10", "-n", "100000000", url]),
        percentiles: |printed| {
            [
                number_after(printed, "  50%"),
                number_after(printed, "  99%"),
                None,
            ]
        },
        remark: CLOSED_ONLY,
    }
}

fn hey() -> Tool {
    Tool {
        name: "hey",
        closed: |url, c, s| {
            words(&[
                "hey",
                "-cpus",
                "1",
                "-c",
                &c.to_string(),
                "-z",
                &format!("{s}s"),
                url,
            ])
        },
        right: |printed| number_after(printed, "[200]"),
        steady: |url| words(&["hey", "-cpus", "1", "-c", "8", "-q", "125", "-z", "10s", url]),
        percentiles: |printed| {
            let in_ms = |name| Some(number_after(printed, name)? * 1e3);
            [in_ms("50% in "), in_ms("99% in "), None]
        },
        remark: "125 requests a second on each of 8 connections, latency from the actual send",
    }
}

fn own(arguments: &[&str]) -> Vec<String> {
    let program = env::current_exe().unwrap_or_else(|_| Path::new("peers").to_owned());
    std::iter::once(program.display().to_string())
        .chain(words(arguments))
        .collect()
}

fn words(command: &[&str]) -> Vec<String> {
    command.iter().map(|&word| word.to_owned()).collect()
}

fn address(url: &str) -> &str {
    url.trim_start_matches("http://").trim_end_matches("/json")
}

/// The number that follows a text.
pub(crate) fn number_after(printed: &str, text: &str) -> Option<f64> {
    let rest = printed.split_once(text)?.1.trim_start();
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(rest.len());
    rest[..end].parse().ok()
}

fn number_before(printed: &str, text: &str) -> Option<f64> {
    printed
        .split_once(text)?
        .0
        .split_whitespace()
        .last()?
        .parse()
        .ok()
}

/// The time that follows a text, in milliseconds, written like `1.25ms`.
fn millis_after(printed: &str, text: &str) -> Option<f64> {
    let rest = printed.split_once(text)?.1.trim_start();
    let number = number_after(rest, "")?;
    let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let factor = if unit.starts_with("us") {
        1e-3
    } else if unit.starts_with("ms") {
        1.0
    } else {
        1e3
    };
    Some(number * factor)
}
