//! `bakeoff load URL`: the load generator alone. It prints how one server responded to one load and whether the figures
//! are reliable. It does not compare, judge or store.

mod files;
mod limits;
mod live;
mod mix;
pub(crate) mod requests;
pub(crate) mod security;
mod shape;

use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use bakeoff_load::output::{Layout, Limits};
use bakeoff_load::{LoadError, LoadReport, Plan, output, run_watched, url::Url};
use clap::Args;
use limits::LimitOptions;
use live::{Live, Seconds};
use requests::Requests;
use security::Security;
use shape::Shape;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

const EXAMPLES: &str = "\
Examples:
  bakeoff load http://localhost:8080/json --rate 500
  bakeoff load http://localhost:8080/items/{1..10000} --rate 200 --duration 1m --expect-type application/json
  bakeoff load http://localhost:8080/items --rate 50 -X POST -H 'content-type: application/json' --body @item.json --expect-status 201
  bakeoff load http://localhost:8080/json --ramp 100..2000 --duration 2m     find the rate at which it breaks
  bakeoff load http://localhost:8080/json --closed --connections 64          measure its capacity
  bakeoff load http://localhost:8080 -q '60 GET /items/{1..10000}' -q '25 GET /items?limit=20' -q '15 POST /items @item.json'
  bakeoff load http://localhost:8080 --mix mix.toml --rate 300               each request with its own checks
  bakeoff load http://localhost:8080/upload --body-pattern 1048576 --rate 20
  bakeoff load http://localhost:8080/ --rate 500 --slo-p99 50ms --max-error-rate 0   exit code 1 where it is slower
  bakeoff load http://localhost:8080/ --rate 500 --ndjson                   each second as a line of JSON
  bakeoff load ws://localhost:8080/socket --message '{\"type\": \"echo\", \"data\": \"{1..100}\"}' --rate 100

