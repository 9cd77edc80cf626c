//! `[load]`: what one instance must carry. The rate and the allowed time have no default, since only the user knows
//! them.

use super::reader::{Reader, Section, Within};
use crate::brief::{Load, Slo};
use crate::serverless::day::{Day, HOURS};

const RATE: Within = Within {
    holds: |v| v > 0.0 && v <= 10_000_000.0,
    words: "a number above 0 and at most 10000000",
};
const MEMORY: Within = Within {
    holds: |v| v > 0.0 && v <= 16_777_216.0,
    words: "a number above 0 and at most 16777216",
};
/// Latencies are recorded up to 60 s.
const LATENCY: Within = Within {
    holds: |v| v > 0.0 && v <= 60_000.0,
    words: "a number above 0 and at most 60000",
};
const SHARE: Within = Within {
    holds: |v| (0.0..=1.0).contains(&v),
    words: "a share from 0 to 1",
};

const HOUR: Within = Within {
    holds: |v| (0.0..=1e9).contains(&v),
    words: "a number of 0 or more",
};

/// One process: what most platforms start with, and what lets a stack's own cost be seen.
const CORES: u32 = 1;
/// The size of a small container.
const MEMORY_MB: f64 = 512.0;
/// 99.9 % of all requests are answered rightly.
const ERROR_RATE: f64 = 0.001;

pub(super) fn read(reader: &mut Reader<'_>, root: &Section<'_>) -> Load {
    let nothing = Load {
        peak_rps: 1.0,
        cores: CORES,
        memory_mb: MEMORY_MB,
        slo: Slo {
            p99_ms: 1.0,
            error_rate: ERROR_RATE,
        },
        connections: None,
        day: None,
    };
    if !reader.require(root, "load", "[load]") {
        return nothing;
    }
    let Some(load) = reader.section(root, "load") else {
        return nothing;
    };
    reader.keys(
        &load,
        &["peak_rps", "cores", "memory_mb", "slo", "connections", "day"],
    );
    reader.require(&load, "peak_rps", "peak_rps = 400");
    Load {
        peak_rps: reader
            .number(&load, "peak_rps", &RATE)
            .map_or(nothing.peak_rps, toml::Spanned::into_inner),
        cores: reader.whole(&load, "cores", 1..=1024).unwrap_or(CORES),
        memory_mb: reader
            .number(&load, "memory_mb", &MEMORY)
            .map_or(MEMORY_MB, toml::Spanned::into_inner),
        slo: slo(reader, &load).unwrap_or(nothing.slo),
        connections: reader.whole(&load, "connections", 1..=10_000),
        day: day(reader, &load),
    }
}

/// `day`: the shares of 24 hours, from midnight on.
fn day(reader: &mut Reader<'_>, load: &Section<'_>) -> Option<Day> {
    let list = reader.list(load, "day", "a list of 24 numbers, one for each hour")?;
    let value = load.table.get("day")?;
    if list.len() != HOURS {
        let message = format!(
            "`day` must have {HOURS} shares, one for each hour, not {}",
            list.len()
        );
        let hint = "the first one is the hour after midnight; leave the line out for an assumed day";
        reader.wrong(value.span(), message, hint.to_owned());
        return None;
    }
    let mut shares = [0.0; HOURS];
    let mut sound = true;
    for (share, entry) in shares.iter_mut().zip(list) {
        match reader.number_of("each share of day", entry, &HOUR) {
            Some(number) => *share = number.into_inner(),
            None => sound = false,
        }
    }
    let day = Day::new(shares);
    if sound && day.is_none() {
        let message = "`day` has no load: every share is 0";
        reader.wrong(
            value.span(),
            message,
            "give the busiest hour a share above 0".to_owned(),
        );
    }
    day.filter(|_| sound)
}

fn slo(reader: &mut Reader<'_>, load: &Section<'_>) -> Option<Slo> {
    reader.require(load, "slo", "slo = { p99_ms = 50, error_rate = 0.001 }");
    let slo = reader.section(load, "slo")?;
    reader.keys(&slo, &["p99_ms", "error_rate"]);
    reader.require(&slo, "p99_ms", "p99_ms = 50");
    Some(Slo {
        p99_ms: reader.number(&slo, "p99_ms", &LATENCY)?.into_inner(),
        error_rate: reader
            .number(&slo, "error_rate", &SHARE)
            .map_or(ERROR_RATE, toml::Spanned::into_inner),
    })
}
