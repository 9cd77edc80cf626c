//! A target: a platform with an instance of one size, the policy of its autoscaler and its prices, from a brief and the
//! dated table. Nothing of a contender is in it.

use super::catalogue::{Catalogue, catalogue};
use super::platform::Platform;
use super::policy::Policy;
use super::tariff::Tariff;
use crate::brief::{Brief, Deploy};
use serde::{Deserialize, Serialize};

/// The most instances of a simulation.
pub const MOST_INSTANCES: u32 = 100_000;

/// The clock of a whole processor, in MHz: that of App Engine's F4.
const WHOLE_MHZ: f64 = 2_400.0;

/// The instance class where a brief for Cloud Run states none.
const CLASS: &str = "F1";

/// Where a backend may run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The platform.
    pub platform: Platform,
    /// The size, as a reader knows it: `F1`, `1 vCPU, 512 MB`.
    pub size: String,
    /// Processors of an instance, also a part of one.
    pub vcpu: f64,
    /// Memory of an instance, in MB.
    pub memory_mb: f64,
    /// Requests at a time.
    pub concurrency: u32,
    /// The autoscaler.
    pub policy: Policy,
    /// Prices.
    pub tariff: Tariff,
    /// The currency's code.
    pub currency: String,
    /// Whether the brief states the prices, and not the dated list.
    pub own_price: bool,
    /// From SIGTERM until an instance is killed, in s.
    pub stop_s: f64,
}

/// Why a target of a brief has no simulation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoTarget {
    /// The platform.
    pub platform: Platform,
    /// The instance class that it does not scale automatically.
    pub class: String,
}

impl Target {
    /// Both targets of a brief, its own first; the other has what the brief says of it, else the table's size.
    #[must_use]
    pub fn of_brief(brief: &Brief) -> Vec<Result<Target, NoTarget>> {
        let Some(own) = Platform::of_id(&brief.deploy.target) else {
            return Vec::new();
        };
        let mut platforms = Platform::ALL;
        platforms.sort_by_key(|platform| *platform != own);
        platforms
            .into_iter()
            .map(|platform| Target::on(platform, &brief.deploy))
            .collect()
    }

    /// The target of a brief on a platform.
    ///
    /// # Errors
    /// An instance class that does not scale automatically.
    pub fn on(platform: Platform, deploy: &Deploy) -> Result<Target, NoTarget> {
        let table = catalogue();
        match platform {
            Platform::AppEngine => {
                let class = deploy.instance_class.as_deref().unwrap_or(CLASS);
                Target::app_engine(table, class, deploy).ok_or_else(|| NoTarget {
                    platform,
                    class: class.to_owned(),
                })
            }
            Platform::CloudRun => {
                let vcpu = deploy.vcpu.unwrap_or(table.cloud_run.vcpu);
                let memory_mb = deploy.memory_mb.unwrap_or(table.cloud_run.memory_mb);
                Ok(Target::cloud_run(table, vcpu, memory_mb, deploy))
            }
        }
    }

    /// App Engine with an instance class; none where it does not scale automatically.
    pub(super) fn app_engine(table: &Catalogue, class: &str, deploy: &Deploy) -> Option<Target> {
        let class = table.class(class)?;
        let of = &table.app_engine;
        let own_price = deploy.own_price.f1_hour.is_some();
        Some(Target {
            platform: Platform::AppEngine,
            size: class.name.clone(),
            vcpu: class.mhz / WHOLE_MHZ,
            memory_mb: class.memory_mb,
            concurrency: of.max_concurrent_requests,
            policy: Policy {
                cpu_target: of.target_cpu_utilization,
                concurrency_target: of.target_throughput_utilization,
                window_s: of.window_s,
                period_s: of.period_s,
                min_pending_s: of.min_pending_s,
                wait_most_s: of.wait_most_s,
                idle_s: of.idle_s,
                min_instances: 0,
                max_instances: MOST_INSTANCES,
            },
            tariff: Tariff::app_engine(table, class.f1_multiple, &deploy.own_price),
            currency: currency(table, deploy, own_price),
            own_price,
            stop_s: of.stop_s,
        })
    }

