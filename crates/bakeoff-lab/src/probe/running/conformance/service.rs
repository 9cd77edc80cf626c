//! The contract's routes as a contender serves them: paths with drawn values, and resources whose right content no
//! trial changes. It sends nothing.

use super::answer::Answer;
use super::draw::Draw;
use super::unmet::{Asked, Unmet};
use crate::contract::convert::load_spec;
use bakeoff_core::scenario::{Scenario, Variable};
use bakeoff_load::{bindings, render};

/// Items with these ids are always there, and no load removes one.
const ITEMS: usize = 9_000;

/// The scenarios that a contender serves.
#[derive(Debug)]
pub(super) struct Service<'s>(Vec<&'s Scenario>);

/// A path of the contract.
#[derive(Debug)]
pub(super) struct Route<'s> {
    /// With drawn values, and with its query.
    pub(super) path: String,
    /// The methods that the contract has for it.
    pub(super) methods: Vec<&'s str>,
}

/// A resource whose content is known.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) path: String,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// The constant object of `json`.
    Message,
    Item(usize),
    /// A page of a list: its first id and its length.
    Items {
        first: usize,
        length: usize,
    },
    /// HTML.
    Page,
}

impl<'s> Service<'s> {
    pub(super) fn new(served: impl Iterator<Item = &'s Scenario>) -> Service<'s> {
        Service(served.collect())
    }

    pub(super) fn serves(&self, id: &str) -> bool {
        self.0.iter().any(|scenario| scenario.id == id)
    }

    /// Any path.
    pub(super) fn route(&self, draw: &mut Draw) -> Route<'s> {
        let scenario = *draw.pick(&self.0);
        let served = self.0.iter().copied();
        let same = served.filter(|other| template(other) == template(scenario));
        Route {
            path: path(scenario, draw),
            methods: same.map(|other| other.request.method.as_str()).collect(),
        }
    }

    /// Any resource.
    pub(super) fn resource(&self, draw: &mut Draw) -> Resource {
        type Drawn = fn(&mut Draw) -> Resource;
        let all: [(&str, Drawn); 4] = [
            ("json", message),
            ("read-item", item),
            ("list-items", items),
            ("page", page),
        ];
        let served: Vec<Drawn> = all
            .into_iter()
            .filter(|(id, _)| self.serves(id))
            .map(|(_, drawn)| drawn)
            .collect();
        let drawn = *draw.pick(&served);
        drawn(draw)
    }

    /// A category of items, as the contract draws it for new ones.
    pub(super) fn category(&self, draw: &mut Draw) -> &'s str {
        let variables = self.0.iter().flat_map(|scenario| &scenario.request.vars);
        let categories = variables.filter_map(|(name, variable)| match variable {
            Variable::Choice(texts) if name == "category" => Some(texts),
            _ => None,
        });
        let texts: Vec<&str> = categories.flatten().map(String::as_str).collect();
        texts[draw.number(0..=texts.len() - 1)]
    }
}

/// The path of a scenario before values are drawn, without its query.
fn template(scenario: &Scenario) -> &str {
    scenario.request.path.split('?').next().unwrap_or_default()
}

/// A scenario's path with values as its load draws them.
fn path(scenario: &Scenario, draw: &mut Draw) -> String {
    let seed = draw.number(0..=1_000_000) as u64;
    let values = bindings(&load_spec(scenario, 1.0, 1.0), seed, 0);
    render(&scenario.request.path, &values.unwrap_or_default())
}

fn message(_: &mut Draw) -> Resource {
    Resource {
        path: "/json".to_owned(),
        content: Content::Message,
    }
}

/// One item.
pub(super) fn item(draw: &mut Draw) -> Resource {
    let id = draw.number(1..=ITEMS);
    Resource {
        path: format!("/items/{id}"),
        content: Content::Item(id),
    }
}

fn items(draw: &mut Draw) -> Resource {
    let (after, length) = (draw.number(0..=ITEMS), draw.number(1..=20));
    Resource {
        path: format!("/items?limit={length}&after={after}"),
        content: Content::Items {
            first: after + 1,
            length,
        },
    }
}

fn page(_: &mut Draw) -> Resource {
    Resource {
        path: "/page".to_owned(),
        content: Content::Page,
    }
}

impl Resource {
    /// That the response is 200 with this resource's content.
    ///
    /// # Errors
    /// What came instead.
    pub(super) fn is_in(&self, answer: &Answer) -> Asked {
        answer.among(&[200])?;
        let json = answer.json();
        let right = match self.content {
            Content::Message => json["message"].is_string(),
            Content::Item(id) => json["id"] == id,
            Content::Items { first, length } => {
                json["items"][0]["id"] == first
                    && json["items"]
                        .as_array()
                        .is_some_and(|items| items.len() == length)
            }
            Content::Page => answer.body.windows(5).any(|bytes| bytes == b"</h1>"),
        };
        if right {
            Ok(())
        } else {
            Err(Unmet::wrong("200 with another content"))
        }
    }
}
