//! The access log: each request of the contract that got a response must have its line. Further lines are allowed, as
//! those of the requests by which the lab waits for a server, but each must be whole and in the form of the contract.

use super::case::{CaseResult, Expected, Mismatch, shortened};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// How long after a response its line may come, with some time for a busy machine.
const DELAY: Duration = Duration::from_secs(3);

/// How often the file is read while lines are missing.
const POLL: Duration = Duration::from_millis(100);

/// What the line of a request tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Logged {
    pub(super) method: String,
    /// Without its query; of a request as it was sent.
    pub(super) path: String,
    pub(super) status: u16,
    /// The user of a valid token.
    pub(super) user: Option<String>,
}

/// A request that got a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    /// What its line must have.
    pub(super) logged: Logged,
    /// Whether its route asks for a token.
    pub(super) needs_token: bool,
}

impl Sent {
    /// Whether it may have been answered without a look at its token.
    fn may_lack_user(&self) -> bool {
        !self.needs_token || self.logged.method == "OPTIONS" || matches!(self.logged.status, 404 | 405)
    }

    /// The lines that may stand for it, the best one first. WSGI has no other path than the decoded one.
    fn lines(&self) -> Vec<Logged> {
        let mut lines = vec![self.logged.clone()];
        if self.may_lack_user() {
            lines.push(Logged {
                user: None,
                ..self.logged.clone()
            });
        }
        let decoded = percent_decode_str(&self.logged.path).decode_utf8_lossy();
        if decoded != self.logged.path {
            lines.extend(lines.clone().into_iter().map(|line| Logged {
                path: decoded.clone().into_owned(),
                ..line
            }));
        }
        lines
    }
}

/// A line of the log.
#[derive(Debug, Deserialize)]
struct Line {
    time: String,
    method: String,
    path: String,
    status: u16,
    duration_ms: f64,
    // Without a function of its own, an absent field would read as null.
    #[serde(deserialize_with = "Option::deserialize")]
    user: Option<String>,
}

/// The case that compares the log with what was sent.
pub(super) fn check(file: &Path, sent: &[Sent]) -> CaseResult {
    let deadline = Instant::now() + DELAY;
    let outcome = loop {
        let outcome = compare(file, sent);
        if outcome.is_ok() || Instant::now() >= deadline {
            break outcome;
        }
        thread::sleep(POLL);
    };
    CaseResult {
        scenario: "access-log".to_owned(),
        case: "every request has its line, and every line its fields".to_owned(),
        failure: outcome.err(),
    }
}

fn compare(file: &Path, sent: &[Sent]) -> Result<(), Mismatch> {
    let broken = |expected: String, received: String| Mismatch {
        sent: format!("{} requests", sent.len()),
        expected: Expected::Rule(expected),
        received,
    };
    let text = fs::read_to_string(file).map_err(|error| {
        broken(
            "lines in the file that `ACCESS_LOG` names".to_owned(),
            error.to_string(),
        )
    })?;
    let mut found: BTreeMap<Logged, usize> = BTreeMap::new();
    for line in text.lines() {
        let logged = read(line).map_err(|reason| broken(reason, format!("the line {}", shortened(line))))?;
        *found.entry(logged).or_default() += 1;
    }
    let mut take = |wanted: &Logged| match found.get_mut(wanted) {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        _ => false,
    };
    for request in sent {
        if !request.lines().iter().any(&mut take) {
            let Logged {
                method,
                path,
                status,
                user,
            } = &request.logged;
            let user = user.as_deref().unwrap_or("nobody");
            return Err(broken(
                format!("a line for `{method} {path}` of {user} with status {status}"),
                format!("{} lines, none of them for it", text.lines().count()),
            ));
        }
    }
    Ok(())
}

fn read(line: &str) -> Result<Logged, String> {
    let Line {
        time,
        method,
        path,
        status,
        duration_ms,
        user,
    } = serde_json::from_str(line).map_err(|error| format!("a JSON object with all fields ({error})"))?;
    let is_utc = time.ends_with('Z') && time.parse::<Timestamp>().is_ok();
    if !is_utc {
        return Err("`time` in UTC as RFC 3339 has it".to_owned());
    }
    if !(duration_ms.is_finite() && duration_ms >= 0.0) {
        return Err("`duration_ms` of 0 or more".to_owned());
    }
    Ok(Logged {
        method,
        path,
        status,
        user,
    })
}

#[cfg(test)]
mod tests {
    use super::{Logged, Sent, compare};
    use std::io::Write as _;

    fn sent(path: &str, status: u16) -> Sent {
        Sent {
            logged: Logged {
                method: "GET".to_owned(),
                path: path.to_owned(),
                status,
                user: Some("user-1".to_owned()),
            },
            needs_token: true,
        }
    }

    fn outcome(lines: &[&str], sent: &[Sent]) -> Result<(), String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        for line in lines {
            writeln!(file, "{line}").unwrap();
        }
        compare(file.path(), sent).map_err(|mismatch| mismatch.to_string())
    }

    const LINE: &str = r#"{"level":30,"time":"2026-11-29T11:22:33.456Z","method":"GET","path":"/items/1","status":200,"duration_ms":1.5,"user":"user-1"}"#;

    #[test]
    fn each_request_needs_a_line_of_its_own() {
        let twice = [sent("/items/1", 200), sent("/items/1", 200)];
        assert_eq!(outcome(&[LINE, LINE, LINE], &twice), Ok(()));
        let missing = outcome(&[LINE], &twice).unwrap_err();
        assert!(
            missing.contains("a line for `GET /items/1` of user-1 with status 200"),
            "{missing}"
        );
        assert!(outcome(&[LINE], &[sent("/items/1", 500)]).is_err());
        assert!(outcome(&[], &[sent("/items/1", 200)]).is_err());
    }

    #[test]
    fn the_user_is_known_where_the_token_was_looked_at() {
        let nobody = |status: &str| LINE.replace("\"user-1\"", "null").replace("200", status);
        assert!(outcome(&[&nobody("200")], &[sent("/items/1", 200)]).is_err());
        assert_eq!(outcome(&[&nobody("405")], &[sent("/items/1", 405)]), Ok(()));
        let open = Sent {
            needs_token: false,
            ..sent("/items/1", 200)
        };
        assert_eq!(outcome(&[&nobody("200")], &[open]), Ok(()));
    }

    #[test]
    fn a_path_is_logged_as_it_was_sent_or_decoded() {
        let request = [sent("/items/%31", 200)];
        assert_eq!(outcome(&[LINE], &request), Ok(()), "decoded, as WSGI hands it on");
        let as_sent = LINE.replace("/items/1", "/items/%31");
        assert_eq!(outcome(&[&as_sent], &request), Ok(()));
        assert!(
            outcome(&[&as_sent], &[sent("/items/1", 200)]).is_err(),
            "nobody encodes it"
        );
    }

    #[test]
    fn a_line_has_every_field_in_its_form() {
        for wrong in [
            LINE.replace("\"user\":\"user-1\"", "\"who\":1"),
            LINE.replace("456Z", "456"),
            LINE.replace("200", "\"200\""),
            "GET /items/1 200".to_owned(),
        ] {
            assert!(outcome(&[&wrong], &[]).is_err(), "{wrong}");
        }
    }
}
