//! Reads the page's HTML as far as the tests need it: tags in order with their attributes, raw scripts and styles. It
//! is strict: markup that it cannot read is a fault of the page.

use std::collections::BTreeMap;

/// Elements that have no end tag.
const VOID: [&str; 5] = ["meta", "link", "input", "br", "img"];

/// A start tag.
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
}

/// A page as its tags, what is open at its end, and its texts.
#[derive(Default)]
pub(crate) struct Markup {
    pub(crate) tags: Vec<Tag>,
    /// The contents of scripts and styles: (element, text).
    pub(crate) raw: Vec<(String, String)>,
    /// The texts between tags, except those within code.
    pub(crate) texts: Vec<String>,
    open: Vec<String>,
}

impl Markup {
    /// Reads a page; panics where it is not well formed.
    pub(crate) fn of(page: &str) -> Markup {
        let mut markup = Markup::default();
        let mut rest = page
            .strip_prefix("<!doctype html>")
            .expect("the page starts with its type");
        while let Some(at) = rest.find('<') {
            let in_code = markup.open.iter().any(|name| name == "code" || name == "pre");
            if !in_code && !rest[..at].trim().is_empty() {
                markup.texts.push(rest[..at].to_owned());
            }
            let (tag, after) = rest[at + 1..].split_once('>').expect("a tag ends");
            rest = after;
            if let Some(name) = tag.strip_prefix('/') {
                let open = markup.open.pop();
                assert_eq!(open.as_deref(), Some(name), "an end tag closes what is open");
                continue;
            }
            let name = markup.start(tag);
            if name == "script" || name == "style" {
                let end = format!("</{name}>");
                let (text, after) = rest.split_once(&end).expect("a raw element ends");
                markup.raw.push((name, text.to_owned()));
                markup.open.pop();
                rest = after;
            }
        }
        assert!(markup.open.is_empty(), "left open: {:?}", markup.open);
        markup
    }

    /// Takes a start tag in, and returns its name.
    fn start(&mut self, tag: &str) -> String {
        let closed = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, attributes) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
        assert!(
            name.chars().all(|c| c.is_ascii_alphanumeric()),
            "`{name}` is no element"
        );
        if !closed && !VOID.contains(&name) {
            self.open.push(name.to_owned());
        }
        self.tags.push(Tag {
            name: name.to_owned(),
            attributes: parse(attributes),
        });
        name.to_owned()
    }

    /// The values of an attribute, in order.
    pub(crate) fn values(&self, attribute: &str) -> Vec<&str> {
        self.tags
            .iter()
            .filter_map(|tag| tag.attributes.get(attribute))
            .map(String::as_str)
            .collect()
    }
}

fn parse(text: &str) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ', '\n']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let value = match after.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"').expect("a value ends");
                rest = after;
                value
            }
            None => {
                assert!(!after.starts_with('='), "`{name}` has a value without quotes");
                rest = after;
                ""
            }
        };
        let twice = attributes.insert(name.to_owned(), value.to_owned());
        assert!(twice.is_none(), "`{name}` stands twice in one tag");
        rest = rest.trim_start();
    }
    attributes
}