A mix is a TOML file of requests; all keys except `path` are optional. A body_file is looked for beside the mix:
  [[request]]
  weight = 60                       its share, relative to the others
  path = \"/items/{1..10000}\"        and method, headers = { NAME = VALUE }, label
  body = \"…\"                        or body_file, body_pattern = BYTES, message (over a WebSocket)
  expect = { status = 200, type = \"application/json\", at = { \"/id\" = \"{1..10000}\" } }
                                    and headers, length, body (exact), text = [\"…\"], json, pattern = BYTES,
                                    events = { count, from, name, data }
  placeholders = \"texts\"             or all, or none, as the option

Latency counts from the time at which a request was due, not from its actual send, so a stall delays all requests that were due during it.
What is written is what is sent: the path in any script, header names in their case, a file byte for byte. Three things are
not as they are written. In URL, headers and texts of bodies, {1..100} is a number of that range and {a|b} one of the texts,
drawn anew for each request (--placeholders none switches it off, all draws in files too). White space around a URL and a
header's value is left out. A method of HTTP is sent in capitals. Added, unless given: host, user-agent, content-length.

--ndjson prints a line for each second, {\"type\": \"second\", …}, with its histogram (HdrHistogram's V2 encoding, deflated, in
base64; those from second 0 on add up to the total), and the report as the last line, {\"type\": \"report\", …}.

Exit codes: 0 done · 1 a limit was broken: the server did not hold the rate, more than 1 % of the requests failed, no response
was right, or an option's limit · 2 bad usage · 3 the server cannot be reached · 130 interrupted";

/// Send load to a URL with the load generator alone
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Load {
    /// The URL to request
    #[arg(value_name = "URL")]
    url: String,
    #[command(flatten)]
    shape: Shape,
    #[command(flatten)]
    requests: Requests,
    #[command(flatten)]
    security: Security,
    #[command(flatten)]
    limits: LimitOptions,
    /// Print the report as JSON (schema 1, latencies in microseconds)
    #[arg(long, help_heading = "Output")]
    json: bool,
    /// Print each second as a line of JSON while the load runs, and the report as the last line
    #[arg(long, conflicts_with = "json", help_heading = "Output")]
    ndjson: bool,
    /// Write the response times of each second to a file in HdrHistogram's log format
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    hdr: Option<PathBuf>,
}

impl Load {
    /// Sends the load and prints the report.
    ///
    /// # Errors
    /// Bad usage, a server that cannot be reached, or a file that cannot be written.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let url = Url::parse(&self.url).map_err(|reason| {
            Failure::usage(
                format!("`{}`: {reason}", self.url),
                "write a URL such as `http://localhost:8080/json`",
            )
        })?;
        let plan = self.shape.plan()?;
        let specs = self.requests.specs(&url)?;
        let target = self.security.target(&url, plan.timeout)?;
        let hdr = self.hdr.as_deref().map(HdrFile::open).transpose()?;
        let what = match &specs[..] {
            [one] => format!("{} {}", one.method, self.url.trim()),
            many => format!("{} kinds of requests to {}", many.len(), self.url.trim()),
        };
        let interrupt = Interrupt::listen()?;
        let began = SystemTime::now() + plan.warm;
        let mut live = Live::open(if self.ndjson {
            Seconds::Printed
        } else {
            Seconds::Silent
        });
        let report = run_watched(&target, &specs, &plan, &mut live, interrupt.flag());
        live.close();
        let report = report.map_err(not_driven)?;
        let limits = self.limits.limits();
        self.print(&report, &plan, &what, &limits);
        if let Some(hdr) = hdr {
            hdr.write(&report, began)?;
        }
        Ok(match limits.broken(&report)[..] {
            _ if interrupt.requested() => Exit::Interrupted,
            [] => Exit::Done,
            _ => Exit::LimitFailed,
        })
    }

    fn print(&self, report: &LoadReport, plan: &Plan, what: &str, limits: &Limits) {
        if self.json || self.ndjson {
            let mut json = output::json(report, plan, limits);
            if self.json {
                println!("{json:#}");
            } else {
                json["type"] = "report".into();
                println!("{json}");
            }
        } else {
            let layout = Layout {
                columns: crate::output::columns(),
            };
            say!("{}", output::text(report, plan, what, limits, layout));
        }
    }
}

/// A load that could not be driven.
fn not_driven(error: LoadError) -> Failure {
    let hint = match &error {
        LoadError::OpenFiles { .. } => "use fewer connections, or raise the limit: `ulimit -n 100000`",
        _ => "`bakeoff load --help` shows all options",
    };
    Failure::usage(error, hint)
}

/// The file for the histograms: opened before the load, so that a wrong path costs no load.
struct HdrFile<'a> {
    file: File,
    path: &'a Path,
}

impl<'a> HdrFile<'a> {
    /// Opens it; what it holds stays until the load has ended.
    fn open(path: &'a Path) -> Result<Self, Failure> {
        let opened = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path);
        match opened {
            Ok(file) => Ok(Self { file, path }),
            Err(error) => Err(Failure::usage(
                format!("cannot write `{}`: {error}", path.display()),
                "name a file in a folder that is there and that you may write",
            )),
        }
    }

    fn write(mut self, report: &LoadReport, began: SystemTime) -> Result<(), Failure> {
        let log = output::hdr_log(report, began);
        let written = log.and_then(|log| {
            truncate(&self.file)?;
            self.file.write_all(log.as_bytes())
        });
        written.map_err(|error| {
            Failure::lab(
                format!("cannot write `{}`: {error}", self.path.display()),
                "the report above is whole; is the disk full?",
            )
        })
    }
}

/// Empties a file; a pipe or a terminal holds nothing.
fn truncate(file: &File) -> io::Result<()> {
    if file.metadata()?.is_file() {
        file.set_len(0)
    } else {
        Ok(())
    }
}
