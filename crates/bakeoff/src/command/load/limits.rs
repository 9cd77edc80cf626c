//! The options for limits: a load that breaks one ends with exit code 1.

use crate::duration;
use bakeoff_load::output::Limits;
use clap::Args;
use std::time::Duration;

/// The limits of a load.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits, broken with exit code 1")]
pub(crate) struct LimitOptions {
    /// Longest 99th percentile of the response time; a failed request counts as slower
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    slo_p99: Option<Duration>,
    /// Largest share of failed requests, such as 0.05 or 5%
    #[arg(long, value_name = "SHARE", default_value = "1%", value_parser = share)]
    max_error_rate: f64,
}

impl LimitOptions {
    /// The limits.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            max_error_rate: self.max_error_rate,
            slo_p99: self.slo_p99,
        }
    }
}

/// A share, as a number from 0 to 1 or in percent.
fn share(text: &str) -> Result<f64, String> {
    let (number, of) = match text.trim().strip_suffix('%') {
        Some(percent) => (percent, 100.0),
        None => (text, 1.0),
    };
    let share = number.trim().parse::<f64>().map(|number| number / of);
    match share {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err(format!(
            "`{text}` is not a share: write a number from 0 to 1, or a percentage such as `5%`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_share_is_a_number_or_a_percentage() {
        for (text, expected) in [
            ("0", 0.0),
            ("0.05", 0.05),
            ("5%", 0.05),
            (" 12.5 % ", 0.125),
            ("1", 1.0),
        ] {
            assert_eq!(share(text), Ok(expected), "{text}");
        }
        for text in ["", "2", "-0.1", "101%", "NaN", "five", "%"] {
            assert!(share(text).unwrap_err().contains("is not a share"), "{text}");
        }
    }
}
