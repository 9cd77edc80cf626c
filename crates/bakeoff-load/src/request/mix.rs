//! The mix of requests, compiled: which kind request `n` is, its bytes, and whether the body of its response is
//! checked. All of it is a pure function of the seed and of `n`; nothing is sent here.

use crate::error::LoadError;
use crate::net::target::Target;
use crate::request::compiled::{CompiledRequest, OutgoingMessage, Scratch};
use crate::request::expect::{BodyRule, Expect};
use crate::request::spec::{Body, RequestSpec};
use crate::request::upload::Upload;
use crate::seeded_rng::{Purpose, SeededRng};
use std::collections::BTreeMap;

/// The kinds of requests of a load.
#[derive(Debug)]
pub(crate) struct Mix {
    seed: u64,
    kinds: Vec<RequestKind>,
}

/// One kind of request.
#[derive(Debug)]
pub(crate) struct RequestKind {
    pub(crate) label: String,
    pub(crate) method: String,
    pub(crate) expect: Expect,
    /// The end of its share on the line from 0 to 1.
    share_end: f64,
    compiled: CompiledRequest,
    timeout_from: TimeoutFrom,
}

/// The instant from which a request's timeout counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeoutFrom {
    /// A short request: it must be complete within the timeout.
    IntendedInstant,
    /// A stream: it may take long, as long as it makes progress.
    LastProgress,
}

/// How much of a body is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyCheck {
    /// The body itself, against its rules.
    Full,
    /// Its framing and its length.
    FramingOnly,
}

impl Mix {
    pub(crate) fn compile(target: &Target, specs: &[RequestSpec], seed: u64) -> Result<Self, LoadError> {
        let total: f64 = specs.iter().map(|spec| spec.weight).sum();
        for spec in specs {
            if !(spec.weight >= 0.0 && spec.weight.is_finite()) {
                let reason = format!("its weight is {}: it must be 0 or more", spec.weight);
                return Err(LoadError::Request {
                    label: spec.label.clone(),
                    reason,
                });
            }
        }
        if total <= 0.0 || !total.is_finite() {
            return Err(LoadError::EmptyMix);
        }
        let mut reached = 0.0;
        let kinds = specs.iter().map(|spec| {
            reached += spec.weight;
            let share_end = if reached >= total { 1.0 } else { reached / total };
            RequestKind::compile(target, spec, share_end)
        });
        Ok(Self {
            seed,
            kinds: kinds.collect::<Result<_, _>>()?,
        })
    }

    pub(crate) fn kinds(&self) -> &[RequestKind] {
        &self.kinds
    }

    /// The kind of request `n`, as an index.
    pub(crate) fn kind_of(&self, n: u64) -> usize {
        if self.kinds.len() == 1 {
            return 0;
        }
        let drawn = SeededRng::new(self.seed, Purpose::Mix, n).unit();
        self.kinds.partition_point(|kind| kind.share_end <= drawn)
    }

    /// How much of the body of the response to request `n` is checked.
    pub(crate) fn body_check(&self, kind: usize, n: u64) -> BodyCheck {
        let expect = &self.kinds[kind].expect;
        // Events are few, and each counts as progress, so that all streams of events are checked.
        let always = matches!(expect.sampled[..], [BodyRule::Events(_)]);
        let sampled = !expect.sampled.is_empty()
            && (always || SeededRng::new(self.seed, Purpose::Sample, n).unit() < expect.sample_share);
        if sampled {
            BodyCheck::Full
        } else {
            BodyCheck::FramingOnly
        }
    }

    /// Appends the bytes of request `n` to `out`.
    pub(crate) fn write(&self, kind: usize, n: u64, scratch: &mut Scratch, out: &mut Vec<u8>) {
        self.kinds[kind].compiled.write(self.seed, n, scratch, out);
    }

    /// The WebSocket message of request `n`, if it carries one.
    pub(crate) fn message(&self, kind: usize, n: u64) -> Option<OutgoingMessage> {
        self.kinds[kind].compiled.message(self.seed, n)
    }

    /// The values of the variables of request `n`.
    pub(crate) fn bindings(&self, kind: usize, n: u64) -> BTreeMap<String, String> {
        self.kinds[kind].compiled.bindings(self.seed, n)
    }
}