    /// Cloud Run with an instance of that size. Less than one processor takes one request at a time
    /// [docs.cloud.google.com/run/docs/configuring/services/cpu].
    pub(super) fn cloud_run(table: &Catalogue, vcpu: f64, memory_mb: f64, deploy: &Deploy) -> Target {
        let of = &table.cloud_run;
        let own_price = deploy.own_price.vcpu_second.is_some();
        let concurrency = if vcpu < 1.0 {
            1
        } else {
            ((of.concurrency_per_vcpu * vcpu) as u32).min(of.concurrency_most)
        };
        Target {
            platform: Platform::CloudRun,
            size: format!("{vcpu} vCPU, {memory_mb} MB"),
            vcpu,
            memory_mb,
            concurrency,
            policy: Policy {
                cpu_target: of.target_cpu_utilization,
                concurrency_target: of.target_concurrency_utilization,
                window_s: of.window_s,
                period_s: of.period_s,
                min_pending_s: 0.0,
                wait_most_s: of.wait_least_s,
                idle_s: of.idle_s,
                min_instances: 0,
                max_instances: MOST_INSTANCES,
            },
            tariff: Tariff::cloud_run(table, vcpu, memory_mb, &deploy.own_price),
            currency: currency(table, deploy, own_price),
            own_price,
            stop_s: of.stop_s,
        }
    }

    /// The policy with what depends on the start time: on Cloud Run a request waits for several of them.
    #[must_use]
    pub fn policy_with_start(&self, start_s: f64) -> Policy {
        let of = &catalogue().cloud_run;
        let wait_most_s = match self.platform {
            Platform::AppEngine => self.policy.wait_most_s,
            Platform::CloudRun => (of.wait_starts * start_s).max(of.wait_least_s),
        };
        Policy {
            wait_most_s,
            ..self.policy
        }
    }

    /// The fewest that time is paid in, in s.
    #[must_use]
    pub fn step_s(&self) -> f64 {
        catalogue().price.cloud_run.step_s
    }
}

/// The brief's currency for the brief's prices, the list's for those of the list.
fn currency(table: &Catalogue, deploy: &Deploy, own_price: bool) -> String {
    if own_price {
        deploy.price.currency.clone()
    } else {
        table.price.currency.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::Target;
    use crate::fixture::brief;
    use crate::serverless::platform::Platform;

    #[test]
    fn the_brief_s_own_target_comes_first_and_the_other_beside_it() {
        let mut brief = brief();
        assert!(
            Target::of_brief(&brief).is_empty(),
            "a container has no autoscaler here"
        );
        brief.deploy.target = "cloud-run".to_owned();
        brief.deploy.vcpu = Some(2.0);
        let targets = Target::of_brief(&brief);
        let sizes: Vec<_> = targets
            .iter()
            .flatten()
            .map(|target| {
                (
                    target.platform,
                    target.size.as_str(),
                    target.vcpu,
                    target.concurrency,
                )
            })
            .collect();
        assert_eq!(
            sizes,
            [
                (Platform::CloudRun, "2 vCPU, 512 MB", 2.0, 160),
                (Platform::AppEngine, "F1", 0.25, 10)
            ]
        );
        brief.deploy.target = "app-engine".to_owned();
        brief.deploy.instance_class = Some("B2".to_owned());
        let targets = Target::of_brief(&brief);
        assert!(targets[0].as_ref().is_err_and(|none| none.class == "B2"));
        let cloud_run = targets[1].as_ref().unwrap();
        assert!((cloud_run.policy_with_start(4.0).wait_most_s - 14.0).abs() < 1e-12);
        assert!((cloud_run.policy_with_start(0.1).wait_most_s - 10.0).abs() < 1e-12);
    }
}
