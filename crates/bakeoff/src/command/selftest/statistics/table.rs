//! The table of known differences, with a caption that states exactly how they were measured. It measures nothing.

use bakeoff_core::estimate::paired_ratio;
use bakeoff_core::power::Found;
use bakeoff_core::range::Range;
use bakeoff_core::words::table;
use serde_json::{Value, json};

/// Planted differences, and the share of sessions that must claim them.
const WANTED: [(f64, f64); 2] = [(0.05, 0.70), (0.10, 0.90)];

/// The share of sessions that may claim a difference between equal servers.
const MOST_FALSE: f64 = 0.05;

/// The results of the sessions for one known difference.
#[derive(Debug)]
pub(super) struct Row {
    /// The difference, as a share: 0 for equal servers.
    pub(super) more: f64,
    /// The results of the sessions.
    pub(super) found: Found,
    /// The ratio over all blocks together, where they are one pool.
    pub(super) ratio: Option<Range>,
}

/// What was measured.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) blocks: usize,
    pub(super) servers: usize,
    pub(super) equal: usize,
    pub(super) requests: u64,
    pub(super) service_ms: f64,
    /// The load of a trial, in seconds.
    pub(super) load_s: f64,
    pub(super) minutes: f64,
    /// Blocks of a drawn session; 0 where each was measured anew.
    pub(super) session_blocks: usize,
    /// The load of a run's shortest trial, in seconds.
    pub(super) run_load_s: f64,
}

/// The whole table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
    pub(super) measured: Measured,
}

impl Table {
    /// True if the comparison rarely claims a difference between equal servers, and finds the known differences often
    /// enough.
    pub(super) fn holds(&self) -> bool {
        self.rows.iter().all(|row| {
            let claimed = share(row.found.claimed, row.found.sessions);
            let wanted = WANTED.iter().find(|(more, _)| *more == row.more);
            match wanted {
                _ if row.more == 0.0 => claimed <= MOST_FALSE,
                Some((_, least)) => claimed >= *least,
                None => true,
            }
        })
    }

    /// The table with its caption.
    pub(super) fn in_words(&self) -> String {
        let header = [
            "planted",
            "sessions",
            "interval excludes 1",
            "claimed",
            "measured ratio",
        ];
        let rows: Vec<Vec<String>> = self.rows.iter().map(words).collect();
        format!("{}\n\n{}", table::aligned(&header, &rows), self.caption())
    }

    /// The same for a program.
    pub(super) fn as_json(&self) -> Value {
        let row = |row: &Row| json!({ "planted": row.more, "found": row.found, "ratio": row.ratio });
        json!({
            "rows": self.rows.iter().map(row).collect::<Vec<_>>(),
            "blocks": self.measured.blocks,
            "session_blocks": self.measured.session_blocks,
            "holds": self.holds(),
            "caption": self.caption(),
        })
    }

    fn caption(&self) -> String {
        let Measured {
            blocks,
            servers,
            equal,
            requests,
            service_ms,
            load_s,
            minutes,
            session_blocks,
            run_load_s,
        } = &self.measured;
        let trial = format!(
            "each trial a new process and {requests} requests of {service_ms:.0} ms work at half load"
        );
        let claim = "The figure is CPU time per request. A run claims a difference if the 95 % interval of the paired ratio\n\
                     excludes 1, and the ratio is outside the interval of the twins.";
        if *session_blocks == 0 {
            return format!(
                "Each session was measured separately for {minutes} minutes: a server, its twin and the other in random order,\n{trial}.\n{claim}"
            );
        }
        format!(
            "Sessions are drawn without replacement from {blocks} measured blocks of {servers} servers, {equal} of them equal, in random order,\n\
             {trial}. A session has {session_blocks} blocks: the number of blocks in\n\
             {minutes} minutes with a run's shortest trials of a pair and a twin. A trial has {load_s:.1} s of load here and {run_load_s} s or more in a run.\n\
             {claim}"
        )
    }
}

/// The ratio of two servers over all blocks.
pub(super) fn ratio(blocks: &[Vec<f64>], one: usize, other: usize) -> Option<Range> {
    let of =
        |place: usize| -> Vec<(u32, f64)> { (0..).zip(blocks.iter().map(|block| block[place])).collect() };
    paired_ratio(&of(other), &of(one)).map(|estimate| estimate.range)
}

fn words(row: &Row) -> Vec<String> {
    let Found {
        sessions,
        by_interval,
        claimed,
    } = row.found;
    let planted = if row.more == 0.0 {
        "nothing (false)".to_owned()
    } else {
        format!("{:.0} %", row.more * 100.0)
    };
    let percent = |count| format!("{count} ({:.1} %)", share(count, sessions) * 100.0);
    let ratio = row.ratio.map_or_else(
        || "-".to_owned(),
        |ratio| format!("{:.4} [{:.4}, {:.4}]", ratio.value, ratio.low, ratio.high),
    );
    vec![
        planted,
        sessions.to_string(),
        percent(by_interval),
        percent(claimed),
        ratio,
    ]
}

fn share(count: u32, of: u32) -> f64 {
    f64::from(count) / f64::from(of.max(1))
}

#[cfg(test)]
mod tests {
    use super::{Found, Measured, Row, Table};

    fn table(claimed: [u32; 4]) -> Table {
        let row = |(more, claimed)| Row {
            more,
            found: Found {
                sessions: 200,
                by_interval: claimed,
                claimed,
            },
            ratio: None,
        };
        Table {
            rows: [0.0, 0.05, 0.10, 0.20]
                .into_iter()
                .zip(claimed)
                .map(row)
                .collect(),
            measured: Measured {
                blocks: 290,
                servers: 7,
                equal: 4,
                requests: 100,
                service_ms: 1.0,
                load_s: 0.2,
                minutes: 5.0,
                session_blocks: 28,
                run_load_s: 1.25,
            },
        }
    }

    #[test]
    fn the_table_holds_when_little_is_false_and_much_is_found() {
        assert!(table([10, 140, 180, 200]).holds());
        assert!(!table([11, 140, 180, 200]).holds());
        assert!(!table([10, 139, 180, 200]).holds());
        assert!(!table([10, 140, 179, 200]).holds());
    }

    #[test]
    fn the_caption_states_the_pool_of_blocks() {
        let words = table([1, 199, 200, 200]).in_words();
        assert!(words.contains("nothing (false)  200       1 (0.5 %)"), "{words}");
        assert!(words.contains("from 290 measured blocks of 7 servers"), "{words}");
        assert!(words.contains("A session has 28 blocks"), "{words}");
    }
}
