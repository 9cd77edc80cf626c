//! The reason of an advice in words: why a run goes on or stops. It continues after a colon, without a capital and
//! without a full stop. The numbers come with the advice.

use super::number::{Quantity, count, probability, share};
use crate::evidence::{Advice, Why};
use crate::plan::Probes;

/// Why the advice says so.
#[must_use]
pub fn why(advice: &Advice) -> String {
    let Some(why) = &advice.why else {
        return advice.reason.clone();
    };
    match *why {
        Why::Unfinished { rounds, of } => {
            format!(
                "{rounds} of at least {} of launches have run",
                count(of as usize, "round")
            )
        }
        Why::PlanDone { rounds } => format!("all {} of the plan have run", count(rounds as usize, "round")),
        Why::NobodyToCompare => "fewer than two contenders are left to compare".to_owned(),
        Why::Separable {
            ahead,
            rounds,
            separated,
        } => format!(
            "with average priorities the leader beats the next with a probability of {}; about {} would raise it to {}",
            probability(ahead),
            count(rounds as usize, "more round"),
            share(separated)
        ),
        Why::Weighed { ahead } => format!(
            "with average priorities the leader beats the next with a probability of {}; {}{} would take {} and gain \
             {} score points on average, and the price of that time is {}",
            probability(ahead),
            count(advice.rounds as usize, "more round"),
            match advice.probes {
                Probes::Due => "",
                Probes::LeftOut => " without probes",
            },
            Quantity::new(advice.seconds, "s").in_prose(),
            worth(advice.value),
            worth(advice.price)
        ),
    }
}

/// A value on the scale from 0 to 1, in words. Below a millionth it is zero in practice.
fn worth(value: f64) -> String {
    const LEAST: f64 = 1e-6;
    if value < LEAST {
        format!("less than {LEAST}")
    } else {
        Quantity::new(value, "").in_prose()
    }
}

#[cfg(test)]
mod tests {
    use super::why;
    use crate::evidence::{Advice, Next, Why};
    use crate::plan::Probes;

    fn said(reason: Why) -> String {
        why(&Advice::unweighed(2, 4, Next::GoOn, reason))
    }

    #[test]
    fn each_reason_carries_its_numbers() {
        assert_eq!(
            said(Why::Unfinished { rounds: 1, of: 3 }),
            "1 of at least 3 rounds of launches have run"
        );
        assert_eq!(
            said(Why::PlanDone { rounds: 3 }),
            "all 3 rounds of the plan have run"
        );
        assert_eq!(
            said(Why::Separable {
                ahead: 0.91,
                rounds: 2,
                separated: 0.95
            }),
            "with average priorities the leader beats the next with a probability of 91 %; about 2 more rounds would \
             raise it to 95 %"
        );
    }

    #[test]
    fn what_was_weighed_stands_in_the_advice() {
        let weighed = Advice {
            probes: Probes::LeftOut,
            rounds: 1,
            seconds: 90.0,
            value: 0.000_21,
            price: 0.0,
            ..Advice::unweighed(2, 4, Next::Stop, Why::Weighed { ahead: 0.999 })
        };
        assert_eq!(
            why(&weighed),
            "with average priorities the leader beats the next with a probability of >99 %; 1 more round without probes would take 90 s and \
             gain 0.00021 score points on average, and the price of that time is less than 0.000001"
        );
    }

    #[test]
    fn an_advice_of_an_earlier_version_keeps_its_sentence() {
        let old = Advice {
            why: None,
            reason: "3 of at least 5 blocks have run".to_owned(),
            ..Advice::unweighed(0, 3, Next::GoOn, Why::NobodyToCompare)
        };
        assert_eq!(why(&old), "3 of at least 5 blocks have run");
    }
}
