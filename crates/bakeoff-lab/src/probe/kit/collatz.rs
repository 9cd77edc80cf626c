//! The request of the scenario `compute` at a chosen size, with its correct response computed here, by the same plain
//! loop that every contender runs.

use bakeoff_load::{BodyRule, Expect, RequestSpec};

/// A computing request of size `n` that checks its response.
pub(crate) fn request(n: u64) -> RequestSpec {
    let (start, length) = longest_below(n);
    RequestSpec {
        label: "compute".to_owned(),
        method: "POST".to_owned(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: Some(format!("{{\"n\": {n}}}").into()),
        expect: Expect {
            status: vec![200],
            content_type: Some("application/json".to_owned()),
            sampled: vec![BodyRule::Json(format!(
                "{{\"n\": {n}, \"start\": {start}, \"length\": {length}}}"
            ))],
            ..Expect::default()
        },
        ..RequestSpec::get("/compute")
    }
}

/// The smallest start below `n` with the longest chain, and its length.
fn longest_below(n: u64) -> (u64, u64) {
    let mut best = (0, 0);
    for start in 1..n {
        let (mut member, mut length) = (start, 1);
        while member != 1 {
            member = if member % 2 == 0 {
                member / 2
            } else {
                3 * member + 1
            };
            length += 1;
        }
        if length > best.1 {
            best = (start, length);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::longest_below;

    #[test]
    fn known_longest_chains_are_found() {
        // https://oeis.org/A006877: starts that set records.
        for (n, longest) in [
            (1, (0, 0)),
            (10, (9, 20)),
            (1000, (871, 179)),
            (3000, (2919, 217)),
            (10_000, (6171, 262)),
        ] {
            assert_eq!(longest_below(n), longest);
        }
    }
}
