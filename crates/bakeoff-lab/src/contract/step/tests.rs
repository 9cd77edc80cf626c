//! Rules about which headers a response has.

use super::{check_lists, check_presence};
use bakeoff_core::scenario::{Expectation, Step};
use bakeoff_load::Response;
use std::collections::BTreeMap;
use std::time::Duration;

fn check(expect: Expectation, expected: Result<(), &str>) {
    let headers = [("Vary", "Accept"), ("vary", "Origin"), ("Retry-After", "60")];
    let response = Response {
        status: 200,
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        body: Vec::new(),
        elapsed: Duration::ZERO,
        streamed: None,
    };
    let step = Step {
        expect,
        ..Step::default()
    };
    let found = check_presence(&step, &response).and_then(|()| check_lists(&step, &response));
    assert_eq!(found, expected.map_err(str::to_owned));
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn headers_are_there_or_are_not() {
    let with = |wanted: &[&str]| Expectation {
        with_headers: names(wanted),
        ..Expectation::default()
    };
    let without = |unwanted: &[&str]| Expectation {
        without_headers: names(unwanted),
        ..Expectation::default()
    };
    check(with(&["retry-after"]), Ok(()));
    check(with(&["retry-after", "etag"]), Err("the header `etag`"));
    check(without(&["etag"]), Ok(()));
    check(
        without(&["etag", "retry-after"]),
        Err("no header `retry-after`, it is `60`"),
    );
}

#[test]
fn several_headers_of_one_name_are_one_list() {
    let listed = |members: &[&str]| Expectation {
        lists: BTreeMap::from([("vary".to_owned(), names(members))]),
        ..Expectation::default()
    };
    check(listed(&["origin", "accept"]), Ok(()));
    let missing = Err("`vary` with `cookie`, it is `Accept, Origin`");
    check(listed(&["cookie"]), missing);
}
