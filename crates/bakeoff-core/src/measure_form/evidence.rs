//! What is known of one value: a number, or a distribution by its name. An impossible distribution is an error; it is
//! never rounded to a possible one.

use super::Wrong;
use crate::diagnostic::nearest;
use crate::metric::Scale;
use crate::smaa::Evidence;

const KINDS: [&str; 5] = ["normal", "lognormal", "beta", "uniform", "samples"];

/// What a TOML value states, on a scale.
pub(crate) fn read(value: &toml::Value, scale: Scale) -> Result<Evidence, Wrong> {
    let wrong = |message: String, hint: Option<String>| Wrong { message, hint };
    if let Some(exact) = number(value) {
        on_scale(exact, scale).map_err(|message| wrong(message, None))?;
        return Ok(Evidence::Exact(exact));
    }
    let Some((kind, parameters)) = value
        .as_table()
        .filter(|table| table.len() == 1)
        .and_then(|table| table.iter().next())
    else {
        let hint = "write a number, or one of `{ normal = [mean, sd] }`, `{ lognormal = [mu, sigma] }`, `{ beta = [a, b] }`, `{ uniform = [low, high] }`, `{ samples = [...] }`";
        return Err(wrong(
            "a value is a number or one distribution".to_owned(),
            Some(hint.to_owned()),
        ));
    };
    let numbers: Option<Vec<f64>> = parameters
        .as_array()
        .and_then(|list| list.iter().map(number).collect());
    let Some(numbers) = numbers else {
        return Err(wrong(format!("`{kind}` needs a list of numbers"), None));
    };
    distribution(kind, &numbers, scale).map_err(|message| {
        let hint = nearest(kind, KINDS).filter(|_| !KINDS.contains(&kind.as_str()));
        wrong(message, hint.map(|word| format!("did you mean `{word}`?")))
    })
}

fn number(value: &toml::Value) -> Option<f64> {
    value
        .as_float()
        .or_else(|| value.as_integer().map(|whole| whole as f64))
}

fn distribution(kind: &str, numbers: &[f64], scale: Scale) -> Result<Evidence, String> {
    if let Some(number) = numbers.iter().find(|number| !number.is_finite()) {
        return Err(format!("`{kind}` must have numbers, not `{number}`"));
    }
    match (kind, numbers) {
        ("normal", [mean, sd]) => {
            positive(kind, "standard deviation", *sd)?;
            if scale == Scale::Log {
                return Err(
                    "a normal value may be below 0, which has no place on a log scale; `lognormal` has one"
                        .to_owned(),
                );
            }
            Ok(Evidence::Normal { mean: *mean, sd: *sd })
        }
        ("lognormal", [mu, sigma]) => {
            positive(kind, "`sigma`", *sigma)?;
            Ok(Evidence::Lognormal {
                mu: *mu,
                sigma: *sigma,
            })
        }
        ("beta", [a, b]) => {
            positive(kind, "`a`", *a)?;
            positive(kind, "`b`", *b)?;
            Ok(Evidence::Beta { a: *a, b: *b })
        }
        ("uniform", [low, high]) => {
            on_scale(*low, scale)?;
            if low >= high {
                return Err(format!(
                    "`uniform` goes from `{low}` to `{high}`: the first must be below the second"
                ));
            }
            Ok(Evidence::Uniform {
                low: *low,
                high: *high,
            })
        }
        ("samples", []) => Err("`samples` is empty".to_owned()),
        ("samples", samples) => {
            samples.iter().try_for_each(|sample| on_scale(*sample, scale))?;
            Ok(Evidence::Samples(samples.to_vec()))
        }
        (kind, numbers) if KINDS.contains(&kind) => {
            Err(format!("`{kind}` needs two numbers and has {}", numbers.len()))
        }
        (kind, _) => Err(format!("unknown distribution `{kind}`")),
    }
}

fn positive(kind: &str, what: &str, number: f64) -> Result<(), String> {
    if number > 0.0 {
        Ok(())
    } else {
        Err(format!("the {what} of `{kind}` must be above 0, not `{number}`"))
    }
}

fn on_scale(number: f64, scale: Scale) -> Result<(), String> {
    if !number.is_finite() {
        Err(format!("a value must be a number, not `{number}`"))
    } else if scale == Scale::Log && number <= 0.0 {
        Err(format!("a value on a log scale must be above 0, not `{number}`"))
    } else {
        Ok(())
    }
}
