//! What is known of a contender's validation in a browser. Plain data that a cache keeps, and its words.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A contender's own validation in a browser.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BrowserOutcome {
    /// The browser, name and version.
    pub browser: String,
    /// What ran the module there, name and version.
    pub engine: String,
    /// When, RFC 3339, UTC.
    pub measured: String,
    /// The number of request bodies that both sides answered.
    pub bodies: usize,
    /// The bodies on which the sides differ.
    pub differences: Vec<BrowserDifference>,
    /// What crossed the wire until the first result, in the order of size, the largest first.
    pub sent: Vec<SentPart>,
    /// From the start of the navigation to the first result, one for each visit, in ms.
    pub visits_ms: Vec<f64>,
    /// What a strict content security policy would refuse, as the browser reports it; empty where that is nothing.
    pub policy: Vec<String>,
}

impl BrowserOutcome {
    /// The share of the bodies on which both sides agree.
    #[must_use]
    pub fn share(&self) -> f64 {
        (self.bodies - self.differences.len()) as f64 / self.bodies.max(1) as f64
    }

    /// Both sides, size and time in a line.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!(
            "{} of {} request bodies get the server's answer, {:.1} KB, first result after {:.0} ms",
            self.bodies - self.differences.len(),
            self.bodies,
            self.sent_bytes() as f64 / 1e3,
            self.median_ms().unwrap_or_default()
        )
    }

    /// The middle one of the visits, the later of the two middle ones of an even number, in ms; none without a visit.
    #[must_use]
    pub fn median_ms(&self) -> Option<f64> {
        let mut visits = self.visits_ms.clone();
        visits.sort_by(f64::total_cmp);
        visits.get(visits.len() / 2).copied()
    }

    /// All bytes of the wire until the first result.
    #[must_use]
    pub fn sent_bytes(&self) -> u64 {
        self.sent.iter().map(|part| part.bytes).sum()
    }
}

/// A request body on which the server and the browser differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowserDifference {
    /// The scenario's id.
    pub scenario: String,
    /// The case, or what was derived.
    pub case: String,
    /// The body.
    pub body: String,
    /// What the server answered.
    pub server: BrowserAnswer,
    /// What the module answered in the browser.
    pub browser: BrowserAnswer,
}

impl fmt::Display for BrowserDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BrowserDifference {
            scenario,
            case,
            server,
            browser,
            ..
        } = self;
        write!(
            f,
            "`{scenario}`, {case}: the server {server}, the browser {browser}"
        )
    }
}

/// What one side makes of a request body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BrowserAnswer {
    /// Right.
    Accepts,
    /// Wrong, in these fields; none where it is no object, or no JSON.
    Refuses {
        /// The status of the problem document: 400 for what is no JSON, 422 else.
        status: u16,
        /// Names of fields, in alphabetical order.
        fields: Vec<String>,
    },
    /// It fails: a status that no wrong body explains, or an exception.
    Fails {
        /// What came instead, in a few words.
        with: String,
    },
}

impl fmt::Display for BrowserAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BrowserAnswer::Accepts => f.write_str("accepts it"),
            BrowserAnswer::Refuses { status, fields } if fields.is_empty() => {
                write!(f, "refuses it ({status})")
            }
            BrowserAnswer::Refuses { status, fields } => {
                write!(f, "refuses {} ({status})", fields.join(", "))
            }
            BrowserAnswer::Fails { with } => write!(f, "fails ({with})"),
        }
    }
}

/// A response of the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentPart {
    /// The path of the request.
    pub path: String,
    /// The bytes of the body, compressed where it was sent so.
    pub bytes: u64,
}

#[cfg(test)]
mod tests {
    use super::{BrowserAnswer, BrowserDifference};

    #[test]
    fn a_difference_names_the_case_and_both_answers() {
        let difference = |server, browser| BrowserDifference {
            scenario: "create-item".to_owned(),
            case: "`price_cents` is `1.0`".to_owned(),
            body: "{}".to_owned(),
            server,
            browser,
        };
        let refuses = |status, fields: &[&str]| BrowserAnswer::Refuses {
            status,
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        };
        assert_eq!(
            difference(BrowserAnswer::Accepts, refuses(422, &["name", "price_cents"])).to_string(),
            "`create-item`, `price_cents` is `1.0`: the server accepts it, the browser refuses name, price_cents (422)"
        );
        let fails = BrowserAnswer::Fails {
            with: "500".to_owned(),
        };
        assert_eq!(
            difference(fails, refuses(400, &[])).to_string(),
            "`create-item`, `price_cents` is `1.0`: the server fails (500), the browser refuses it (400)"
        );
    }
}
