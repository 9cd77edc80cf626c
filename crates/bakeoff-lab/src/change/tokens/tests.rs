//! What counts in files of each kind, and what two versions of a file differ by.

use super::{difference, tokens};

#[test]
fn each_kind_of_file_has_its_tokens() {
    let cases: [(&str, &str, &[&str]); 7] = [
        (
            "a.js",
            "f('a b', 1); // no\n",
            &["f", "(", "'a b'", ",", "1", ")"],
        ),
        ("a.py", "\"\"\"No.\"\"\"\nx = 'a b'\n", &["x", "=", "'a b'"]),
        (
            "a.html",
            "<p>Hello</p><!-- no -->",
            &["<", "p", ">", "Hello", "<", "/", "p", ">"],
        ),
        ("a.toml", "# no\nport = 80\n", &["port", "=", "80"]),
        (
            "package.json",
            "{ \"a\": \"^1.0.0\" }",
            &["{", "\"a\":", "\"^1.0.0\"", "}"],
        ),
        ("requirements.in", "flask>=3\n", &["flask>=3"]),
        ("a.js", "", &[]),
    ];
    for (path, text, expected) in cases {
        assert_eq!(tokens(path, text), expected, "{path}: {text}");
    }
}

#[test]
fn a_difference_counts_both_ways_and_moves_cost_nothing() {
    let of = |before: &str, after: &str| difference(&tokens("a.js", before), &tokens("a.js", after));
    for (before, after, expected) in [
        ("", "", 0),
        ("f(1)", "f(1)", 0),
        ("", "f(1)", 4),
        ("f(1)", "", 4),
        ("f(1)", "f(2)", 2),
        ("f(1);\ng(2);\n", "g(2)\n\nf(1) // later", 0),
        ("f(a)", "f(a, a)", 2),
    ] {
        assert_eq!(of(before, after), expected, "{before} → {after}");
    }
}
