//! A brief: what the backend must do, as its users state it. The form of `briefs/*.toml`. [`parse`] reads it from a
//! text, with an error for every wrong line. Whether this machine can run what the brief needs is the lab's question.

pub mod anchors;
mod criteria;
mod measure;
mod parse;

pub use criteria::BriefCriterion;
pub use measure::OwnMeasure;
pub use parse::{Vocabulary, parse};

use crate::serverless::day::Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The user's requirements.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// A short name, for files and sentences.
    pub name: String,
    /// The question that is to be answered.
    pub question: String,
    /// What one instance must carry.
    pub load: Load,
    /// The mix of requests, shares relative; never empty.
    pub traffic: Vec<Traffic>,
    /// Who builds it.
    pub team: Team,
    /// What it needs besides serving.
    pub needs: Needs,
    /// Where it will run, and at what price.
    pub deploy: Deploy,
    /// What counts for how much.
    pub preferences: Preferences,
    /// The contenders to compare, variants by their whole names; empty: all that this machine can run, no variants.
    pub only: Vec<String>,
    /// Contenders that are compared besides those of the default field, with the part that they have by themselves.
    #[serde(default)]
    pub also: Vec<String>,
    /// References that may be chosen all the same, besides those that `only` names.
    #[serde(default)]
    pub candidates: Vec<String>,
    /// By contender: which of its variants are compared besides it.
    #[serde(default)]
    pub variants: BTreeMap<String, VariantChoice>,
    /// Value functions that the user set, by metric.
    pub values: BTreeMap<String, ValueRange>,
    /// What only the user knows of the contenders; it stands beside what is measured.
    #[serde(default)]
    pub measures: Vec<OwnMeasure>,
    /// What it takes to be chosen.
    #[serde(default)]
    pub verdict: Thresholds,
    /// The service's own tables and rows; none: those of the shipped contract.
    #[serde(default)]
    pub database: Option<OwnDatabase>,
    /// The programs that it needs besides PostgreSQL.
    #[serde(default)]
    pub services: Vec<Service>,
}

/// A program that the brief's service needs besides PostgreSQL, as Redis. The commands may have the placeholders
/// `{host}`, `{port}`, `{folder}`, an empty folder of its own, and `{user}`, the name of who runs bakeoff.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its name: contenders get `NAME_HOST`, `NAME_PORT` and `NAME_URL`.
    pub name: String,
    /// Commands that run once before it starts.
    pub setup: Vec<Vec<String>>,
    /// The argument list with which it starts.
    pub command: Vec<String>,
    /// A command that succeeds when it is ready; empty: it is ready when its port accepts a connection.
    pub ready: Vec<String>,
    /// Commands that run once when it is ready.
    pub seed: Vec<Vec<String>>,
    /// Commands that run before each load.
    pub reset: Vec<Vec<String>>,
    /// Its address for contenders; none: they get host and port.
    pub url: Option<String>,
    /// The host name under which programs look for it, when they have it fixed.
    #[serde(default)]
    pub host: Option<String>,
    /// The port on which programs look for it, when they have it fixed.
    #[serde(default)]
    pub port: Option<u16>,
}

impl Service {
    /// A service that a scenario may ask for without a word in the brief.
    #[must_use]
    pub fn known(name: &str) -> Option<Service> {
        let command = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<String>>();
        (name == "redis").then(|| Service {
            name: name.to_owned(),
            command: [
                command("redis-server --bind {host} --port {port} --dir {folder} --appendonly no --save"),
                // No snapshots.
                vec![String::new()],
            ]
            .concat(),
            ready: command("redis-cli -h {host} -p {port} ping"),
            reset: vec![command("redis-cli -h {host} -p {port} flushall")],
            url: Some("redis://{host}:{port}".to_owned()),
            ..Service::default()
        })
    }
}

/// The service's own tables and rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnDatabase {
    /// Files of SQL in the order in which they run, beside the brief: those of the schema, then those of the rows.
    pub scripts: Vec<String>,
    /// The names that programs have fixed.
    #[serde(default)]
    pub fixed: DatabaseNames,
}

/// What programs have fixed of the database to which they connect. What is none is the lab's to choose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseNames {
    /// The name of the database.
    #[serde(default)]
    pub name: Option<String>,
    /// The role.
    #[serde(default)]
    pub user: Option<String>,
    /// The role's password.
    #[serde(default)]
    pub password: Option<String>,
    /// The name of the host.
    #[serde(default)]
    pub host: Option<String>,
    /// The port.
    #[serde(default)]
    pub port: Option<u16>,
}

impl Brief {
    /// What programs have fixed of the database; nothing for the shipped contract's.
    #[must_use]
    pub fn database_names(&self) -> DatabaseNames {
        let own = self.database.as_ref();
        own.map_or_else(DatabaseNames::default, |own| own.fixed.clone())
    }

    /// The first setting of the services that two launches cannot have at the same time in one network, as it is
    /// written in the brief; none: all launches share the services.
    #[must_use]
    pub fn fixed_address(&self) -> Option<String> {
        let DatabaseNames { name, host, port, .. } = self.database_names();
        let text = |key: &str, value: Option<String>| Some(format!("`{key} = \"{}\"`", value?));
        let number = |value: Option<u16>| Some(format!("`port = {}`", value?));
        let of_database = text("name", name)
            .or_else(|| text("host", host))
            .or_else(|| number(port))
            .map(|written| format!("{written} in [database]"));
        let mut services = self.services.iter();
        let of_service = || {
            services.find_map(|service| {
                let written = text("host", service.host.clone()).or_else(|| number(service.port))?;
                Some(format!("{written} of the service `{}`", service.name))
            })
        };
        of_database.or_else(of_service)
    }
}

