//! Names from words: those of briefs and scenarios have small letters, digits and hyphens.

/// The longest name of a brief, which names a folder too.
const LONGEST_NAME: usize = 60;

/// Small letters, digits and hyphens; `otherwise` where nothing is left.
pub(super) fn kebab(text: &str, otherwise: &str) -> String {
    let mut word = String::new();
    let mut before = ' ';
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            // `listRooms` has two words.
            if c.is_ascii_uppercase() && before.is_ascii_lowercase() && !word.ends_with('-') {
                word.push('-');
            }
            word.push(c.to_ascii_lowercase());
        } else if !word.is_empty() && !word.ends_with('-') {
            word.push('-');
        }
        before = c;
    }
    word.truncate(LONGEST_NAME);
    let word = word.trim_end_matches('-').to_owned();
    if word.is_empty() {
        otherwise.to_owned()
    } else {
        word
    }
}

#[cfg(test)]
mod tests {
    use super::kebab;

    #[test]
    fn words_become_names() {
        for (text, name) in [
            ("listRooms", "list-rooms"),
            ("GET /books/{id}", "get-books-id"),
            ("HTTPRooms_2", "httprooms-2"),
            ("  Book shop! ", "book-shop"),
            ("部屋", "api"),
        ] {
            assert_eq!(kebab(text, "api"), name);
        }
        assert_eq!(kebab(&"a".repeat(99), "api").len(), 60);
    }
}
