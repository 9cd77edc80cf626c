//! The decision of a `PROBLEM.toml` as text: one sentence, then one row for each alternative. A problem has no
//! vetoes, so there is always a leader.

use super::number::{Quantity, grouped, list, probability, score, score_difference, share, with_interval};
use crate::brief::Thresholds;
use crate::smaa::{Decision, monte_carlo_error};
use crate::words::table;

/// The decision as a text of some lines, ended by a line feed.
#[must_use]
pub fn decision(decision: &Decision) -> String {
    let order = decision.order();
    let rows: Vec<[String; 6]> = order.iter().map(|place| row(decision, *place)).collect();
    let head = [
        "",
        "score",
        "P(best)",
        "regret",
        "robustness",
        "best with these weights",
    ]
    .map(str::to_owned);
    let all: Vec<&[String]> = [head.as_slice()]
        .into_iter()
        .chain(rows.iter().map(<[String; 6]>::as_slice))
        .collect();
    let table = table::lines(&all, &[]);
    format!(
        "{}\n\n{}\n\n{}",
        sentence(decision, &order),
        table.join("\n"),
        legend(decision)
    )
}

/// What the columns mean, and how accurate the simulation is.
fn legend(decision: &Decision) -> String {
    let least = decision
        .expected_loss
        .iter()
        .copied()
        .fold(f64::INFINITY, f64::min);
    let samples = grouped(u64::from(decision.samples));
    let error = Quantity::new(monte_carlo_error(decision.samples) * 100.0, "").in_prose();
    let bits = (decision.alternatives.len().max(1) as f64).log2();
    format!(
        "score       0 is the worst and 1 the best over all criteria; in brackets the central 95 %\n\
         P(best)     share of simulations in which it ranks first\n\
         regret      expected score lost when another one is better; perfect information would save {}\n\
         robustness  P(best) when strengths cannot make up for weaknesses\n\n\
         {samples} simulations: probabilities are accurate to ±{error} percentage points. Entropy of the first rank: {:.2} bits, from 0 (certain) to {bits:.2} (all equally likely).\n",
        score_difference(least),
        decision.entropy_bits
    )
}

fn sentence(decision: &Decision, order: &[usize]) -> String {
    let name = |place: usize| &decision.alternatives[place];
    match order {
        [] => "There is no alternative.".to_owned(),
        [only] => format!("{} is the only alternative.", name(*only)),
        all if level(decision, all).len() > 1 => {
            let first: Vec<&String> = level(decision, all).iter().map(|place| name(*place)).collect();
            format!(
                "{} share the first place: they have the same expected score.",
                list(&first)
            )
        }
        [first, second, ..] => {
            let (best, wins) = (decision.p_best(*first), decision.pairwise[*first][*second]);
            let thresholds = Thresholds::default();
            let clear = order[1..]
                .iter()
                .all(|other| decision.pairwise[*first][*other] >= thresholds.pairwise);
            let (first, second) = (name(*first), name(*second));
            let chances = format!(
                "it is {} likely to be the best choice and beats {second} in {} of simulations",
                probability(best),
                probability(wins)
            );
            if clear && best >= thresholds.p_best {
                format!("Choose {first}: {chances}.")
            } else {
                format!("{first} is ahead, but not clearly: {chances}.")
            }
        }
    }
}

/// Those that share the first place, in the order of the decision.
fn level<'o>(decision: &Decision, order: &'o [usize]) -> &'o [usize] {
    /// Expected values that come this near are the same.
    const LEVEL: f64 = 1e-9;
    let value = |place: usize| decision.expected_value[place].value;
    let best = order.first().map_or(0.0, |place| value(*place));
    let count = order
        .iter()
        .take_while(|place| best - value(**place) < LEVEL)
        .count();
    &order[..count]
}

fn row(decision: &Decision, place: usize) -> [String; 6] {
    let range = decision.expected_value[place];
    let weights = decision.central_weights[place].as_ref().map_or_else(
        || "no weights".to_owned(),
        |weights| {
            let pairs = decision.criteria.iter().zip(weights);
            pairs
                .map(|(name, weight)| format!("{name} {}", share(*weight)))
                .collect::<Vec<_>>()
                .join(", ")
        },
    );
    [
        decision.alternatives[place].clone(),
        with_interval(range.value, (range.low, range.high), score),
        probability(decision.p_best(place)),
        score_difference(decision.expected_loss[place]),
        probability(decision.second_opinion[place]),
        weights,
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn nobody_is_ahead_by_its_name() {
        let text = r#"alternatives = ["walk", "bus", "tram"]
samples = 2000
[[criterion]]
id = "minutes"
better = "lower"
worst = 60
best = 10
[criterion.values]
walk = 50
bus = 20
tram = 20
"#;
        let decision = crate::smaa::decide(&crate::problem::parse(text, "p.toml").unwrap());
        let said = super::decision(&decision);
        assert!(
            said.starts_with("bus and tram share the first place: they have the same expected score.\n"),
            "{said}"
        );
    }

    #[test]
    fn a_decision_fits_into_a_few_lines() {
        let text = r#"alternatives = ["tram", "bus", "walk"]
samples = 20000
[[criterion]]
id = "minutes"
better = "lower"
worst = 60
best = 10
[criterion.values]
tram = { normal = [18, 2] }
bus = { uniform = [15, 45] }
walk = 50
[[criterion]]
id = "price"
better = "lower"
worst = 5
best = 0
[criterion.values]
tram = 3.2
bus = 2.9
walk = 0
"#;
        let decision = crate::smaa::decide(&crate::problem::parse(text, "p.toml").unwrap());
        insta::assert_snapshot!(super::decision(&decision), @r"
        walk is ahead, but not clearly: it is 50 % likely to be the best choice and beats tram in 50 % of simulations.

              score                P(best)  regret  robustness  best with these weights
        walk  0.60 (0.22 to 0.98)  50 %     0.16    41 %        minutes 25 %, price 75 %
        tram  0.60 (0.37 to 0.85)  43 %     0.16    47 %        minutes 75 %, price 25 %
        bus   0.51 (0.35 to 0.79)  8 %      0.25    13 %        minutes 71 %, price 29 %

        score       0 is the worst and 1 the best over all criteria; in brackets the central 95 %
        P(best)     share of simulations in which it ranks first
        regret      expected score lost when another one is better; perfect information would save 0.16
        robustness  P(best) when strengths cannot make up for weaknesses

        20,000 simulations: probabilities are accurate to ±0.69 percentage points. Entropy of the first rank: 1.31 bits, from 0 (certain) to 1.58 (all equally likely).
        ");
    }
}
