//! The ranges of versions in npm's manifests, as `^20.19.0 || >=22` [npm's documentation of `semver`]. A range that it
//! cannot read allows every version: npm itself takes `engines` as advice.

use semver::{Version, VersionReq};

/// Whether a range allows a version.
pub(super) fn allows(range: &str, version: &Version) -> bool {
    range
        .split("||")
        .any(|part| one_of(part.trim(), version).unwrap_or(true))
}

/// Whether one alternative allows a version; none where it cannot be read.
fn one_of(part: &str, version: &Version) -> Option<bool> {
    if let Some((low, high)) = part.split_once(" - ") {
        let both = [format!(">={}", plain(low)), format!("<={}", plain(high))];
        return holds(&both, version);
    }
    let mut comparisons: Vec<String> = Vec::new();
    let mut operator = String::new();
    for word in part.split_whitespace() {
        let number = word.trim_start_matches(['>', '<', '=', '~', '^']);
        operator.push_str(&word[..word.len() - number.len()]);
        // An operator may stand apart from its version.
        if number.is_empty() {
            continue;
        }
        let number = plain(number);
        if !number.is_empty() {
            let operator = match operator.as_str() {
                "" => "=",
                "~>" => "~",
                given => given,
            };
            comparisons.push(format!("{operator}{number}"));
        }
        operator.clear();
    }
    holds(&comparisons, version)
}

fn holds(comparisons: &[String], version: &Version) -> Option<bool> {
    if comparisons.is_empty() {
        return Some(true);
    }
    let requirement = VersionReq::parse(&comparisons.join(", ")).ok()?;
    Some(requirement.matches(version))
}

/// A version without a leading `v`, and without what `x` and `*` leave open: `18` of `v18.x`.
fn plain(number: &str) -> String {
    let number = number.trim().trim_start_matches('v');
    let known = number
        .split('.')
        .take_while(|part| !matches!(*part, "x" | "X" | "*"));
    known.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::allows;
    use semver::Version;

    #[test]
    fn ranges_allow_what_npm_does() {
        for (range, allowed, refused) in [
            (">= 18", "20.20.2", "16.0.0"),
            (">=0.4", "24.0.0", "0.3.0"),
            (">=22", "22.0.0", "20.20.2"),
            (">= 10.x", "24.1.0", "9.9.9"),
            ("18.x || 20.x || >=22", "24.1.0", "21.0.0"),
            ("^20.19.0 || ^22.12.0 || >=24", "22.13.0", "22.11.0"),
            ("20 || >= 22.12", "20.1.0", "22.1.0"),
            (">=18.0.0 <23", "22.9.0", "24.0.0"),
            ("18 - 22", "22.9.0", "24.0.0"),
            ("~22.1", "22.1.9", "22.2.0"),
            ("v22.1.0", "22.1.0", "22.1.1"),
            (">20", "21.0.0", "20.9.0"),
            ("<=20", "20.9.0", "21.0.0"),
        ] {
            let check = |version: &str| allows(range, &Version::parse(version).unwrap());
            assert!(check(allowed), "`{range}` allows {allowed}");
            assert!(!check(refused), "`{range}` refuses {refused}");
        }
    }

    #[test]
    fn what_cannot_be_read_allows_everything() {
        for range in ["", "*", "x", "node", "lts/*", ">=18 please"] {
            assert!(allows(range, &Version::new(20, 0, 0)), "`{range}`");
        }
    }
}
