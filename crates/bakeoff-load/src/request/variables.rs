//! The variables of a request and their draws. They are compiled once for a kind of request, so that drawing neither
//! looks up names nor allocates. The values are put into requests in `compiled`.

use crate::request::spec::Variable;
use crate::seeded_rng::SeededRng;
use std::io::Write as _;

/// The variables of one kind of request, ordered so that each needs only earlier ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    names: Vec<String>,
    rules: Vec<DrawRule>,
}

#[derive(Debug, Clone)]
enum DrawRule {
    Int {
        low: i64,
        width: u128,
    },
    Choice(Vec<String>),
    Linear {
        of: usize,
        times: i64,
        modulo: i64,
        plus: i64,
    },
    Sum(Vec<usize>),
    Pick {
        of: usize,
        from: Vec<String>,
    },
}

/// The value of one variable: a number, or the index of a text of its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    Number(i64),
    Text(usize),
}

impl Variables {
    /// Compiles the variables.
    ///
    /// # Errors
    /// A variable cannot be drawn: its name, and why.
    pub(crate) fn compile(declared: &[(String, Variable)]) -> Result<Self, String> {
        let mut compiled = Self::default();
        let mut left: Vec<&(String, Variable)> = declared.iter().collect();
        while !left.is_empty() {
            let before = left.len();
            let mut later = Vec::new();
            for entry in left {
                let (name, variable) = entry;
                if compiled.index(name).is_some() {
                    return Err(format!("variable `{name}` is declared twice"));
                }
                match needs(variable).iter().find(|n| compiled.index(n).is_none()) {
                    None => compiled.add(name, variable)?,
                    Some(needed) if declared.iter().any(|(n, _)| n == *needed) => later.push(entry),
                    Some(needed) => {
                        return Err(format!(
                            "variable `{name}` needs `{needed}`, which is not declared"
                        ));
                    }
                }
            }
            if later.len() == before {
                return Err(format!("variable `{}` derives from itself", later[0].0));
            }
            left = later;
        }
        Ok(compiled)
    }

    fn add(&mut self, name: &str, variable: &Variable) -> Result<(), String> {
        let number = |of: &str| match self.index(of) {
            Some(i) if matches!(self.rules[i], DrawRule::Choice(_) | DrawRule::Pick { .. }) => {
                Err(format!("variable `{name}` needs a number, and `{of}` is a text"))
            }
            Some(i) => Ok(i),
            None => Err(format!("variable `{name}` needs `{of}`, which is not declared")),
        };
        let texts = |from: &[String]| match from {
            [] => Err(format!("variable `{name}` has no texts to choose from")),
            from => Ok(from.to_vec()),
        };
        let rule = match variable {
            Variable::Int { low, high } if low > high => {
                return Err(format!("variable `{name}`: {low} is above {high}"));
            }
            Variable::Int { low, high } => DrawRule::Int {
                low: *low,
                width: (i128::from(*high) - i128::from(*low)) as u128 + 1,
            },
            Variable::Choice(from) => DrawRule::Choice(texts(from)?),
            Variable::Linear { modulo, .. } if *modulo <= 0 => {
                return Err(format!(
                    "variable `{name}`: `modulo` is {modulo}, and must be above 0"
                ));
            }
            Variable::Linear {
                of,
                times,
                modulo,
                plus,
            } => DrawRule::Linear {
                of: number(of)?,
                times: *times,
                modulo: *modulo,
                plus: *plus,
            },
            Variable::Sum(of) => DrawRule::Sum(of.iter().map(|o| number(o)).collect::<Result<_, _>>()?),
            Variable::Pick { of, from } => DrawRule::Pick {
                of: number(of)?,
                from: texts(from)?,
            },
        };
        self.names.push(name.to_owned());
        self.rules.push(rule);
        Ok(())
    }

    /// The index of the variable with this name.
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n == name)
    }

    /// The names, in the order of the values.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Draws all variables into `values`, replacing its contents.
    pub(crate) fn draw(&self, rng: &mut SeededRng, values: &mut Vec<Value>) {
        values.clear();
        for rule in &self.rules {
            let value = rule.draw(rng, values);
            values.push(value);
        }
    }

    /// Appends the text of variable `index`.
    pub(crate) fn write(&self, index: usize, values: &[Value], out: &mut Vec<u8>) {
        match (values[index], &self.rules[index]) {
            (Value::Text(i), DrawRule::Choice(from) | DrawRule::Pick { from, .. }) => {
                out.extend_from_slice(from[i].as_bytes())
            }
            (Value::Number(number), _) => write!(out, "{number}").expect("writing to memory does not fail"),
            (Value::Text(_), _) => unreachable!("only rules with texts make texts"),
        }
    }
}

