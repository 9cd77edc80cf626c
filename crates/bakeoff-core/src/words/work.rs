//! The words for the work of a stack: what its framework brings, how it reads its rows, what parses HTTP. Where two
//! stacks declare different work, a sentence that compares them says so; where one declares nothing, no sentence says
//! that the work is the same.

use super::facts::Facts;
use super::number::list;
use crate::contender::{Access, Class, Parser, Work};

/// What stands in place of a part that a manifest leaves out.
pub const NOT_DECLARED: &str = "not declared";

/// The work of a stack in a few words: `micro-framework, raw SQL, native HTTP parser`.
#[must_use]
pub fn summary(work: &Work) -> String {
    let parts = [
        (work.class.map(class), "class"),
        (work.data.access.map(access), "data access"),
        (work.http.parser.map(parser), "HTTP parser"),
    ];
    if parts.iter().all(|(part, _)| part.is_none()) {
        return format!("work {NOT_DECLARED}");
    }
    let parts = parts.map(|(part, what)| match part {
        Some(words) => words.to_owned(),
        None => format!("{what} {NOT_DECLARED}"),
    });
    parts.join(", ")
}

/// A class, in a word or two.
#[must_use]
pub const fn class(class: Class) -> &'static str {
    match class {
        Class::Platform => "no framework",
        Class::Micro => "micro-framework",
        Class::Fullstack => "full-stack framework",
    }
}

/// A way to the rows, in a word or two.
#[must_use]
pub const fn access(access: Access) -> &'static str {
    match access {
        Access::Raw => "raw SQL",
        Access::Builder => "query builder",
        Access::Orm => "ORM",
    }
}

/// A parser, in a word or two.
#[must_use]
pub const fn parser(parser: Parser) -> &'static str {
    match parser {
        Parser::Native => "native HTTP parser",
        Parser::Interpreted => "interpreted HTTP parser",
    }
}

/// How the work of two differs, as `raw SQL against an ORM`; none where both declare the same, or one does not declare
/// it.
fn difference(one: &Work, other: &Work) -> Option<String> {
    let in_access = one
        .data
        .access
        .zip(other.data.access)
        .filter(|(one, other)| one != other);
    let in_parser = one
        .http
        .parser
        .zip(other.http.parser)
        .filter(|(one, other)| one != other);
    let parts: Vec<String> = [
        in_access.map(|(one, other)| {
            format!(
                "{} against {}",
                with_article(access(one)),
                with_article(access(other))
            )
        }),
        in_parser.map(|(one, other)| {
            format!(
                "{} against {}",
                with_article(parser(one)),
                with_article(parser(other))
            )
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| list(&parts))
}

/// With its article, if it takes one.
fn with_article(words: &str) -> String {
    match words.chars().next() {
        _ if words == access(Access::Raw) => words.to_owned(),
        Some('i' | 'O') => format!("an {words}"),
        _ => format!("a {words}"),
    }
}

/// How the work of two contenders differs, ended by what follows from it: `raw SQL against an ORM: not the same work`.
pub(super) fn not_the_same(facts: &Facts, one: &str, other: &str) -> Option<String> {
    let difference = difference(&facts.record(one)?.work, &facts.record(other)?.work)?;
    Some(format!("{difference}: not the same work"))
}

/// That the choice and the runner-up do not do the same work, in a sentence beside the answer; empty where they do, or
/// do not declare it.
pub(super) fn beside_the_answer(facts: &Facts) -> String {
    let verdict = facts.verdict();
    let pair = verdict.choice.as_deref().zip(verdict.runner_up.as_deref());
    let Some((choice, second)) = pair else {
        return String::new();
    };
    let works = facts.record(choice).zip(facts.record(second));
    let difference = works.and_then(|(one, other)| difference(&one.work, &other.work));
    difference.map_or_else(String::new, |difference| {
        format!(
            "{} and {} do not do the same work ({difference}), so a part of what separates them is not the frameworks'.",
            facts.title(choice),
            facts.title(second)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{difference, summary};
    use crate::contender::{Access, Class, Data, Http, Parser, Work};

    fn work(class: Option<Class>, access: Option<Access>, parser: Option<Parser>) -> Work {
        Work {
            class,
            data: Data {
                access,
                ..Data::default()
            },
            http: Http {
                parser,
                ..Http::default()
            },
        }
    }

    #[test]
    fn what_is_not_declared_is_named() {
        let cases = [
            (work(None, None, None), "work not declared"),
            (
                work(Some(Class::Micro), Some(Access::Raw), Some(Parser::Native)),
                "micro-framework, raw SQL, native HTTP parser",
            ),
            (
                work(Some(Class::Fullstack), None, Some(Parser::Interpreted)),
                "full-stack framework, data access not declared, interpreted HTTP parser",
            ),
            (
                work(Some(Class::Platform), Some(Access::Builder), None),
                "no framework, query builder, HTTP parser not declared",
            ),
        ];
        for (work, words) in cases {
            assert_eq!(summary(&work), words);
        }
    }

    #[test]
    fn only_what_both_declare_can_differ() {
        let of = |access, parser| work(None, access, parser);
        let raw = of(Some(Access::Raw), Some(Parser::Native));
        let cases = [
            (of(Some(Access::Orm), None), Some("raw SQL against an ORM")),
            (
                of(Some(Access::Builder), None),
                Some("raw SQL against a query builder"),
            ),
            (
                of(Some(Access::Orm), Some(Parser::Interpreted)),
                Some("raw SQL against an ORM and a native HTTP parser against an interpreted HTTP parser"),
            ),
            (of(Some(Access::Raw), Some(Parser::Native)), None),
            (of(None, None), None),
        ];
        for (other, words) in cases {
            assert_eq!(difference(&raw, &other).as_deref(), words);
        }
        assert_eq!(
            difference(&of(Some(Access::Orm), None), &raw).as_deref(),
            Some("an ORM against raw SQL")
        );
    }
}
