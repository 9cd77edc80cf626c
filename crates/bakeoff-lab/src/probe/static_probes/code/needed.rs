//! Which files of a contender the service of a brief needs: those that serve no scenario in particular, and those that
//! serve one that the brief asks for. A brief asks for the scenarios of its mix, and for those that its needs mean.
//! Code for what it does not ask for counts for nobody, so a contender that serves all of the contract has no more to
//! read than one that leaves a part out. It reads no file.

use bakeoff_core::brief::Brief;
use bakeoff_core::contender::{CodeFile, Source};
use std::collections::BTreeSet;
use std::fmt;

/// The needs of `data/needs.toml` that mean a scenario of the contract. All others ask for a package only.
const MEANING: [(&str, &str); 6] = [
    ("http-client", "fan-out"),
    ("jwt", "login"),
    ("oauth", "login"),
    ("password-hash", "login"),
    ("templates", "page"),
    ("websocket", "socket"),
];

/// The files that count for a brief.
pub(super) struct Needed<'s> {
    pub(super) files: Vec<&'s CodeFile>,
    /// The number of all files in the manifest.
    all: usize,
    /// The scenarios of the files that do not count.
    left_out: BTreeSet<&'s str>,
    /// What the brief asks for and the contender does not serve.
    lacking: BTreeSet<&'s str>,
}

impl<'s> Needed<'s> {
    pub(super) fn of(source: &'s Source, brief: &'s Brief) -> Needed<'s> {
        let asked = asked_for(brief);
        let counts = |file: &&CodeFile| {
            file.serves.is_empty() || file.serves.iter().any(|one| asked.contains(one.as_str()))
        };
        let (files, others): (Vec<&CodeFile>, Vec<&CodeFile>) = source.files.iter().partition(counts);
        let left_out = others.into_iter().flat_map(|file| &file.serves);
        let lacking = asked.iter().copied().filter(|one| source.says_no_to(one));
        Needed {
            files,
            all: source.files.len(),
            left_out: left_out.map(String::as_str).collect(),
            lacking: lacking.collect(),
        }
    }
}

impl fmt::Display for Needed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |scenarios: &BTreeSet<&str>| scenarios.iter().copied().collect::<Vec<_>>().join(", ");
        write!(f, "in {} of {} files", self.files.len(), self.all)?;
        if !self.left_out.is_empty() {
            let left_out = list(&self.left_out);
            write!(
                f,
                "; the brief asks for none of {left_out}, so their files do not count"
            )?;
        }
        if !self.lacking.is_empty() {
            write!(f, "; it asks for {}, which is not served", list(&self.lacking))?;
        }
        Ok(())
    }
}

/// The scenarios that have a share in the mix, or that a need means.
#[must_use]
pub fn asked_for(brief: &Brief) -> BTreeSet<&str> {
    let shares = brief.traffic.iter().filter(|traffic| traffic.share > 0.0);
    let needs = || brief.needs.must.iter().chain(&brief.needs.want);
    let meant = MEANING.iter().filter(|(need, _)| needs().any(|one| one == need));
    shares
        .map(|traffic| traffic.scenario.as_str())
        .chain(meant.map(|(_, scenario)| *scenario))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{MEANING, Needed};
    use crate::probe::static_probes::needs;
    use bakeoff_core::brief::{self, Brief, Vocabulary};
    use bakeoff_core::contender::Source;

    fn brief(mix: &[&str], want: &str) -> Brief {
        let traffic: String = mix
            .iter()
            .map(|one| format!("[[traffic]]\nscenario = \"{one}\"\nshare = 1\n"))
            .collect();
        let text = format!(
            "name = \"x\"\nquestion = \"Which?\"\n[load]\npeak_rps = 10\ncores = 1\nmemory_mb = 100\n\
             slo = {{ p99_ms = 50, error_rate = 0.01 }}\n{traffic}[needs]\nwant = [{want}]\n"
        );
        let vocabulary = Vocabulary {
            scenarios: ["read-item", "socket", "upload"].map(str::to_owned).to_vec(),
            contenders: Vec::new(),
            needs: needs::known(),
        };
        brief::parse(&text, "x.toml", &vocabulary).unwrap()
    }

    fn source() -> Source {
        toml::from_str(
            "files = [\"a.js\", { path = \"socket.js\", serves = [\"socket\"] },\n\
             { path = \"streams.js\", serves = [\"upload\", \"download\"] }]\nnot_served = [\"events\"]",
        )
        .unwrap()
    }

    #[test]
    fn a_file_counts_where_the_mix_or_a_need_asks_for_one_of_its_scenarios() {
        let source = source();
        type Case<'c> = (&'c [&'c str], &'c str, &'c [&'c str], &'c str);
        let cases: [Case<'_>; 3] = [
            (
                &["read-item"],
                "",
                &["a.js"],
                "in 1 of 3 files; the brief asks for none of download, socket, upload, so their files do not count",
            ),
            (
                &["read-item"],
                "\"websocket\", \"pdf\"",
                &["a.js", "socket.js"],
                "in 2 of 3 files; the brief asks for none of download, upload, so their files do not count",
            ),
            (
                &["read-item", "upload", "socket"],
                "",
                &["a.js", "socket.js", "streams.js"],
                "in 3 of 3 files",
            ),
        ];
        for (mix, want, expected, words) in cases {
            let brief = brief(mix, want);
            let needed = Needed::of(&source, &brief);
            let paths: Vec<&str> = needed.files.iter().map(|file| file.path.as_str()).collect();
            assert_eq!((paths.as_slice(), needed.to_string().as_str()), (expected, words));
        }
    }

    #[test]
    fn what_is_asked_for_and_not_served_is_said() {
        let mut source = source();
        source.not_served = vec!["socket".to_owned()];
        let brief = brief(&["read-item", "upload"], "\"websocket\"");
        let words = Needed::of(&source, &brief).to_string();
        assert_eq!(words, "in 3 of 3 files; it asks for socket, which is not served");
    }

    #[test]
    fn every_need_that_means_a_scenario_is_a_need() {
        for (need, _) in MEANING {
            assert!(needs::known().iter().any(|known| known == need), "{need}");
        }
    }
}
