//! `bakeoff load URL`: the load generator alone. It prints how one server responded to one load and whether the figures
//! are reliable. It does not compare, judge or store.

mod files;
mod live;
mod mix;
mod requests;
mod shape;

use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use bakeoff_load::{LoadReport, Plan, Target, Trust, output, run, send_once, url::Url};
use clap::Args;
use live::Live;
use requests::Requests;
use shape::Shape;
use std::path::PathBuf;
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
  bakeoff load ws://localhost:8080/socket --message '{\"type\": \"echo\", \"data\": \"{1..100}\"}' --rate 100

A mix is a TOML file of requests; all keys except `path` are optional:
  [[request]]
  weight = 60                       its share, relative to the others
  path = \"/items/{1..10000}\"        and method, headers = { NAME = VALUE }, label
  body = \"…\"                        or body_file, body_pattern = BYTES, message (over a WebSocket)
  expect = { status = 200, type = \"application/json\", at = { \"/id\" = \"{1..10000}\" } }
                                    and headers, length, body (exact), text = [\"…\"], json, pattern = BYTES,
                                    events = { count, from, name, data }

Latency counts from the time at which a request was due, not from its actual send, so a stall delays all requests that were due during it.
In URL, headers and body, {1..100} is a number of that range and {a|b} one of the texts, drawn anew for each request.

Exit codes: 0 done · 1 the server did not hold the rate, or no response was right · 2 bad usage · 3 the server cannot be reached · 130 interrupted";

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
    /// Trust only the certificate authorities of this PEM file
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    cacert: Option<PathBuf>,
    /// Trust any certificate, for a test server
    #[arg(long)]
    insecure: bool,
    /// Print the report as JSON (schema 1, latencies in microseconds)
    #[arg(long)]
    json: bool,
    /// Write the response times of each second to a file in HdrHistogram's log format
    #[arg(long, value_name = "FILE")]
    hdr: Option<PathBuf>,
}

impl Load {
    /// Sends the load and prints the report.
    ///
    /// # Errors
    /// Bad usage, a server that cannot be reached, or a file that cannot be written.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let (target, url) = self.target()?;
        let plan = self.shape.plan()?;
        let specs = self.requests.specs(&url)?;
        let what = match &specs[..] {
            [one] => format!("{} {}", one.method, self.url),
            many => format!("{} kinds of requests to {}", many.len(), self.url),
        };
        reach(&target, &plan)?;
        let interrupt = Interrupt::listen()?;
        let began = SystemTime::now() + plan.warm;
        let live = Live::open();
        let report = run(
            &target,
            &specs,
            &plan,
            &mut |tick| live.show(tick),
            interrupt.flag(),
        );
        live.close();
        let report =
            report.map_err(|error| Failure::usage(error, "`bakeoff load --help` shows all options"))?;
        if let Some(file) = &self.hdr {
            let written = output::hdr_log(&report, began).and_then(|log| std::fs::write(file, log));
            written.map_err(|error| {
                Failure::lab(
                    format!("cannot write `{}`: {error}", file.display()),
                    "choose another file",
                )
            })?;
        }
        if self.json {
            println!("{:#}", output::json(&report, &plan));
        } else {
            println!("{}", output::text(&report, &plan, &what));
        }
        Ok(exit(&report, interrupt.requested()))
    }

    fn target(&self) -> Result<(Target, Url), Failure> {
        let trust = match (&self.cacert, self.insecure) {
            (_, true) => Trust::Anyone,
            (None, false) => Trust::PublicAuthorities,
            (Some(file), false) => Trust::Pem(files::read(file)?),
        };
        let wrong = |reason| {
            Failure::usage(
                format!("`{}`: {reason}", self.url),
                "write a URL such as `http://localhost:8080/json`",
            )
        };
        let url = Url::parse(&self.url).map_err(wrong)?;
        Ok((url.target(trust).map_err(wrong)?, url))
    }
}

/// Reports an unreachable server before the load, instead of after a load of failures.
fn reach(target: &Target, plan: &Plan) -> Result<(), Failure> {
    use bakeoff_load::FailureKind::Connect;
    match send_once(target, "OPTIONS", "*", &[], None, plan.timeout) {
        Err((Connect, reason)) => Err(Failure::lab(
            format!("no connection to {reason}"),
            "is the server running, and is the port right?",
        )),
        _ => Ok(()),
    }
}

fn exit(report: &LoadReport, interrupted: bool) -> Exit {
    match report {
        _ if interrupted => Exit::Interrupted,
        report if report.rate_held && report.correct > 0 => Exit::Done,
        _ => Exit::LimitFailed,
    }
}
