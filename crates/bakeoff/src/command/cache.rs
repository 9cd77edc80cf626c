//! `bakeoff cache`: what is kept of installed contenders and provided runtimes, and the removal of what was not used
//! for long. A run in another terminal keeps what it uses.

use crate::calendar::now;
use crate::exit::{Exit, Failure};
use crate::preparing::cache;
use bakeoff_core::words::number::{Quantity, count};
use bakeoff_core::words::table;
use bakeoff_lab::{Kept, kept_in, prune};
use clap::{Args, Subcommand};
use jiff::SignedDuration;
use serde_json::json;
use std::io;

const HOURS_OF_A_DAY: i64 = 24;
const BYTES_OF_A_MB: f64 = 1_000_000.0;

/// Show what is kept for the next run, or remove what was not used for long
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bakeoff cache\n  bakeoff cache prune                    what was not used for 14 days\n  \
                  bakeoff cache prune --unused-days 0    everything that no bakeoff uses now\n\n\
                  The cache is the folder BAKEOFF_CACHE, else bakeoff below XDG_CACHE_HOME or ~/.cache."
)]
pub(crate) struct Cache {
    #[command(subcommand)]
    what: Option<What>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Subcommand)]
enum What {
    /// Remove what was not used for long; the next run installs again what it needs
    Prune {
        /// For how many days it was not used
        #[arg(long, value_name = "DAYS", default_value_t = 14)]
        unused_days: u16,
    },
}

impl Cache {
    /// Shows or prunes it.
    ///
    /// # Errors
    /// The cache cannot be read, or a folder cannot be removed.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let folder = cache();
        let failed = |error: io::Error| {
            Failure::lab(
                format!("the cache `{}`: {error}", folder.display()),
                "BAKEOFF_CACHE names another folder",
            )
        };
        match &self.what {
            None => self.show(&kept_in(&folder).map_err(failed)?),
            Some(What::Prune { unused_days }) => {
                let since = now() - SignedDuration::from_hours(HOURS_OF_A_DAY * i64::from(*unused_days));
                let removed = prune(&folder, since).map_err(failed)?;
                let left = kept_in(&folder).map_err(failed)?;
                println!(
                    "removed {} ({}), kept {} ({})",
                    count(removed.len(), "folder"),
                    in_mb(&removed),
                    left.len(),
                    in_mb(&left)
                );
            }
        }
        Ok(Exit::Done)
    }

    fn show(&self, kept: &[Kept]) {
        if self.json {
            let rows: Vec<_> = kept
                .iter()
                .map(|one| json!({ "name": one.name, "bytes": one.bytes, "used": one.used.map(|used| used.to_string()) }))
                .collect();
            println!(
                "{:#}",
                json!({ "folder": cache().display().to_string(), "kept": rows })
            );
            return;
        }
        let rows: Vec<Vec<String>> = kept.iter().map(row).collect();
        if !rows.is_empty() {
            println!("{}", table::aligned(&["name", "size", "last used"], &rows));
        }
        println!(
            "{}: {}, {}",
            cache().display(),
            count(kept.len(), "folder"),
            in_mb(kept)
        );
    }
}

fn row(one: &Kept) -> Vec<String> {
    let days = one
        .used
        .map(|used| now().duration_since(used).as_hours() / HOURS_OF_A_DAY);
    let used = match days {
        None => "unknown".to_owned(),
        Some(..=0) => "today".to_owned(),
        Some(days) => format!("{} ago", count(days as usize, "day")),
    };
    vec![one.name.clone(), megabytes(one.bytes), used]
}

fn in_mb(kept: &[Kept]) -> String {
    megabytes(kept.iter().map(|one| one.bytes).sum())
}

fn megabytes(bytes: u64) -> String {
    Quantity::new(bytes as f64 / BYTES_OF_A_MB, "MB").in_table()
}
