//! The mix of requests, compiled: which kind request `n` is, its bytes, and whether its answer's body is looked at. All
//! of it is a pure function of the seed and of `n`.

use crate::body::{Body, Upload};
use crate::compose::{Composer, Scratch};
use crate::dice::{Dice, Purpose};
use crate::error::LoadError;
use crate::expect::{BodyRule, Expect};
use crate::request::RequestSpec;
use crate::talk::Talk;
use crate::target::Target;
use std::collections::BTreeMap;

/// The kinds of requests of a load.
#[derive(Debug)]
pub(crate) struct Mix {
    seed: u64,
    kinds: Vec<Kind>,
}

/// One kind of request.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) label: String,
    pub(crate) method: String,
    pub(crate) expect: Expect,
    /// Where its share ends on the way from 0 to 1.
    share_end: f64,
    composer: Composer,
    flow: Flow,
}

/// Whether a request and its answer are short, or may take long and are watched for progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Short,
    Stream,
}

/// What is done with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// It is held to its rules.
    Into,
    /// Only its framing and its length count.
    Past,
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
            Kind::compile(target, spec, share_end)
        });
        Ok(Self {
            seed,
            kinds: kinds.collect::<Result<_, _>>()?,
        })
    }

    pub(crate) fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// Which kind request `n` is.
    pub(crate) fn kind_of(&self, n: u64) -> usize {
        if self.kinds.len() == 1 {
            return 0;
        }
        let drawn = Dice::new(self.seed, Purpose::Mix, n).unit();
        self.kinds.partition_point(|kind| kind.share_end <= drawn)
    }

    /// Whether the body of the answer to request `n` is looked at.
    pub(crate) fn look(&self, kind: usize, n: u64) -> Look {
        let expect = &self.kinds[kind].expect;
        // Events are few, and each is progress, so that all are held to their rule.
        let always = matches!(expect.sampled[..], [BodyRule::Events(_)]);
        let sampled = !expect.sampled.is_empty()
            && (always || Dice::new(self.seed, Purpose::Sample, n).unit() < expect.sample_share);
        if sampled { Look::Into } else { Look::Past }
    }

    /// Appends the bytes of request `n` to `out`.
    pub(crate) fn write(&self, kind: usize, n: u64, scratch: &mut Scratch, out: &mut Vec<u8>) {
        self.kinds[kind].composer.write(self.seed, n, scratch, out);
    }

    /// The WebSocket that request `n` asks for, if it does.
    pub(crate) fn talk(&self, kind: usize, n: u64) -> Option<Talk> {
        self.kinds[kind].composer.talk(self.seed, n)
    }

    /// The values of the variables of request `n`.
    pub(crate) fn bindings(&self, kind: usize, n: u64) -> BTreeMap<String, String> {
        self.kinds[kind].composer.bindings(self.seed, n)
    }
}

impl Kind {
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
            let reason = "a body that is checked as it comes is held to one rule and to no other";
            return Err(wrong(reason.to_owned()));
        }
        let is_hole = |text: &str| {
            spec.variables
                .iter()
                .any(|(name, _)| text.contains(&format!("{{{name}}}")))
        };
        for rule in &expect.sampled {
            match rule {
                // A body that is always the same has a length that every answer can be held to.
                BodyRule::Exact(text) if !is_hole(text) => {
                    expect.length = expect.length.or(Some(text.len() as u64))
                }
                BodyRule::Pattern { bytes } => expect.length = expect.length.or(Some(*bytes)),
                BodyRule::Problem { status } if expect.status.is_empty() => expect.status = vec![*status],
                _ => {}
            }
        }
        if matches!(spec.body, Some(Body::Message(_))) && expect.status.is_empty() {
            expect.status = vec![101];
        }
        let composer = Composer::compile(target, spec)?;
        let flow = match composer.upload() {
            None if streamed == 0 => Flow::Short,
            _ => Flow::Stream,
        };
        Ok(Self {
            label: spec.label.clone(),
            method: spec.method.clone(),
            expect,
            share_end,
            composer,
            flow,
        })
    }

    /// Whether it is watched for progress.
    pub(crate) fn flow(&self) -> Flow {
        self.flow
    }

    /// The stream that follows the head of each request, if it carries one.
    pub(crate) fn upload(&self) -> Option<Upload> {
        self.composer.upload()
    }

    /// Whether sending it twice does the same as sending it once (RFC 9110 §9.2.2).
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
    use crate::request::{RequestSpec, Variable};
    use crate::target::Target;

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
