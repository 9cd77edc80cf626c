//! Bodies that are checked while they come and never collected: the pattern, and server-sent events.

use crate::check::events::{Event, EventReader};
use crate::request::expect::{BodyRule, EventsRule};
use crate::request::pattern::{first_unlike_pattern, pattern_byte};
use crate::request::upload::Upload;
use std::time::{Duration, Instant};

/// Checks a body while it comes.
#[derive(Debug)]
pub(crate) struct StreamVerifier {
    rule: StreamRule,
    came: u64,
    /// When the first and the last event came; the spread between them shows whether the server streams or buffers.
    instants: Option<(Instant, Instant)>,
    wrong: Option<String>,
}

#[derive(Debug)]
enum StreamRule {
    /// This many bytes of the pattern.
    Pattern { bytes: u64 },
    /// Events, in their order.
    Events { rule: EventsRule, reader: EventReader },
}

/// The result for a streamed body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamedBody {
    /// The bytes of the body.
    pub bytes: u64,
    /// The first violation of its rule, if there was one.
    pub outcome: Result<(), String>,
    /// From the receipt of its first event to that of its last; zero if it is not a stream of events.
    pub spread: Duration,
}

impl StreamVerifier {
    /// A verifier for the first rule for streams, if there is one.
    pub(crate) fn for_rules(rules: &[BodyRule]) -> Option<Self> {
        let rule = rules.iter().find_map(|rule| match rule {
            BodyRule::Pattern { bytes } => Some(StreamRule::Pattern { bytes: *bytes }),
            BodyRule::Events(rule) => Some(StreamRule::Events {
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

    /// Checks the next bytes. After the first violation nothing more is checked: the body is wrong.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        if self.wrong.is_some() {
            return;
        }
        let taken = match &mut self.rule {
            StreamRule::Pattern { bytes: length } => {
                let at = self.came;
                self.came += bytes.len() as u64;
                pattern_holds(at, bytes, *length)
            }
            StreamRule::Events { rule, reader } => {
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

    /// The first violation so far.
    pub(crate) fn violation(&self) -> Option<&str> {
        self.wrong.as_deref()
    }

    /// The number of events so far.
    fn events(&self) -> u64 {
        match self.rule {
            StreamRule::Pattern { .. } => 0,
            StreamRule::Events { .. } => self.came,
        }
    }

    /// Checks the end of the body; the error is the first violation of its rule.
    pub(crate) fn finish(&self) -> Result<(), String> {
        if let Some(wrong) = &self.wrong {
            return Err(wrong.clone());
        }
        match &self.rule {
            StreamRule::Pattern { bytes } if self.came != *bytes => {
                Err(format!("expected {bytes} bytes of body, got {}", self.came))
            }
            StreamRule::Events { rule, .. } if self.came != rule.count => {
                Err(format!("expected {} events, got {}", rule.count, self.came))
            }
            StreamRule::Events { reader, .. } if !reader.is_between() => {
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

/// How far a stream has come, in steps of 64 KiB sent or received, or of one event. Single bytes are no step, so that a
/// server that drips does not postpone the timeout for ever.
pub(crate) fn stream_progress(
    upload: Option<&Upload>,
    body_len: u64,
    verifier: Option<&StreamVerifier>,
) -> u64 {
    const STEP: u64 = 64 * 1024;
    upload.map_or(0, |upload| upload.written() / STEP)
        + body_len / STEP
        + verifier.map_or(0, StreamVerifier::events)
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
    use super::StreamVerifier;
    use crate::request::expect::{BodyRule, EventsRule};
    use crate::request::pattern::pattern_byte;

    fn check(rule: &BodyRule, body: &[u8], outcome: Result<(), &str>) {
        for piece in [1, 3, 4_096] {
            let mut verifier = StreamVerifier::for_rules(std::slice::from_ref(rule)).unwrap();
            body.chunks(piece).for_each(|bytes| verifier.take(bytes));
            assert_eq!(
                verifier.finish(),
                outcome.map_err(str::to_owned),
                "in pieces of {piece}"
            );
        }
    }

    #[test]
    fn a_body_is_compared_with_the_pattern() {
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
        let mut verifier = StreamVerifier::for_rules(&[rule(999)]).unwrap();
        verifier.take(&body);
        assert_eq!(
            verifier.violation(),
            Some("expected 999 bytes of body, got 1000 or more")
        );
    }

    #[test]
    fn events_are_compared_in_order() {
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
