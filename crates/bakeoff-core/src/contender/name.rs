//! Names of contenders and variants: `node-fastify@jitless` is the variant `jitless` of `node-fastify`. Reads no
//! manifest.

use crate::diagnostic::nearest;

/// What stands between a contender's name and that of its variant. No contender's name has it.
const MARK: char = '@';

/// The whole name of a contender's variant.
#[must_use]
pub fn variant_name(contender: &str, variant: &str) -> String {
    format!("{contender}{MARK}{variant}")
}

/// The variant's own name, where `name` is the whole name of a variant of `contender`.
#[must_use]
pub fn own_name<'n>(name: &'n str, contender: &str) -> Option<&'n str> {
    name.strip_prefix(contender)?.strip_prefix(MARK)
}

/// What is wrong with the name of a contender or a variant that is none of `known`, and the way out.
#[must_use]
pub fn unknown(name: &str, known: &[&str]) -> (String, String) {
    match name.split_once(MARK) {
        Some((contender, variant)) if known.contains(&contender) => {
            let own: Vec<&str> = known
                .iter()
                .filter_map(|name| own_name(name, contender))
                .collect();
            let hint = match (nearest(variant, own.iter().copied()), own.is_empty()) {
                (Some(near), _) => format!("did you mean `{}`? ", variant_name(contender, near)),
                (None, true) => format!("`{contender}` has no variants; "),
                (None, false) => format!("`{contender}` has {}; ", in_backticks(&own)),
            };
            (
                format!("unknown variant `{name}`"),
                format!("{hint}`bakeoff list variants` shows all"),
            )
        }
        _ => {
            let contender = name.split_once(MARK).map_or(name, |(contender, _)| contender);
            let near = nearest(contender, known.iter().copied());
            let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
            (
                format!("unknown contender `{name}`"),
                format!("{near}`bakeoff list contenders` shows all"),
            )
        }
    }
}

fn in_backticks(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{own_name, unknown, variant_name};

    const KNOWN: [&str; 5] = [
        "node-fastify",
        "node-fastify@jitless",
        "node-fastify@node26",
        "node-http",
        "python-flask",
    ];

    #[test]
    fn a_variant_is_named_after_its_contender() {
        let name = variant_name("node-fastify", "jitless");
        assert_eq!(name, "node-fastify@jitless");
        assert_eq!(own_name(&name, "node-fastify"), Some("jitless"));
        assert_eq!(own_name(&name, "node"), None);
        assert_eq!(own_name("node-fastify", "node-fastify"), None);
    }

    #[test]
    fn a_name_that_nobody_has_leads_to_the_nearest() {
        for (name, message, hint) in [
            (
                "node-fastify@jitles",
                "unknown variant `node-fastify@jitles`",
                "did you mean `node-fastify@jitless`? `bakeoff list variants` shows all",
            ),
            (
                "node-fastify@uwebsockets",
                "unknown variant `node-fastify@uwebsockets`",
                "`node-fastify` has `jitless`, `node26`; `bakeoff list variants` shows all",
            ),
            (
                "python-flask@gevent",
                "unknown variant `python-flask@gevent`",
                "`python-flask` has no variants; `bakeoff list variants` shows all",
            ),
            (
                "python-flsk@gevent",
                "unknown contender `python-flsk@gevent`",
                "did you mean `python-flask`? `bakeoff list contenders` shows all",
            ),
            (
                "node-htp",
                "unknown contender `node-htp`",
                "did you mean `node-http`? `bakeoff list contenders` shows all",
            ),
        ] {
            assert_eq!(unknown(name, &KNOWN), (message.to_owned(), hint.to_owned()));
        }
    }
}
