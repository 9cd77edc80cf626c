//! Options of judging that are no part of the brief: samples, seed, and which contenders to judge.

/// How the simulation runs, and which contenders it judges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeOptions {
    /// Number of samples: 9,604 give probabilities within ± 0.01.
    pub samples: u32,
    /// The seed: the same gives the same bytes.
    pub seed: u64,
    /// The contenders to judge, each as a candidate; empty: all of the run. Which metrics count depends on the whole
    /// run all the same, so leaving a contender out changes no number of the others.
    pub only: Vec<String>,
}

impl Default for JudgeOptions {
    /// 20,000 samples: probabilities within ± 0.007.
    fn default() -> JudgeOptions {
        JudgeOptions {
            samples: 20_000,
            seed: 1,
            only: Vec::new(),
        }
    }
}

impl JudgeOptions {
    /// Whether a contender is judged.
    #[must_use]
    pub fn concern(&self, contender: &str) -> bool {
        self.only.is_empty() || self.names(contender)
    }

    /// Whether a contender is named: then it is a candidate, a reference too.
    #[must_use]
    pub fn names(&self, contender: &str) -> bool {
        self.only.iter().any(|name| name == contender)
    }
}
