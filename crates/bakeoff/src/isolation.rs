//! `--isolation`: the option that selects how the lab isolates servers from the rest of the machine. The lab finds
//! which tiers work.

use bakeoff_core::evidence::{Run, Tier};
use bakeoff_lab::TierChoice;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Word and tier.
const CHOICES: [(&str, TierChoice); 4] = [
    ("best", TierChoice::Best),
    ("t0", TierChoice::Exactly(Tier::T0)),
    ("t1", TierChoice::Exactly(Tier::T1)),
    ("t2", TierChoice::Exactly(Tier::T2)),
];

/// The isolation of servers.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Isolation {
    /// Isolation of servers from the rest of the machine: t0 affinity and process trees, t1 also cgroups, t2 also a
    /// network namespace; `bakeoff doctor` shows the best one here [default: best, and with --resume that of the run]
    #[arg(long = "isolation", value_name = "TIER", value_parser = choices())]
    named: Option<TierChoice>,
}

impl Isolation {
    /// The tier that the user names, else the best.
    #[must_use]
    pub(crate) fn choice(self) -> TierChoice {
        self.named.unwrap_or_default()
    }

    /// The same for a run; one that goes on keeps its tier unless the user names another, because the tiers differ in
    /// what they cost.
    #[must_use]
    pub(crate) fn choice_for(self, resumed: Option<&Run>) -> TierChoice {
        let of_run = resumed.and_then(|run| run.host.isolation);
        self.named.or(of_run.map(TierChoice::Exactly)).unwrap_or_default()
    }
}

fn choices() -> impl TypedValueParser<Value = TierChoice> {
    let words = CHOICES.iter().map(|(word, _)| *word);
    PossibleValuesParser::new(words).map(|given| {
        let row = CHOICES.iter().find(|(word, _)| *word == given);
        row.map(|(_, choice)| *choice).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::Isolation;
    use bakeoff_core::evidence::Tier;
    use bakeoff_lab::TierChoice;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        isolation: Isolation,
    }

    #[test]
    fn each_word_is_a_tier_and_others_are_errors() {
        let parse = |words: &[&str]| Line::try_parse_from([&["bakeoff"], words].concat());
        let choice = |words| parse(words).unwrap().isolation.choice();
        assert_eq!(choice(&[]), TierChoice::Best);
        assert_eq!(choice(&["--isolation", "best"]), TierChoice::Best);
        assert_eq!(choice(&["--isolation", "t0"]), TierChoice::Exactly(Tier::T0));
        assert_eq!(choice(&["--isolation", "t2"]), TierChoice::Exactly(Tier::T2));
        assert!(parse(&["--isolation", "t3"]).is_err());
    }
}
