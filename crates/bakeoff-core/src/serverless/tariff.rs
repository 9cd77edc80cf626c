//! What a month of a simulated day costs, by a price list. It knows no traffic out, no taxes and no discounts.

use super::catalogue::Catalogue;
use super::tally::Outcome;
use crate::brief::OwnPrice;
use serde::{Deserialize, Serialize};

/// Bytes of a GiB, in MB.
const GIB_MB: f64 = 1_073.741_824;

/// The prices of an instance on its platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "platform", rename_all = "kebab-case")]
pub enum Tariff {
    /// App Engine.
    AppEngine {
        /// An hour of an F1 instance.
        f1_hour: f64,
        /// F1 hours that an hour of the instance costs.
        f1_multiple: f64,
        /// F1 hours a day that cost nothing.
        free_f1_hours_a_day: f64,
    },
    /// Cloud Run, billed by request.
    CloudRun {
        /// Processors of the instance.
        vcpu: f64,
        /// Memory of the instance, in GiB.
        gib: f64,
        /// A processor for a second.
        vcpu_second: f64,
        /// A GiB for a second.
        gib_second: f64,
        /// A million requests.
        million_requests: f64,
        /// A processor for a second, of a kept instance without a request.
        idle_vcpu_second: f64,
        /// A GiB for a second, of a kept instance without a request.
        idle_gib_second: f64,
        /// What a month has free: seconds of processors, GiB × seconds, requests.
        free: (f64, f64, f64),
    },
}

/// The cost of a month.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Month {
    /// With what is free.
    pub net: f64,
    /// Without it.
    pub gross: f64,
}

impl Tariff {
    /// App Engine's, by the table and the brief.
    #[must_use]
    pub fn app_engine(table: &Catalogue, f1_multiple: f64, own: &OwnPrice) -> Tariff {
        let list = &table.price.app_engine;
        Tariff::AppEngine {
            f1_hour: own.f1_hour.unwrap_or(list.f1_hour),
            f1_multiple,
            free_f1_hours_a_day: list.free_f1_hours_a_day,
        }
    }

    /// Cloud Run's for an instance of that size, by the table and the brief. Idle time costs the same share of the
    /// price as on the list.
    #[must_use]
    pub fn cloud_run(table: &Catalogue, vcpu: f64, memory_mb: f64, own: &OwnPrice) -> Tariff {
        let list = &table.price.cloud_run;
        let vcpu_second = own.vcpu_second.unwrap_or(list.vcpu_second);
        let gib_second = own.gib_second.unwrap_or(list.gib_second);
        Tariff::CloudRun {
            vcpu,
            gib: memory_mb / GIB_MB,
            vcpu_second,
            gib_second,
            million_requests: own.million_requests.unwrap_or(list.million_requests),
            idle_vcpu_second: list.idle_vcpu_second * vcpu_second / list.vcpu_second,
            idle_gib_second: list.idle_gib_second * gib_second / list.gib_second,
            free: (list.free_vcpu_seconds, list.free_gib_seconds, list.free_requests),
        }
    }

    /// What a month of such days costs, with that many instances kept at least.
    #[must_use]
    pub fn month(&self, day: &Outcome, kept: u32, month_hours: f64) -> Month {
        let days = month_hours / 24.0;
        match *self {
            Tariff::AppEngine {
                f1_hour,
                f1_multiple,
                free_f1_hours_a_day,
            } => {
                let hours = day.instance_hours_a_day * f1_multiple;
                Month {
                    net: (hours - free_f1_hours_a_day).max(0.0) * days * f1_hour,
                    gross: hours * days * f1_hour,
                }
            }
            Tariff::CloudRun {
                vcpu,
                gib,
                vcpu_second,
                gib_second,
                million_requests,
                idle_vcpu_second,
                idle_gib_second,
                free,
            } => {
                let seconds = day.paid_hours_a_day * 3600.0 * days;
                let idle = (f64::from(kept) * month_hours * 3600.0 - seconds).max(0.0);
                let idle = idle * (vcpu * idle_vcpu_second + gib * idle_gib_second);
                let requests = day.requests_a_day * (1.0 - day.refused) * days;
                let cost = |used: f64, free: f64, price: f64| (used - free).max(0.0) * price;
                let sum = |free: (f64, f64, f64)| {
                    cost(seconds * vcpu, free.0, vcpu_second)
                        + cost(seconds * gib, free.1, gib_second)
                        + cost(requests, free.2, million_requests / 1e6)
                        + idle
                };
                Month {
                    net: sum(free),
                    gross: sum((0.0, 0.0, 0.0)),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tariff;
    use crate::brief::OwnPrice;
    use crate::serverless::catalogue::catalogue;
    use crate::serverless::tally::Outcome;

    fn day(instance_hours: f64, paid_hours: f64, requests: f64) -> Outcome {
        Outcome {
            instance_hours_a_day: instance_hours,
            paid_hours_a_day: paid_hours,
            requests_a_day: requests,
            ..Outcome::default()
        }
    }

    #[test]
    fn an_f1_around_the_clock_is_free_and_an_f4_costs_four_times_as_much() {
        let month = |multiple, hours| {
            let tariff = Tariff::app_engine(catalogue(), multiple, &OwnPrice::default());
            tariff.month(&day(hours, 0.0, 0.0), 0, 730.0)
        };
        assert_eq!(month(1.0, 24.0).net, 0.0);
        assert!((month(1.0, 24.0).gross - 36.5).abs() < 1e-9);
        // 96 F1 hours a day, 28 of them free.
        assert!((month(4.0, 24.0).net - 68.0 * 730.0 / 24.0 * 0.05).abs() < 1e-9);
    }

    #[test]
    fn cloud_run_counts_processors_memory_requests_and_kept_instances() {
        let tariff = |own: &OwnPrice| Tariff::cloud_run(catalogue(), 1.0, 1_073.741_824, own);
        let list = tariff(&OwnPrice::default());
        let month = list.month(&day(24.0, 24.0, 1e6), 0, 720.0);
        let seconds = 720.0 * 3600.0;
        let gross = seconds * (0.000_024 + 0.000_002_5) + 30.0 * 0.4;
        assert!((month.gross - gross).abs() < 1e-6, "{month:?}");
        let free = 180_000.0 * 0.000_024 + 360_000.0 * 0.000_002_5 + 2.0 * 0.4;
        assert!((month.gross - month.net - free).abs() < 1e-6, "{month:?}");
        // A kept instance without requests costs a tenth of its processor, and its memory.
        let kept = list.month(&day(24.0, 0.0, 0.0), 1, 720.0);
        assert!((kept.net - seconds * 0.000_005).abs() < 1e-6, "{kept:?}");
        let own = OwnPrice {
            vcpu_second: Some(0.000_012),
            gib_second: Some(0.0),
            million_requests: Some(0.0),
            ..OwnPrice::default()
        };
        let own = tariff(&own).month(&day(24.0, 24.0, 1e6), 0, 720.0);
        assert!((own.gross - seconds * 0.000_012).abs() < 1e-6, "{own:?}");
    }
}
