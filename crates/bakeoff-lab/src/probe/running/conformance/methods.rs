//! Methods and responses without content [RFC 9110, sections 9 and 15].

use super::answer::Answer;
use super::client::Client;
use super::kind::ConformanceKind;
use super::unmet::{Asked, Unmet};

pub(super) const KINDS: &[ConformanceKind] = &[
    ConformanceKind {
        id: "wrong-method",
        title: "a method that the route does not serve",
        standard: "RFC 9110, 15.5.6",
        accepted: "405 with the served methods in `Allow`",
        scenarios: &[],
        ask: wrong_method,
    },
    ConformanceKind {
        id: "options",
        title: "`OPTIONS`",
        standard: "RFC 9110, 9.3.7",
        accepted: "200 or 204 with the served methods in `Allow`, as the contract has it",
        scenarios: &[],
        ask: options,
    },
    ConformanceKind {
        id: "head",
        title: "`HEAD`",
        standard: "RFC 9110, 9.3.2 and 8.6",
        accepted: "status, media type and length of `GET`, and no body",
        scenarios: &[],
        ask: head,
    },
    ConformanceKind {
        id: "method-case",
        title: "a method in small letters",
        standard: "RFC 9110, 9.1",
        accepted: "400, 405 or 501, because methods are case-sensitive",
        scenarios: &[],
        ask: method_case,
    },
    ConformanceKind {
        id: "no-content",
        title: "the headers of a 204",
        standard: "RFC 9110, 8.6; RFC 9112, 6.1",
        accepted: "no body, no `Content-Length`, no `Transfer-Encoding`; not counted without a 204",
        scenarios: &[],
        ask: no_content,
    },
];

fn wrong_method(client: &mut Client<'_>) -> Asked {
    let route = client.route();
    let mut unserved = vec!["DELETE", "PATCH", "POST", "PUT"];
    unserved.retain(|method| !route.methods.contains(method));
    let method = *client.draw.pick(&unserved);
    let request = client.request(method, &route.path).sized("");
    let answer = client.send(&request)?;
    answer.among(&[405])?;
    allows(&answer, &route.methods)
}

fn options(client: &mut Client<'_>) -> Asked {
    let route = client.route();
    let request = if client.draw.coin() {
        client.request("OPTIONS", &route.path)
    } else {
        client.without_token("OPTIONS", &route.path)
    };
    let answer = client.send(&request)?;
    answer.among(&[200, 204])?;
    allows(&answer, &route.methods)
}

fn allows(answer: &Answer, methods: &[&str]) -> Asked {
    let allowed = answer.list("allow");
    if methods.iter().all(|method| allowed.contains(method)) {
        Ok(())
    } else {
        Err(Unmet::Wrong(format!(
            "{} with `Allow: {}` for {}",
            answer.status,
            allowed.join(", "),
            methods.join(", ")
        )))
    }
}

fn head(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let whole = client.send(&client.get(&resource.path))?;
    resource.is_in(&whole)?;
    let mut connection = client.open()?;
    let head = connection.exchange(&client.request("HEAD", &resource.path))?;
    head.among(&[200])?;
    if head.header("content-type") != whole.header("content-type") {
        return Err(Unmet::wrong("another media type"));
    }
    let length = head.header("content-length");
    if length.is_some_and(|length| length != whole.body.len().to_string()) {
        return Err(Unmet::wrong("another `Content-Length`"));
    }
    // A body would stand before the next response.
    client.is_in_step(&mut connection)
}

fn method_case(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let method = client.draw.casing("GET");
    let request = client.request(&method, &resource.path);
    client.expect(&request, &[400, 405, 501])
}

fn no_content(client: &mut Client<'_>) -> Asked {
    let route = client.route();
    let mut connection = client.open()?;
    let answer = connection.exchange(&client.request("OPTIONS", &route.path))?;
    if answer.status != 204 {
        answer.among(&[200])?;
        return Err(Unmet::NotOffered);
    }
    for name in ["content-length", "transfer-encoding"] {
        if let Some(value) = answer.header(name) {
            return Err(Unmet::Wrong(format!("204 with `{name}: {value}`")));
        }
    }
    client.is_in_step(&mut connection)
}
