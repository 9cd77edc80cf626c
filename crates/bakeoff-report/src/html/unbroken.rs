//! Keeps numbers and their units on one line in the page's texts. Tags, scripts, styles and code stay as they are: what
//! a reader copies from code must run.

use bakeoff_core::words::number;

/// Elements whose contents stay as they are.
const VERBATIM: [&str; 4] = ["script", "style", "pre", "code"];

/// The page with its numbers kept together with their units.
pub(super) fn unbroken(page: &str) -> String {
    let mut out = String::with_capacity(page.len() + page.len() / 50);
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        out.push_str(&number::unbroken(&rest[..at]));
        let end = end_of_markup(&rest[at..]);
        out.push_str(&rest[at..at + end]);
        rest = &rest[at + end..];
    }
    out.push_str(&number::unbroken(rest));
    out
}

/// Where the tag ends with which the text begins, or the whole element where its contents stay as they are.
fn end_of_markup(text: &str) -> usize {
    let end_of_tag = text.find('>').map_or(text.len(), |at| at + 1);
    let is_verbatim = |name: &&str| {
        let after = text[1..].strip_prefix(*name);
        after.is_some_and(|after| after.starts_with(['>', ' ']))
    };
    let Some(name) = VERBATIM.iter().find(|name| is_verbatim(name)) else {
        return end_of_tag;
    };
    let closing = format!("</{name}>");
    text.find(&closing).map_or(text.len(), |at| at + closing.len())
}

#[cfg(test)]
mod tests {
    use super::unbroken;

    #[test]
    fn a_unit_stays_with_its_number_and_code_stays_as_it_is() {
        let page = "<p title=\"50 ms\">p99 is 11 ms of 50 ms</p><pre>sleep 1 s</pre><code>50 ms</code> 3 %";
        assert_eq!(
            unbroken(page),
            "<p title=\"50 ms\">p99 is 11\u{a0}ms of 50\u{a0}ms</p><pre>sleep 1 s</pre><code>50 ms</code> 3\u{a0}%"
        );
    }
}
