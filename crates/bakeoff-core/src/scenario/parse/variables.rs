//! Checks the variables of a request: their ranges, and what they are made from.

use super::{Check, Checked};
use crate::diagnostic::nearest;
use crate::scenario::{LoadRequest, Variable};
use crate::toml_document::Step::Key;
use std::collections::BTreeSet;

impl Check<'_> {
    pub(super) fn variable(&self, name: &str, variable: &Variable, request: &LoadRequest) -> Checked {
        let way = [Key("request"), Key("vars"), Key(name)];
        match variable {
            Variable::Int([low, high]) if low > high => self.wrong(
                &way,
                format!("the range of `{name}` is empty: {low} is above {high}"),
                Some(format!("write `int = [{high}, {low}]`")),
            ),
            Variable::Choice(from) | Variable::Pick { from, .. } if from.is_empty() => {
                self.wrong(&way, format!("`{name}` has nothing to choose from"), None)
            }
            Variable::Sum(of) if of.is_empty() => {
                self.wrong(&way, format!("`{name}` is the sum of nothing"), None)
            }
            Variable::Linear { modulo, .. } if *modulo <= 0 => self.wrong(
                &way,
                format!("the modulus of `{name}` must be above 0, not `{modulo}`"),
                None,
            ),
            _ => self.sources(name, request),
        }
    }

    /// What a variable comes from is declared, and does not come from the variable itself.
    fn sources(&self, name: &str, request: &LoadRequest) -> Checked {
        let way = [Key("request"), Key("vars"), Key(name)];
        let mut seen = BTreeSet::new();
        let mut open = vec![name.to_owned()];
        while let Some(next) = open.pop() {
            let Some(variable) = request.vars.get(&next) else {
                let known = request.vars.keys().map(String::as_str);
                let hint = nearest(&next, known).map(|near| format!("did you mean `{near}`?"));
                return self.wrong(
                    &way,
                    format!("`{name}` comes from the unknown variable `{next}`"),
                    hint,
                );
            };
            for source in comes_from(variable) {
                if source == name {
                    return self.wrong(&way, format!("`{name}` comes from itself"), None);
                }
                if seen.insert(source.clone()) {
                    open.push(source.clone());
                }
            }
        }
        Ok(())
    }
}

/// The variables that a variable is made from.
fn comes_from(variable: &Variable) -> Vec<&String> {
    match variable {
        Variable::Int(_) | Variable::Choice(_) => Vec::new(),
        Variable::Linear { of, .. } | Variable::Pick { of, .. } => vec![of],
        Variable::Sum(of) => of.iter().collect(),
    }
}
