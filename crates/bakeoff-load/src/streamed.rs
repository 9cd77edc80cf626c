//! Bodies that are held to their rule while they come and are never collected: the pattern, and server-sent events.

use crate::body::{Upload, first_unlike_pattern, pattern_byte};
use crate::events::{Event, EventReader};
use crate::expect::{BodyRule, EventsRule};
use std::time::{Duration, Instant};

/// A body that is followed while it comes.
#[derive(Debug)]
pub(crate) struct Following {
    rule: Rule,
    came: u64,
    /// When the first and the last event came.
    instants: Option<(Instant, Instant)>,
    wrong: Option<String>,
}

#[derive(Debug)]
enum Rule {
    /// So many bytes of the pattern.
    Pattern { bytes: u64 },
    /// Events, in their order.
    Events { rule: EventsRule, reader: EventReader },
}

/// What a streamed body was, once it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Streamed {
    /// Bytes of the body.
    pub bytes: u64,
    /// Whether it held its rule, or the first thing that was wrong.
    pub held: Result<(), String>,
    /// From the receipt of its first event to that of its last; zero where it is no stream of events.
    pub spread: Duration,
}

impl Following {
    /// Follows the body whose rules these are, if one of them is for a stream.
    pub(crate) fn of(rules: &[BodyRule]) -> Option<Self> {
        let rule = rules.iter().find_map(|rule| match rule {
            BodyRule::Pattern { bytes } => Some(Rule::Pattern { bytes: *bytes }),
            BodyRule::Events(rule) => Some(Rule::Events {
                rule: rule.clone(),
                reader: EventReader::default(),
            }),
            _ => None,
        })?;
        Some(Self {
            rule,
            came: 0,
            instants: None,
            wrong: None,
        })
    }

    /// Hears the next bytes.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        if self.wrong.is_some() {
            return;
        }
        let taken = match &mut self.rule {
            Rule::Pattern { bytes: length } => {
                let at = self.came;
                self.came += bytes.len() as u64;
                pattern_holds(at, bytes, *length)
            }
            Rule::Events { rule, reader } => {
                let (came, instants) = (&mut self.came, &mut self.instants);
                reader.read(bytes, |event| {
                    let now = Instant::now();
                    let first = instants.map_or(now, |(first, _)| first);
                    *instants = Some((first, now));
                    *came += 1;
                    event_holds(rule, *came, &event)
                })
            }
        };
        self.wrong = taken.err();
    }

    /// What is wrong with what has come so far.
    pub(crate) fn wrong(&self) -> Option<&str> {
        self.wrong.as_deref()
    }

    /// How many events have come.
    fn events(&self) -> u64 {
        match self.rule {
            Rule::Pattern { .. } => 0,
            Rule::Events { .. } => self.came,
        }
    }

    /// The body has ended: whether it held its rule.
    pub(crate) fn finish(&self) -> Result<(), String> {
        if let Some(wrong) = &self.wrong {
            return Err(wrong.clone());
        }
        match &self.rule {
            Rule::Pattern { bytes } if self.came != *bytes => {
                Err(format!("expected {bytes} bytes of body, got {}", self.came))
            }
            Rule::Events { rule, .. } if self.came != rule.count => {
                Err(format!("expected {} events, got {}", rule.count, self.came))
            }
            Rule::Events { reader, .. } if !reader.is_between() => {
                Err("the stream ended within an event".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// From the first event to the last.
    pub(crate) fn spread(&self) -> Duration {
        self.instants
            .map_or(Duration::ZERO, |(first, last)| last.duration_since(first))
    }
}

/// How far a stream has come, in steps that only a stream which moves makes: a window of 64 KiB sent or received, or an event.
/// Single bytes are no progress.
pub(crate) fn progress(upload: Option<&Upload>, body_len: u64, following: Option<&Following>) -> u64 {
    const STEP: u64 = 64 * 1024;
    upload.map_or(0, |upload| upload.written() / STEP)
        + body_len / STEP
        + following.map_or(0, Following::events)
}

fn pattern_holds(at: u64, bytes: &[u8], length: u64) -> Result<(), String> {
    let come = at + bytes.len() as u64;
    if come > length {
        return Err(format!("expected {length} bytes of body, got {come} or more"));
    }
    match first_unlike_pattern(at, bytes) {
        None => Ok(()),
        Some(wrong) => Err(format!(
            "the byte at {wrong} is {}, and the pattern has {}",
            bytes[(wrong - at) as usize],
            pattern_byte(wrong)
        )),
    }
}

fn event_holds(rule: &EventsRule, nth: u64, event: &Event) -> Result<(), String> {
    if nth > rule.count {
        return Err(format!("expected {} events, got one more", rule.count));
    }
    let id = (rule.from + nth - 1).to_string();
    let parts = [
        ("id", id.clone(), &event.id),
        ("event", rule.name.clone(), &event.name),
        ("data", rule.data.replace("{id}", &id), &event.data),
    ];
    for (field, expected, got) in parts {
        if expected != *got {
            return Err(format!(
                "event {nth}: expected `{field}: {expected}`, got `{got}`"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Following;
    use crate::body::pattern_byte;
    use crate::expect::{BodyRule, EventsRule};

    fn check(rule: &BodyRule, body: &[u8], outcome: Result<(), &str>) {
        for piece in [1, 3, 4_096] {
            let mut following = Following::of(std::slice::from_ref(rule)).unwrap();
            body.chunks(piece).for_each(|bytes| following.take(bytes));
            assert_eq!(
                following.finish(),
                outcome.map_err(str::to_owned),
                "in pieces of {piece}"
            );
        }
    }

    #[test]
    fn the_pattern_is_followed() {
        let body: Vec<u8> = (0..1_000).map(pattern_byte).collect();
        let rule = |bytes| BodyRule::Pattern { bytes };
        check(&rule(1_000), &body, Ok(()));
        check(&rule(1_001), &body, Err("expected 1001 bytes of body, got 1000"));
        let mut wrong = body.clone();
        wrong[600] = 7;
        check(
            &rule(1_000),
            &wrong,
            Err("the byte at 600 is 7, and the pattern has 98"),
        );
        let mut following = Following::of(&[rule(999)]).unwrap();
        following.take(&body);
        assert_eq!(
            following.wrong(),
            Some("expected 999 bytes of body, got 1000 or more")
        );
    }

    #[test]
    fn events_are_followed() {
        let rule = |count, from| {
            BodyRule::Events(EventsRule {
                count,
                from,
                name: "tick".into(),
                data: "{\"n\":{id}}".into(),
            })
        };
        let event = |n: u64| format!("id: {n}\nevent: tick\ndata: {{\"n\":{n}}}\n\n");
        let two = format!(": hello\n\n{}{}", event(3), event(4));
        check(&rule(2, 3), two.as_bytes(), Ok(()));
        check(&rule(0, 1), b"", Ok(()));
        check(&rule(3, 3), two.as_bytes(), Err("expected 3 events, got 2"));
        check(
            &rule(1, 3),
            two.as_bytes(),
            Err("expected 1 events, got one more"),
        );
        check(
            &rule(2, 1),
            two.as_bytes(),
            Err("event 1: expected `id: 1`, got `3`"),
        );
        let renamed = two.replace("tick", "tock");
        check(
            &rule(2, 3),
            renamed.as_bytes(),
            Err("event 1: expected `event: tick`, got `tock`"),
        );
        let torn = format!("{two}id: 5\n");
        check(
            &rule(2, 3),
            torn.as_bytes(),
            Err("the stream ended within an event"),
        );
    }
}
