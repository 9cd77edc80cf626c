//! Lines and columns of a terminal, counted in characters; scripts with wide characters may not align.

/// The most columns of a line.
pub(crate) const WIDTH: usize = 80;

/// A text without control characters, so that a log line cannot steer the terminal.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || is_direction(c) { ' ' } else { c })
        .collect()
}

/// Marks that turn the reading direction around.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The first `width` characters, with `…` when there are more.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Lines of at most `width` characters; a word that is longer is broken.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace().flat_map(|word| pieces(word, width)) {
        let more = word.chars().count();
        if length > 0 && length + 1 + more > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(&word);
        length += more;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn pieces(word: &str, width: usize) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    chars
        .chunks(width.max(1))
        .map(|chunk| chunk.iter().collect())
        .collect()
}

/// `text` behind `lead`, further lines under its first character.
pub(crate) fn indent(lead: &str, text: &str) -> String {
    let margin = lead.chars().count();
    let lines = wrap(text, WIDTH - margin);
    let mut out = String::new();
    for (i, line) in lines.iter().enumerate() {
        let before = if i == 0 {
            lead.to_owned()
        } else {
            " ".repeat(margin)
        };
        out.push_str(&format!("{before}{line}\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, indent, plain, shorten, wrap};

    #[test]
    fn no_line_is_too_long() {
        let text = format!("a {} b", "x".repeat(250));
        assert!(wrap(&text, 40).iter().all(|line| line.chars().count() <= 40));
        assert!(
            indent("  lead  ", &text)
                .lines()
                .all(|line| line.chars().count() <= WIDTH)
        );
    }

    #[test]
    fn a_log_line_cannot_steer_the_terminal() {
        assert_eq!(plain("\u{1b}[31mred\u{202e}"), " [31mred ");
        assert_eq!(shorten("abcdef", 4), "abc…");
    }
}
