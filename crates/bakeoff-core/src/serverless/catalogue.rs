//! The dated table of prices, instance classes and autoscalers, `data/serverless.toml`, as types. The numbers and their
//! sources stand in the file. It computes no cost: [`super::tariff`] does.

use serde::Deserialize;
use std::sync::LazyLock;

/// The whole table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The day on which its pages were read, `YYYY-MM-DD`.
    pub date: String,
    /// Hours of a month.
    pub month_hours: f64,
    /// The price lists.
    pub price: Prices,
    /// App Engine.
    pub app_engine: AppEngine,
    /// Cloud Run.
    pub cloud_run: CloudRun,
    /// Both.
    pub both: Both,
}

/// The price lists.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The currency's code.
    pub currency: String,
    /// Which list it is.
    pub list: String,
    /// App Engine's.
    pub app_engine: AppEnginePrice,
    /// Cloud Run's.
    pub cloud_run: CloudRunPrice,
}

/// App Engine's price list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppEnginePrice {
    /// An hour of an F1 instance.
    pub f1_hour: f64,
    /// F1 hours a day that cost nothing.
    pub free_f1_hours_a_day: f64,
    /// The page.
    pub source: String,
}

/// Cloud Run's price list, billed by request.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloudRunPrice {
    /// A processor for a second.
    pub vcpu_second: f64,
    /// A GiB of memory for a second.
    pub gib_second: f64,
    /// A million requests.
    pub million_requests: f64,
    /// The same processor while a kept instance has no request.
    pub idle_vcpu_second: f64,
    /// The same memory while a kept instance has no request.
    pub idle_gib_second: f64,
    /// Time is paid in steps of this, in s.
    pub step_s: f64,
    /// A month's processor time that costs nothing, in s.
    pub free_vcpu_seconds: f64,
    /// A month's memory that costs nothing, in GiB × s.
    pub free_gib_seconds: f64,
    /// A month's requests that cost nothing.
    pub free_requests: f64,
    /// The page.
    pub source: String,
}

/// App Engine: autoscaler, classes, contract.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppEngine {
    /// What a reader calls it.
    pub title: String,
    /// Requests that an instance takes at a time.
    pub max_concurrent_requests: u32,
    /// The most that it can be set to.
    pub max_concurrent_requests_most: u32,
    /// The share of the processor that the autoscaler aims at.
    pub target_cpu_utilization: f64,
    /// The share of the places that it aims at.
    pub target_throughput_utilization: f64,
    /// The most instances of a new project that states none.
    pub max_instances_default: u32,
    /// How long an instance is paid after its last request, in s.
    pub idle_s: u32,
    /// From SIGTERM until it is killed, in s.
    pub stop_s: f64,
    /// The page about the autoscaler.
    pub scaling_source: String,
    /// The page about instances.
    pub instances_source: String,
    /// The page about runtimes and their ends.
    pub runtimes_source: String,
    /// The page about what a program must do.
    pub contract_source: String,
    /// What no page states.
    pub assumed: Vec<String>,
    /// The time over which it averages, in s.
    pub window_s: u32,
    /// How often it looks, in s.
    pub period_s: u32,
    /// How long a request waits before it starts an instance, in s.
    pub min_pending_s: f64,
    /// How long a request waits before it is refused, in s.
    pub wait_most_s: f64,
    /// The instance classes.
    pub class: Vec<Class>,
}

/// An instance class of App Engine.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its name, as `F1`.
    pub name: String,
    /// Its processor, in MHz.
    pub mhz: f64,
    /// Its memory, in MB.
    pub memory_mb: f64,
    /// How many F1 hours an hour of it costs.
    pub f1_multiple: f64,
    /// The page.
    pub source: String,
}

/// Cloud Run: autoscaler, sizes, contract.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloudRun {
    /// What a reader calls it.
    pub title: String,
    /// Requests at a time for each processor of an instance.
    pub concurrency_per_vcpu: f64,
    /// The most that it can be set to.
    pub concurrency_most: u32,
    /// The share of the processors that the autoscaler aims at.
    pub target_cpu_utilization: f64,
    /// The share of the places that it aims at.
    pub target_concurrency_utilization: f64,
    /// The time over which it averages, in s.
    pub window_s: u32,
    /// How many mean start times a request waits.
    pub wait_starts: f64,
    /// How long it waits at least, in s.
    pub wait_least_s: f64,
    /// How long an instance without requests is kept, in s.
    pub idle_s: u32,
    /// From SIGTERM until it is killed, in s.
    pub stop_s: f64,
    /// The page about the autoscaler.
    pub scaling_source: String,
    /// The page about concurrency.
    pub instances_source: String,
    /// The page about what a program must do.
    pub contract_source: String,
    /// What no page states.
    pub assumed: Vec<String>,
    /// How often the autoscaler looks, in s.
    pub period_s: u32,
    /// Processors of an instance where the brief states none.
    pub vcpu: f64,
    /// Memory of an instance where the brief states none, in MB.
    pub memory_mb: f64,
}

/// What holds for both.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// What no page states.
    pub assumed: Vec<String>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/serverless.toml"))
        .expect("the table is compiled in, and a test reads it")
});

/// The table that ships with the program.
#[must_use]
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

impl Catalogue {
    /// The instance class of that name, if it scales automatically.
    #[must_use]
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.app_engine.class.iter().find(|class| class.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::catalogue;

    #[test]
    fn every_entry_is_dated_and_has_its_page() {
        let table = catalogue();
        assert_eq!(table.date.len(), "2026-11-28".len());
        let classes = table.app_engine.class.iter().map(|class| &class.source);
        let pages = [
            &table.price.app_engine.source,
            &table.price.cloud_run.source,
            &table.app_engine.scaling_source,
            &table.app_engine.instances_source,
            &table.app_engine.runtimes_source,
            &table.app_engine.contract_source,
            &table.cloud_run.scaling_source,
            &table.cloud_run.instances_source,
            &table.cloud_run.contract_source,
        ];
        for page in pages.into_iter().chain(classes) {
            assert!(page.starts_with("https://"), "{page}");
        }
        assert_eq!(table.class("F2").map(|class| class.memory_mb), Some(768.0));
        assert!(
            table.class("B2").is_none(),
            "basic and manual scaling are not simulated"
        );
    }
}
