//! Sentences about a contender on App Engine or Cloud Run: why it cannot run there, and what the emulation found. They
//! have no full stop, since they stand within other sentences.

use super::number::{Quantity, list};
use crate::evidence::{PlatformCheck, Unfit};

/// Why a contender cannot run on a platform, after its name.
#[must_use]
pub fn unfit(unfit: &Unfit) -> String {
    match unfit {
        Unfit::IgnoresPort { port } => {
            format!("it ignores the environment variable PORT: nothing listened on {port}")
        }
        Unfit::WritesOutside { seen } => {
            format!("it writes outside of its temporary folder, where nothing can be written: {seen}")
        }
        Unfit::MemoryOverClass { needs_mb, has_mb } => {
            let has = Quantity::new(*has_mb, "MB").as_set();
            match needs_mb {
                Some(needs) => format!(
                    "it needs more memory than an instance has: {} of {has}",
                    Quantity::new(*needs, "MB").in_prose()
                ),
                None => format!("it needs more memory than an instance has: it ended at the limit of {has}"),
            }
        }
        Unfit::StopsTooSlowly { allowed_s, took_s } => {
            let allowed = Quantity::new(*allowed_s, "s").as_set();
            match took_s {
                Some(took) => format!(
                    "it stops too slowly: {} after SIGTERM, and it is killed after {allowed}",
                    Quantity::new(*took, "s").in_prose()
                ),
                None => {
                    format!("it stops too slowly: it still ran {allowed} after SIGTERM, when it is killed")
                }
            }
        }
        Unfit::RuntimeEnded { runtime, ended } => {
            format!("its runtime {runtime} cannot be deployed any more: its support ended on {ended}")
        }
        Unfit::DoesNotStart { reason } => format!("it did not start under the quota: {reason}"),
    }
}

/// What the emulation found, in a sentence without a full stop.
#[must_use]
pub fn check(check: &PlatformCheck) -> String {
    let mut parts = Vec::new();
    if !check.start_ms.is_empty() {
        let mean = check.start_ms.iter().sum::<f64>() / check.start_ms.len() as f64;
        let starts = match check.start_ms.len() {
            1 => "one start".to_owned(),
            n => format!("{n} starts"),
        };
        parts.push(format!(
            "ready after {} (mean of {starts})",
            Quantity::new(mean, "ms").in_prose()
        ));
    }
    if let Some(used) = check.used_mb {
        parts.push(format!("used {}", Quantity::new(used, "MB").in_prose()));
    }
    if let Some(stop) = check.stop_ms {
        parts.push(format!(
            "ended {} after SIGTERM",
            Quantity::new(stop, "ms").in_prose()
        ));
    }
    if check.unfit.is_empty() {
        parts.push("broke none of the conditions that were tried".to_owned());
    }
    parts.extend(check.unfit.iter().map(unfit));
    list(&parts)
}

#[cfg(test)]
mod tests {
    use super::{check, unfit};
    use crate::evidence::{PlatformCheck, Unfit};
    use crate::serverless::platform::Platform;

    #[test]
    fn each_reason_is_a_sentence_with_its_numbers() {
        let reasons = [
            Unfit::IgnoresPort { port: 8123 },
            Unfit::WritesOutside {
                seen: "`cache.json` in its folder".to_owned(),
            },
            Unfit::MemoryOverClass {
                needs_mb: Some(412.3),
                has_mb: 384.0,
            },
            Unfit::MemoryOverClass {
                needs_mb: None,
                has_mb: 384.0,
            },
            Unfit::StopsTooSlowly {
                allowed_s: 3.0,
                took_s: Some(4.61),
            },
            Unfit::StopsTooSlowly {
                allowed_s: 10.0,
                took_s: None,
            },
            Unfit::RuntimeEnded {
                runtime: "Node.js 20.20.2".to_owned(),
                ended: "2026-04-30".to_owned(),
            },
            Unfit::DoesNotStart {
                reason: "it ended with status 1".to_owned(),
            },
        ];
        insta::assert_snapshot!(reasons.iter().map(unfit).collect::<Vec<_>>().join("\n"), @r"
        it ignores the environment variable PORT: nothing listened on 8123
        it writes outside of its temporary folder, where nothing can be written: `cache.json` in its folder
        it needs more memory than an instance has: 410 MB of 384 MB
        it needs more memory than an instance has: it ended at the limit of 384 MB
        it stops too slowly: 4.6 s after SIGTERM, and it is killed after 3 s
        it stops too slowly: it still ran 10 s after SIGTERM, when it is killed
        its runtime Node.js 20.20.2 cannot be deployed any more: its support ended on 2026-04-30
        it did not start under the quota: it ended with status 1
        ");
    }

    #[test]
    fn a_check_says_what_was_seen() {
        let mut seen = PlatformCheck {
            platform: Platform::AppEngine,
            size: "F1".to_owned(),
            vcpu: 0.25,
            memory_mb: 384.0,
            start_ms: vec![900.0, 1_100.0],
            stop_ms: Some(80.0),
            used_mb: Some(91.0),
            unfit: Vec::new(),
            not_emulated: Vec::new(),
        };
        insta::assert_snapshot!(check(&seen), @"ready after 1 s (mean of 2 starts), used 91 MB, ended 80 ms after SIGTERM and broke none of the conditions that were tried");
        seen.unfit.push(Unfit::IgnoresPort { port: 8123 });
        seen.start_ms.clear();
        insta::assert_snapshot!(check(&seen), @"used 91 MB, ended 80 ms after SIGTERM and it ignores the environment variable PORT: nothing listened on 8123");
    }
}