impl RequestKind {
    fn compile(target: &Target, spec: &RequestSpec, share_end: f64) -> Result<Self, LoadError> {
        let wrong = |reason| LoadError::Request {
            label: spec.label.clone(),
            reason,
        };
        let mut expect = spec.expect.clone();
        if !(0.0..=1.0).contains(&expect.sample_share) {
            return Err(wrong(format!(
                "its sample share is {}: it must be from 0 to 1",
                expect.sample_share
            )));
        }
        let streamed = expect.sampled.iter().filter(|rule| rule.is_streamed()).count();
        if streamed > 0 && expect.sampled.len() > 1 {
            let reason = "a body that is checked as it comes has one rule and no other";
            return Err(wrong(reason.to_owned()));
        }
        let is_placeholder = |text: &str| {
            spec.variables
                .iter()
                .any(|(name, _)| text.contains(&format!("{{{name}}}")))
        };
        for rule in &expect.sampled {
            match rule {
                // A body without variables has a fixed length, which can be checked on every response at no cost.
                BodyRule::Exact(text) if !is_placeholder(text) => {
                    expect.length = expect.length.or(Some(text.len() as u64))
                }
                BodyRule::Bytes(bytes) => expect.length = expect.length.or(Some(bytes.len() as u64)),
                BodyRule::Pattern { bytes } => expect.length = expect.length.or(Some(*bytes)),
                BodyRule::Problem { status } if expect.status.is_empty() => expect.status = vec![*status],
                _ => {}
            }
        }
        if matches!(spec.body, Some(Body::Message(_))) && expect.status.is_empty() {
            expect.status = vec![101];
        }
        let compiled = CompiledRequest::compile(target, spec)?;
        let timeout_from = match compiled.upload() {
            None if streamed == 0 => TimeoutFrom::IntendedInstant,
            _ => TimeoutFrom::LastProgress,
        };
        Ok(Self {
            label: spec.label.clone(),
            method: spec.method.clone(),
            expect,
            share_end,
            compiled,
            timeout_from,
        })
    }

    /// The instant from which its timeout counts.
    pub(crate) fn timeout_from(&self) -> TimeoutFrom {
        self.timeout_from
    }

    /// The upload that follows the head of each request, if it carries one.
    pub(crate) fn upload(&self) -> Option<Upload> {
        self.compiled.upload()
    }

    /// Whether sending it twice has the same effect as sending it once (RFC 9110 §9.2.2).
    pub(crate) fn is_idempotent(&self) -> bool {
        matches!(
            self.method.as_str(),
            "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS" | "TRACE"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Mix;
    use crate::net::target::Target;
    use crate::request::spec::{RequestSpec, Variable};

    fn mix(weights: &[f64]) -> Result<Mix, crate::LoadError> {
        let spec = |&weight: &f64| RequestSpec {
            weight,
            ..RequestSpec::get("/")
        };
        let specs: Vec<_> = weights.iter().map(spec).collect();
        Mix::compile(&Target::plain(([127, 0, 0, 1], 80).into()), &specs, 1)
    }

    #[test]
    fn the_mix_follows_its_weights() {
        let mix = mix(&[60.0, 0.0, 25.0, 15.0]).unwrap();
        let mut counts = [0_u32; 4];
        (0..100_000).for_each(|n| counts[mix.kind_of(n)] += 1);
        for (count, expected) in counts.iter().zip([60_000_u32, 0, 25_000, 15_000]) {
            // Five standard deviations of the largest.
            assert!(
                count.abs_diff(expected) <= if expected == 0 { 0 } else { 775 },
                "{counts:?}"
            );
        }
    }

    #[test]
    fn a_mix_without_weight_is_refused() {
        for weights in [&[][..], &[0.0], &[-1.0, 2.0], &[f64::NAN], &[f64::INFINITY]] {
            assert!(mix(weights).is_err(), "{weights:?}");
        }
    }

    #[test]
    fn request_n_has_the_same_bytes_whenever_it_is_made() {
        let spec = RequestSpec {
            method: "POST".into(),
            path: "/items/{id}".into(),
            headers: vec![("x-id".into(), "{id}".into())],
            body: Some(r#"{"id": {id}}"#.into()),
            variables: vec![("id".into(), Variable::Int { low: 10, high: 99 })],
            ..RequestSpec::get("/")
        };
        let mix = Mix::compile(&Target::plain(([127, 0, 0, 1], 80).into()), &[spec], 7).unwrap();
        let bytes = |n| {
            let mut out = Vec::new();
            mix.write(0, n, &mut Default::default(), &mut out);
            String::from_utf8(out).unwrap()
        };
        let id = &mix.bindings(0, 5)["id"];
        let expected = format!(
            "POST /items/{id} HTTP/1.1\r\nhost: 127.0.0.1:80\r\nuser-agent: bakeoff-load/0.1.0\r\nx-id: {id}\r\ncontent-length: 10\r\n\r\n{{\"id\": {id}}}"
        );
        assert_eq!(bytes(5), expected);
        assert_eq!(bytes(5), bytes(5));
    }
}
