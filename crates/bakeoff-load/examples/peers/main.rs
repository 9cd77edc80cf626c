//! This generator beside its peers, on their ground: the same server on one core, one client after the other on
//! another.
//!
//! `cargo run --release -p bakeoff-load --example peers` runs those of wrk, wrk2, oha, h2load, ab and hey that are
//! installed; it needs nginx, taskset and two cores. `--rounds N` and `--seconds S` make it longer or shorter,
//! `--only closed|open` runs a part of it, and `--against PROGRAM` puts another build of this example among the
//! clients.

mod bare;
mod child;
mod nginx;
mod ours;
mod punctual;
mod stall;
mod throughput;
mod tool;

use std::process::ExitCode;

/// The options of a run.
struct Options {
    rounds: usize,
    seconds: u64,
    /// The part that runs: `closed` or `open`; all without one.
    only: Option<String>,
    /// Another build of this example, whose generator is a client too.
    against: Option<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // The generator and the bare loop run as processes of their own, like every other client.
    let done = match &words[..] {
        ["ours", url, rest @ ..] => ours::run(url, rest),
        ["bare", address, connections, seconds] => bare::run(address, connections, seconds),
        words => Options::parse(words).and_then(|options| compare(&options)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

impl Options {
    fn parse(words: &[&str]) -> Result<Self, String> {
        let mut options = Self {
            rounds: 7,
            seconds: 3,
            only: None,
            against: None,
        };
        for option in words.chunks(2) {
            let number = option
                .get(1)
                .and_then(|text| text.parse::<u64>().ok())
                .filter(|number| *number > 0);
            match (option[0], number) {
                ("--rounds", Some(number)) => options.rounds = number as usize,
                ("--seconds", Some(number)) => options.seconds = number,
                ("--only", _) => options.only = option.get(1).map(|part| (*part).to_owned()),
                ("--against", _) => options.against = option.get(1).map(|path| (*path).to_owned()),
                _ => {
                    return Err(format!(
                        "`{}`: use `--rounds N`, `--seconds S`, `--only closed|open` and `--against PROGRAM`",
                        option.join(" ")
                    ));
                }
            }
        }
        Ok(options)
    }
}

fn compare(options: &Options) -> Result<(), String> {
    let mut tools = tool::installed();
    if let Some(program) = &options.against {
        tools.insert(1, tool::other_build(program));
    }
    let names: Vec<&str> = tools.iter().map(|tool| tool.name).collect();
    println!(
        "clients: {}; server: nginx on core 1, clients on core 0\n",
        names.join(", ")
    );
    let server = nginx::Nginx::start()?;
    let runs = |part: &str| options.only.as_deref().is_none_or(|only| only == part);
    if runs("closed") {
        throughput::closed(&tools, &server, options)?;
    }
    if runs("open") {
        punctual::compare(&server, options)?;
    }
    if options.only.is_some() {
        return Ok(());
    }
    throughput::connections(&server)?;
    drop(server);
    stall::compare(&tools)
}
