//! Reads a claim from a text and checks what its types cannot express: which keys go together, and the names of
//! metrics, families, contenders and targets. Looks at no run.

use super::{Against, Claim, Documented, Role, Rule, Side, Test};
use crate::brief::TARGETS;
use crate::diagnostic::{Diagnostic, nearest};
use crate::metric::{METRICS, metric};
use crate::toml_document::Document;
use crate::toml_document::Step::{self, At, Key};
use serde::Deserialize;
use serde::de::IntoDeserializer;

/// The names that a claim may use.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Contenders and variants, by their whole names.
    pub contenders: Vec<String>,
    /// Families.
    pub families: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    sentence: String,
    #[serde(default)]
    said: Vec<String>,
    reading: String,
    #[serde(default)]
    limits: String,
    settle: String,
    #[serde(default)]
    test: Vec<WrittenTest>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTest {
    about: String,
    #[serde(default)]
    role: Role,
    metric: Option<String>,
    target: Option<String>,
    of: WrittenSide,
    is: String,
    than: Option<WrittenAgainst>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSide {
    family: Option<String>,
    contenders: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAgainst {
    family: Option<String>,
    contenders: Option<Vec<String>>,
    value: Option<f64>,
    per_core: Option<f64>,
    times_service_level: Option<f64>,
}

/// Reads the claim in `text`; `file` is its name in errors. Without `names` those of contenders and families are not
/// checked: the run that kept the claim has checked them.
///
/// # Errors
/// The first thing that is wrong, with its line and column and the nearest known word.
pub fn parse(text: &str, file: &str, names: Option<&Names>) -> Result<Claim, Diagnostic> {
    let document = Document::parse(text, file)?;
    let written: Written = document.decode()?;
    let check = Check {
        document: &document,
        names,
    };
    check.texts(&written)?;
    let tests = written.test.iter().enumerate();
    let tests = tests
        .map(|(at, test)| check.test(at, test))
        .collect::<Result<_, _>>()?;
    Ok(Claim {
        id: written.id,
        sentence: written.sentence,
        said: written.said,
        reading: written.reading,
        limits: written.limits,
        settle: written.settle,
        tests,
    })
}

struct Check<'d> {
    document: &'d Document<'d>,
    names: Option<&'d Names>,
}

impl Check<'_> {
    fn wrong<T>(
        &self,
        way: &[Step<'_>],
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Result<T, Diagnostic> {
        Err(self.document.wrong(self.document.span(way), message.into(), hint))
    }

    fn texts(&self, written: &Written) -> Result<(), Diagnostic> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if written.id.is_empty() || !written.id.chars().all(fits) {
            return self.wrong(
                &[Key("id")],
                "`id` must be small letters, digits and hyphens",
                None,
            );
        }
        let texts = [
            ("sentence", &written.sentence),
            ("reading", &written.reading),
            ("settle", &written.settle),
        ];
        match texts.into_iter().find(|(_, text)| text.trim().is_empty()) {
            Some((key, _)) => self.wrong(&[Key(key)], format!("`{key}` is empty"), None),
            None => Ok(()),
        }
    }

    fn test(&self, at: usize, written: &WrittenTest) -> Result<Test, Diagnostic> {
        let within = |key| [Key("test"), At(at), Key(key)];
        let of = self.side(at, "of", &written.of)?;
        let rule = match (&written.metric, &written.target, &written.than) {
            (Some(metric), None, Some(than)) => Rule::Compare {
                metric: self.metric(at, metric)?,
                of,
                is: self.word(at, &written.is, &["higher", "lower"])?,
                than: self.against(at, than)?,
            },
            (None, Some(target), None) => Rule::Documented {
                target: self.target(at, target)?,
                of,
                is: self.word::<Documented>(at, &written.is, &["yes", "no"])?,
            },
            (Some(_), Some(_), _) => {
                return self.wrong(
                    &within("target"),
                    "a test has either `metric` or `target`",
                    Some("remove one of them".to_owned()),
                );
            }
            (Some(_), None, None) => {
                return self.wrong(
                    &within("metric"),
                    "the test of a metric needs `than`",
                    Some("write `than = { family = \"node\" }` or `than = { value = 1000.0 }`".to_owned()),
                );
            }
            (None, Some(_), Some(_)) => {
                return self.wrong(
                    &within("than"),
                    "what is documented is compared with nothing",
                    None,
                );
            }
            (None, None, _) => {
                return self.wrong(
                    &within("about"),
                    "a test needs `metric` or `target`",
                    Some("`bakeoff list metrics` shows the metrics".to_owned()),
                );
            }
        };
        Ok(Test {
            about: written.about.clone(),
            role: written.role,
            rule,
        })
    }

    /// A word of the rule.
    fn word<T>(&self, at: usize, word: &str, known: &[&str]) -> Result<T, Diagnostic>
    where
        T: for<'de> Deserialize<'de>,
    {
        let read: Result<T, serde::de::value::Error> = T::deserialize(word.into_deserializer());
        read.or_else(|_| {
            let words: Vec<String> = known.iter().map(|known| format!("`{known}`")).collect();
            let near = nearest(word, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
            let message = format!("`is` must be {}, not `{word}`", words.join(" or "));
            self.wrong(&[Key("test"), At(at), Key("is")], message, near)
        })
    }

    fn metric(&self, at: usize, id: &str) -> Result<String, Diagnostic> {
        if metric(id).is_some() {
            return Ok(id.to_owned());
        }
        let known = METRICS.iter().map(|row| row.id);
        self.unknown(
            &[Key("test"), At(at), Key("metric")],
            "metric",
            id,
            known,
            "metrics",
        )
    }

    fn target(&self, at: usize, id: &str) -> Result<String, Diagnostic> {
        if TARGETS.contains(&id) {
            return Ok(id.to_owned());
        }
        let near = nearest(id, TARGETS).map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        let hint = format!("{near}known are {}", TARGETS.join(", "));
        self.wrong(
            &[Key("test"), At(at), Key("target")],
            format!("unknown target `{id}`"),
            Some(hint),
        )
    }

    fn side(&self, at: usize, key: &'static str, written: &WrittenSide) -> Result<Side, Diagnostic> {
        let way = [Key("test"), At(at), Key(key)];
        match (&written.family, &written.contenders) {
            (Some(family), None) => self.family(&way, family),
            (None, Some(names)) => self.contenders(&way, names),
            _ => self.wrong(
                &way,
                format!("`{key}` has either `family` or `contenders`"),
                Some(format!("write `{key} = {{ family = \"python\" }}`")),
            ),
        }
    }

    fn family(&self, way: &[Step<'_>], family: &str) -> Result<Side, Diagnostic> {
        let known = self.names.map_or(&[][..], |names| &names.families);
        if self.names.is_none() || known.iter().any(|known| known == family) {
            return Ok(Side::Family(family.to_owned()));
        }
        let known = known.iter().map(String::as_str);
        let way = [way, &[Key("family")]].concat();
        self.unknown(&way, "family", family, known, "contenders")
    }

    fn contenders(&self, way: &[Step<'_>], names: &[String]) -> Result<Side, Diagnostic> {
        for (at, name) in names.iter().enumerate() {
            if let Some(known) = self.names.filter(|known| !known.contenders.contains(name)) {
                let known = known.contenders.iter().map(String::as_str);
                let way = [way, &[Key("contenders"), At(at)]].concat();
                let kind = if name.contains('@') {
                    "variants"
                } else {
                    "contenders"
                };
                return self.unknown(&way, "contender", name, known, kind);
            }
        }
        if names.is_empty() {
            return self.wrong(way, "`contenders` is empty", None);
        }
        Ok(Side::Contenders(names.to_vec()))
    }

    fn against(&self, at: usize, written: &WrittenAgainst) -> Result<Against, Diagnostic> {
        let way = [Key("test"), At(at), Key("than")];
        let side = WrittenSide {
            family: written.family.clone(),
            contenders: written.contenders.clone(),
        };
        let is_side = side.family.is_some() || side.contenders.is_some();
        let value = match (
            is_side,
            written.value,
            written.per_core,
            written.times_service_level,
        ) {
            (true, None, None, None) => return Ok(Against::Side(self.side(at, "than", &side)?)),
            (false, Some(value), None, None) => Against::Value(value),
            (false, None, Some(value), None) => Against::PerCore(value),
            (false, None, None, Some(value)) => Against::ServiceLevel(value),
            _ => {
                return self.wrong(
                    &way,
                    "`than` has one of `family`, `contenders`, `value`, `per_core` and `times_service_level`",
                    None,
                );
            }
        };
        let (Against::Value(number) | Against::PerCore(number) | Against::ServiceLevel(number)) = value
        else {
            return Ok(value);
        };
        if number.is_finite() && number > 0.0 {
            return Ok(value);
        }
        self.wrong(&way, "the value of `than` must be above 0", None)
    }

    fn unknown<'k, T>(
        &self,
        way: &[Step<'_>],
        kind: &str,
        word: &str,
        known: impl IntoIterator<Item = &'k str>,
        list: &str,
    ) -> Result<T, Diagnostic> {
        let near = nearest(word, known).map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        self.wrong(
            way,
            format!("unknown {kind} `{word}`"),
            Some(format!("{near}`bakeoff list {list}` shows all")),
        )
    }
}
