//! The upper level of the answer: which family rather than which other, before the contender within it. How many stacks
//! each family had is part of it, since more stacks have a best one more often.

use super::facts::Facts;
use super::number::{list, probability};
use crate::contender::family_title;
use crate::verdict::{FamilyShare, Outcome};

/// The first sentence of the answer; empty where the field has one family, and where nothing is answered.
pub(super) fn answer(facts: &Facts) -> String {
    let verdict = facts.verdict();
    let answered = matches!(verdict.outcome, Outcome::Choose | Outcome::KeepBoth);
    match &verdict.families[..] {
        [first, others @ ..] if answered && first.fit > 0 && !others.is_empty() => {
            sentence(first, others, facts.brief.verdict.pairwise)
        }
        _ => String::new(),
    }
}

/// `clear` is the probability from which one family is called ahead of the others.
fn sentence(first: &FamilyShare, others: &[FamilyShare], clear: f64) -> String {
    let rest: Vec<&str> = others.iter().map(title).collect();
    let rather = format!("{} rather than {}", title(first), either(&rest));
    if others.iter().all(|family| family.fit == 0) {
        let reasons: Vec<String> = others.iter().map(why_out).collect();
        return format!("{rather}: {}.", list(&reasons));
    }
    let all = || std::iter::once(first).chain(others);
    let stacks: Vec<String> = all().map(stacks).collect();
    let stacks = format!("{} meet the brief", list(&stacks));
    if first.p_best >= clear {
        return format!("{rather}: {} ({stacks}).", probability(first.p_best));
    }
    let shares: Vec<String> = all()
        .map(|family| format!("{} {}", title(family), probability(family.p_best)))
        .collect();
    format!("No family is clearly ahead: {} ({stacks}).", list(&shares))
}

/// The same among the reasons, with what it rests on.
pub(super) fn reason(facts: &Facts) -> Option<String> {
    let families = &facts.verdict().families;
    if families.len() < 2 || families.iter().all(|family| family.fit == 0) {
        return None;
    }
    let shares: Vec<String> = families
        .iter()
        .map(|family| {
            let noun = if family.stacks == 1 { "stack" } else { "stacks" };
            format!(
                "{} has the best one in {} of simulations ({} of {} {noun} meet the brief)",
                title(family),
                probability(family.p_best),
                family.fit,
                family.stacks
            )
        })
        .collect();
    Some(format!(
        "By family: {}. A family with more stacks has a best one more often; variants and references do not count.",
        shares.join("; ")
    ))
}

fn title(family: &FamilyShare) -> &str {
    family_title(&family.family)
}

/// `3 of 4 Python stacks`.
fn stacks(family: &FamilyShare) -> String {
    let noun = if family.stacks == 1 { "stack" } else { "stacks" };
    format!("{} of {} {} {noun}", family.fit, family.stacks, title(family))
}

/// Why nobody of a family can be chosen.
fn why_out(family: &FamilyShare) -> String {
    let name = title(family);
    match (family.stacks, family.measured) {
        (_, 0) => format!("no {name} stack was measured"),
        (1, _) => format!("the only {name} stack does not meet the brief"),
        (stacks, _) => format!("none of the {stacks} {name} stacks meets the brief"),
    }
}

/// `a`, `a or b`, `a, b or c`.
fn either(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;
    use crate::verdict::FamilyShare;

    fn family(family: &str, p_best: f64, (stacks, measured, fit): (u32, u32, u32)) -> FamilyShare {
        FamilyShare {
            family: family.to_owned(),
            p_best,
            stacks,
            measured,
            fit,
        }
    }

    fn said(families: &[FamilyShare]) -> String {
        sentence(&families[0], &families[1..], 0.6)
    }

    #[test]
    fn the_family_comes_with_the_number_of_its_stacks() {
        let cases = [
            (
                vec![family("node", 0.97, (3, 3, 3)), family("python", 0.03, (4, 4, 3))],
                "Node.js rather than Python: 97 % (3 of 3 Node.js stacks and 3 of 4 Python stacks meet the brief).",
            ),
            (
                vec![
                    family("java", 0.7, (1, 1, 1)),
                    family("node", 0.2, (3, 3, 2)),
                    family("python", 0.1, (4, 4, 4)),
                ],
                "Java rather than Node.js or Python: 70 % (1 of 1 Java stack, 2 of 3 Node.js stacks and 4 of 4 Python \
                 stacks meet the brief).",
            ),
            (
                vec![family("node", 0.55, (3, 3, 3)), family("python", 0.45, (4, 4, 4))],
                "No family is clearly ahead: Node.js 55 % and Python 45 % (3 of 3 Node.js stacks and 4 of 4 Python \
                 stacks meet the brief).",
            ),
        ];
        for (families, words) in cases {
            assert_eq!(said(&families), words);
        }
    }

    #[test]
    fn a_family_whose_members_all_fail_is_said_so() {
        let node = family("node", 1.0, (3, 3, 2));
        for (other, words) in [
            (
                family("python", 0.0, (4, 3, 0)),
                "Node.js rather than Python: none of the 4 Python stacks meets the brief.",
            ),
            (
                family("python", 0.0, (4, 0, 0)),
                "Node.js rather than Python: no Python stack was measured.",
            ),
            (
                family("zig", 0.0, (1, 1, 0)),
                "Node.js rather than zig: the only zig stack does not meet the brief.",
            ),
        ] {
            assert_eq!(said(&[node.clone(), other]), words);
        }
    }
}