/// Which variants of a contender are compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariantChoice {
    /// All that its manifest has.
    All,
    /// These, by their own names.
    Named(Vec<String>),
}

impl VariantChoice {
    /// Whether it holds the variant of that own name.
    #[must_use]
    pub fn holds(&self, variant: &str) -> bool {
        match self {
            VariantChoice::All => true,
            VariantChoice::Named(names) => names.iter().any(|name| name == variant),
        }
    }
}

/// What one instance must carry.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// Requests a second at the peak.
    pub peak_rps: f64,
    /// Processors of one instance, and the number of processes that a contender gets.
    pub cores: u32,
    /// Memory of one instance, in MB.
    pub memory_mb: f64,
    /// The service level.
    pub slo: Slo,
    /// The connections of the load; none: as many as its rate and service level need.
    #[serde(default)]
    pub connections: Option<u32>,
    /// How the load is spread over a day, for a target whose instances follow it; none where the brief states none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
}

impl Load {
    /// The fewest and the most connections that follow from a rate.
    const CONNECTIONS: (u32, u32) = (32, 1_024);

    /// The connections of an open loop at a rate: those of the brief, else twice the requests in flight when every
    /// response takes as long as the service level allows (Little's law). A server with a thread for each connection
    /// answers differently over few and over many.
    #[must_use]
    pub fn connections_at(&self, rate_rps: f64) -> u32 {
        let in_flight = rate_rps * self.slo.p99_ms / 1e3;
        let (fewest, most) = Load::CONNECTIONS;
        self.connections
            .unwrap_or_else(|| ((in_flight * 2.0).ceil() as u32).clamp(fewest, most))
    }
}

/// The service level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Slo {
    /// 99 of 100 responses come within this time, in ms.
    pub p99_ms: f64,
    /// The share of requests that may fail, 0 to 1.
    pub error_rate: f64,
}

/// A share of the mix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Traffic {
    /// The scenario's id.
    pub scenario: String,
    /// Its share, relative to the others.
    pub share: f64,
}

/// Who builds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Number of people; 0 when not stated.
    pub people: u32,
    /// Languages and tools that they know, in lower case.
    pub knows: Vec<String>,
}

/// What it needs besides serving.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// Without it a contender is out.
    pub must: Vec<String>,
    /// It counts.
    pub want: Vec<String>,
}

/// Where a backend, or its language, can run: the words of `deploy.target`.
pub const TARGETS: [&str; 8] = [
    "container",
    "app-engine",
    "cloud-run",
    "functions",
    "edge",
    "browser",
    "desktop",
    "mobile",
];

/// The targets that start and stop instances with the load.
pub const SERVERLESS: [&str; 2] = ["app-engine", "cloud-run"];

/// Where it will run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deploy {
    /// One of [`TARGETS`].
    pub target: String,
    /// The instance class of App Engine.
    pub instance_class: Option<String>,
    /// Processors of an instance of Cloud Run; none: those of the dated table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vcpu: Option<f64>,
    /// Memory of an instance of Cloud Run, in MB; none: that of the dated table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mb: Option<f64>,
    /// What it costs.
    pub price: Price,
    /// What the brief's own contract with App Engine or Cloud Run costs, beside the dated price list.
    #[serde(default)]
    pub own_price: OwnPrice,
}

impl Deploy {
    /// Whether the target starts and stops instances with the load.
    #[must_use]
    pub fn is_serverless(&self) -> bool {
        SERVERLESS.contains(&self.target.as_str())
    }
}

/// Prices of the brief's own for App Engine and Cloud Run, in [`Price::currency`]; what is none costs as the dated
/// price list says. Those of Cloud Run are stated together or not at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct OwnPrice {
    /// An hour of an F1 instance of App Engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub f1_hour: Option<f64>,
    /// A second of a processor of Cloud Run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vcpu_second: Option<f64>,
    /// A second of a GiB of memory of Cloud Run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gib_second: Option<f64>,
    /// A million requests of Cloud Run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub million_requests: Option<f64>,
}

/// What an instance costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// One processor for one hour.
    pub core_hour: f64,
    /// One GB of memory for one hour.
    pub gb_hour: f64,
    /// The currency's code.
    pub currency: String,
}

/// What counts for how much, by the ids of criteria, as far as the user states it. All empty: no priorities, all
/// weightings are equally likely.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Preferences {
    /// Criteria from the most important to the least; those that are not named come after all that are, in no order.
    #[serde(default)]
    pub order: Vec<String>,
    /// Exact relative weights; criteria not listed get weight 0.
    #[serde(default)]
    pub weights: Option<BTreeMap<String, f64>>,
    /// `a` counts for `low` to `high` times as much as `b`.
    #[serde(default)]
    pub ratios: Vec<(String, String, f64, f64)>,
    /// A criterion's share of the whole lies between the two, 0 to 1.
    #[serde(default)]
    pub intervals: BTreeMap<String, [f64; 2]>,
}

/// The ends of a value function, in the metric's unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ValueRange {
    /// Value 0.
    pub required: f64,
    /// Value 1.
    pub ideal: f64,
}

/// The thresholds of a choice; [`crate::judge::answer`] explains each.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// To be chosen, the leader is the best of all with at least this probability.
    pub p_best: f64,
    /// To be chosen, the leader beats each other one with at least this probability.
    pub pairwise: f64,
    /// To be chosen, the leader is ahead of the next with at least this probability when priorities are settled at
    /// their mean: what is left is noise and missing evidence.
    pub separated: f64,
}

impl Default for Thresholds {
    /// One half, 0.6 and 0.95.
    fn default() -> Thresholds {
        Thresholds {
            p_best: 0.5,
            pairwise: 0.6,
            separated: 0.95,
        }
    }
}
