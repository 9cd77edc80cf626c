//! Escapes texts of others for Markdown: no markup, no HTML, no line breaks.

/// A text within a paragraph, a heading or a table cell.
pub(crate) fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut code = false;
    for c in text.chars() {
        match c {
            c if c.is_control() => out.push(' '),
            '`' => {
                code = !code;
                out.push('`');
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '*' | '[' | ']' | '|' | '#' | '~' | '!' if !code => {
                out.push('\\');
                out.push(c);
            }
            '|' => out.push_str("\\|"),
            c => out.push(c),
        }
    }
    if code {
        out.push('`');
    }
    out
}

/// A word of the program as code.
pub(crate) fn code(text: &str) -> String {
    let safe: String = text
        .chars()
        .map(|c| if c.is_control() || c == '`' { ' ' } else { c })
        .collect();
    format!("`{}`", safe.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::{code, inline};

    #[test]
    fn texts_of_others_are_no_markup() {
        assert_eq!(
            inline("a <b> *c*\n[d](e) | f"),
            "a &lt;b&gt; \\*c\\* \\[d\\](e) \\| f"
        );
        assert_eq!(inline("`x` and `y"), "`x` and `y`");
        assert_eq!(code("a`b"), "`a b`");
    }
}