impl DrawRule {
    fn draw(&self, rng: &mut SeededRng, earlier: &[Value]) -> Value {
        let number = |i: usize| match earlier[i] {
            Value::Number(number) => i128::from(number),
            Value::Text(_) => unreachable!("compiling refuses numbers from texts"),
        };
        match self {
            Self::Int { low, width } => Value::Number(low.wrapping_add(rng.below(*width) as i64)),
            Self::Choice(from) => Value::Text(rng.below(from.len() as u128) as usize),
            Self::Linear {
                of,
                times,
                modulo,
                plus,
            } => {
                let rest = (number(*of) * i128::from(*times)).rem_euclid(i128::from(*modulo));
                Value::Number(clamp(rest + i128::from(*plus)))
            }
            Self::Sum(of) => Value::Number(clamp(of.iter().map(|&i| number(i)).sum())),
            Self::Pick { of, from } => Value::Text(number(*of).rem_euclid(from.len() as i128) as usize),
        }
    }
}

fn needs(variable: &Variable) -> Vec<&String> {
    match variable {
        Variable::Int { .. } | Variable::Choice(_) => Vec::new(),
        Variable::Linear { of, .. } | Variable::Pick { of, .. } => vec![of],
        Variable::Sum(of) => of.iter().collect(),
    }
}

fn clamp(number: i128) -> i64 {
    number.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

#[cfg(test)]
mod tests {
    use super::Variables;
    use crate::request::spec::Variable;
    use crate::seeded_rng::{Purpose, SeededRng};

    fn declared() -> Vec<(String, Variable)> {
        let texts = |from: &[&str]| from.iter().map(|&t| t.to_owned()).collect::<Vec<_>>();
        vec![
            ("total".into(), Variable::Sum(vec!["id".into(), "price".into()])),
            (
                "category".into(),
                Variable::Pick {
                    of: "id".into(),
                    from: texts(&["books", "garden", "games"]),
                },
            ),
            (
                "price".into(),
                Variable::Linear {
                    of: "id".into(),
                    times: 7919,
                    modulo: 100_000,
                    plus: 1,
                },
            ),
            ("id".into(), Variable::Int { low: 1, high: 9000 }),
            ("colour".into(), Variable::Choice(texts(&["red", "blue"]))),
        ]
    }

    #[test]
    fn derived_variables_follow_from_the_drawn_ones() {
        let variables = Variables::compile(&declared()).unwrap();
        let mut values = Vec::new();
        for n in 0..1_000 {
            variables.draw(&mut SeededRng::new(5, Purpose::Variables, n), &mut values);
            let text = |name: &str| {
                let mut out = Vec::new();
                variables.write(variables.index(name).unwrap(), &values, &mut out);
                String::from_utf8(out).unwrap()
            };
            let id: i64 = text("id").parse().unwrap();
            let price = id * 7919 % 100_000 + 1;
            assert!((1..=9000).contains(&id));
            assert_eq!(text("price"), price.to_string());
            assert_eq!(text("total"), (id + price).to_string());
            assert_eq!(text("category"), ["books", "garden", "games"][id as usize % 3]);
            assert!(["red", "blue"].contains(&text("colour").as_str()));
        }
    }

    #[test]
    fn the_whole_range_of_numbers_can_be_drawn() {
        let variables = Variables::compile(&[(
            "n".into(),
            Variable::Int {
                low: i64::MIN,
                high: i64::MAX,
            },
        )])
        .unwrap();
        variables.draw(&mut SeededRng::new(1, Purpose::Variables, 0), &mut Vec::new());
    }

    #[test]
    fn a_variable_that_cannot_be_drawn_is_refused_with_the_reason() {
        let cases: [(Vec<(&str, Variable)>, &str); 6] = [
            (
                vec![("a", Variable::Int { low: 2, high: 1 })],
                "variable `a`: 2 is above 1",
            ),
            (
                vec![("a", Variable::Choice(vec![]))],
                "variable `a` has no texts to choose from",
            ),
            (
                vec![("a", Variable::Sum(vec!["b".into()]))],
                "variable `a` needs `b`, which is not declared",
            ),
            (
                vec![("a", Variable::Sum(vec!["a".into()]))],
                "variable `a` derives from itself",
            ),
            (
                vec![
                    ("a", Variable::Choice(vec!["x".into()])),
                    ("b", Variable::Sum(vec!["a".into()])),
                ],
                "variable `b` needs a number, and `a` is a text",
            ),
            (
                vec![
                    ("a", Variable::Int { low: 1, high: 1 }),
                    ("a", Variable::Int { low: 1, high: 1 }),
                ],
                "variable `a` is declared twice",
            ),
        ];
        for (declared, reason) in cases {
            let declared: Vec<_> = declared.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
            assert_eq!(Variables::compile(&declared).err().as_deref(), Some(reason));
        }
    }
}
