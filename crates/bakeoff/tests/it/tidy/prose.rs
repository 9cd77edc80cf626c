//! How the house writes: phrases that a reader stumbles over, and lines of comments that are too long. CONTRIBUTING has
//! the rules that no program can hold.

use super::tree::{assert_none, files};

/// The most columns of a line that holds a comment, its indentation included.
const MOST_COLUMNS: usize = 120;

/// Phrases that hide who does what. This file alone may write them.
const BANNED: [&str; 13] = [
    "everything that is not known",
    "so many ",
    "so much of",
    "is had",
    "are had",
    "whoever",
    "whatever",
    "was told",
    "is told",
    "are told",
    "tells of",
    "by its turn",
    "what is asked",
];

/// Every text that a person reads: sources, documents, templates, contenders, scenarios, briefs.
fn texts() -> Vec<(String, String)> {
    let endings = [
        ".rs", ".md", ".toml", ".html", ".css", ".js", ".py", ".txt", ".svg",
    ];
    let mut all: Vec<(String, String)> = Vec::new();
    for folder in ["crates", "docs", "contenders", "scenarios", "claims", "briefs"] {
        all.extend(files(folder, &endings));
    }
    all.extend(files(
        "",
        &["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"],
    ));
    all.sort();
    all.dedup();
    let ours = |path: &str| {
        !path.ends_with("tidy/prose.rs") && !path.ends_with(".min.js") && !path.ends_with("lock.toml")
    };
    all.into_iter().filter(|(path, _)| ours(path)).collect()
}

/// The banned phrases of a text, with their lines. A phrase that goes over the end of a line is found too.
fn phrases(text: &str) -> Vec<(usize, &'static str)> {
    let mut plain = String::new();
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim().trim_start_matches(['/', '!', '#', '*']).trim();
        for word in line.split_whitespace() {
            plain.push_str(&word.to_lowercase());
            plain.push(' ');
            lines.resize(plain.len(), number + 1);
        }
    }
    let mut found: Vec<(usize, &'static str)> = BANNED
        .iter()
        .flat_map(|phrase| {
            let at: Vec<usize> = plain.match_indices(phrase).map(|(at, _)| at).collect();
            at.into_iter()
                .filter(|at| is_whole(&plain, *at, phrase))
                .map(|at| (lines[at], *phrase))
                .collect::<Vec<_>>()
        })
        .collect();
    found.sort_unstable();
    found
}

/// Whether words begin and end where the phrase does: `this had` holds no `is had`.
fn is_whole(text: &str, at: usize, phrase: &str) -> bool {
    let letter = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
    let before = text[..at].chars().next_back();
    let after = text[at + phrase.len()..].chars().next();
    !letter(before) && (phrase.ends_with(' ') || !letter(after))
}

/// The lines of Rust that hold a comment and are too long, with their width.
fn wide(text: &str) -> Vec<(usize, usize)> {
    let lines = text.lines().enumerate().map(|(number, line)| (number + 1, line));
    lines
        .filter(|(_, line)| line.trim_start().starts_with("//") || ends_with_a_comment(line))
        .map(|(number, line)| (number, line.chars().count()))
        .filter(|(_, columns)| *columns > MOST_COLUMNS)
        .collect()
}

/// Code with a comment behind it: `//` that no text holds.
fn ends_with_a_comment(line: &str) -> bool {
    line.match_indices(" // ")
        .any(|(at, _)| line[..at].matches('"').count().is_multiple_of(2))
}

#[test]
fn nobody_writes_the_old_dialect() {
    let found = texts().into_iter().flat_map(|(path, text)| {
        let found = phrases(&text).into_iter();
        found
            .map(move |(line, phrase)| format!("{path}:{line}: `{phrase}`"))
            .collect::<Vec<_>>()
    });
    assert_none(found.collect(), "plain words (CONTRIBUTING, \"Prose\")");
}

#[test]
fn comments_fit_on_a_line() {
    let found = files("crates", &[".rs"]).into_iter().flat_map(|(path, text)| {
        let found = wide(&text).into_iter();
        found
            .map(move |(line, columns)| format!("{path}:{line}: {columns} columns"))
            .collect::<Vec<_>>()
    });
    assert_none(found.collect(), "a line with a comment has at most 120 columns");
}

#[test]
fn a_banned_phrase_is_found_over_the_end_of_a_line() {
    let cases: [(&str, &[(usize, &str)]); 6] = [
        (
            "/// best in 89 % of everything that\n/// is not known.",
            &[(1, "everything that is not known")],
        ),
        ("//! a\n//! b, whatever it is", &[(2, "whatever")]),
        (
            "Whoever asks so\n    // many questions",
            &[(1, "so many "), (1, "whoever")],
        ),
        ("this had been, and so manyfold", &[]),
        ("what is had.", &[(1, "is had")]),
        ("| what is asked | x |", &[(1, "what is asked")]),
    ];
    for (text, expected) in cases {
        assert_eq!(phrases(text), expected, "{text}");
    }
}

#[test]
fn a_wide_comment_is_found_and_wide_code_is_not() {
    let long = "x".repeat(120);
    assert_eq!(wide(&format!("fn f() {{}}\n    // {long}")), [(2, 127)]);
    assert_eq!(wide(&format!("//! {long}")), [(1, 124)]);
    assert_eq!(wide(&format!("let a = 1; // {long}")), [(1, 134)]);
    assert_eq!(wide(&format!("let a = \"http://{long} // no\";")), []);
}
