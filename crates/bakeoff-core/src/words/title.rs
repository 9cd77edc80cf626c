//! Titles within a sentence. A title starts with a capital because it can stand alone in a table.

/// With a small first letter, unless the first word is an abbreviation.
pub(crate) fn within_sentence(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::within_sentence;

    #[test]
    fn abbreviations_keep_their_capitals() {
        assert_eq!(within_sentence("Memory under load"), "memory under load");
        assert_eq!(within_sentence("CPU time per request"), "CPU time per request");
        assert_eq!(within_sentence(""), "");
    }
}
