//! Input that is meant to break a server. The standards give each of it a meaning or leave the server free to refuse
//! it; none of it may be a server's error.

use super::client::Client;
use super::json::NO_UTF8;
use super::kind::ConformanceKind;
use super::unmet::{Asked, Unmet};

pub(super) const KINDS: &[ConformanceKind] = &[
    ConformanceKind {
        id: "percent-plain",
        title: "letters and digits of the path percent-encoded",
        standard: "RFC 3986, 2.3 and 6.2.2.2",
        accepted: "200, the same item",
        scenarios: &[],
        ask: percent_plain,
    },
    ConformanceKind {
        id: "utf8-in-path",
        title: "invalid UTF-8 in the path",
        standard: "RFC 3986, 2.1; RFC 9110, 15.5",
        accepted: "404 or 400",
        scenarios: &[],
        ask: utf8_in_path,
    },
    ConformanceKind {
        id: "utf8-in-query",
        title: "invalid UTF-8 in the query",
        standard: "RFC 3986, 2.1; RFC 9110, 15.5",
        accepted: "200 with an empty list, 400 or 422",
        scenarios: &["list-items"],
        ask: utf8_in_query,
    },
    ConformanceKind {
        id: "dot-segments",
        title: "percent-encoded `../` in the path",
        standard: "RFC 3986, 5.2.4 and 6.2.2.3",
        accepted: "404, 400, 403, or a redirection",
        scenarios: &[],
        ask: dot_segments,
    },
    ConformanceKind {
        id: "duplicate-parameter",
        title: "a query parameter twice",
        standard: "RFC 3986, 3.4; RFC 9110, 15.5",
        accepted: "200 by the first or the last, 400 or 422",
        scenarios: &["list-items"],
        ask: duplicate_parameter,
    },
    ConformanceKind {
        id: "nul-in-query",
        title: "a NUL in the query",
        standard: "RFC 3986, 2.1; RFC 9110, 15.5",
        accepted: "200 with an empty list, 400 or 422",
        scenarios: &["list-items"],
        ask: nul_in_query,
    },
    ConformanceKind {
        id: "nul-in-string",
        title: "a NUL in a string, which no text of PostgreSQL holds",
        standard: "RFC 8259, 7 and 9; RFC 9110, 15.5",
        accepted: "422 or 400",
        scenarios: &["create-item"],
        ask: nul_in_string,
    },
    ConformanceKind {
        id: "prototype",
        title: "a field of the object's prototype only",
        standard: "RFC 8259, 4",
        accepted: "422 or 400, because the field itself is missing",
        scenarios: &["compute"],
        ask: prototype,
    },
    ConformanceKind {
        id: "large-headers",
        title: "headers of 40 KB and more",
        standard: "RFC 9110, 5.4; RFC 6585, 5",
        accepted: "431 or another 4xx, or 200",
        scenarios: &[],
        ask: large_headers,
    },
    ConformanceKind {
        id: "last-event-id",
        title: "an unknown `Last-Event-ID`",
        standard: "HTML, 9.2.4; RFC 9110, 15.5",
        accepted: "200 with no more events than there are, 400 or 422",
        scenarios: &["events"],
        ask: last_event_id,
    },
    ConformanceKind {
        id: "websocket-version",
        title: "a WebSocket of an unknown version",
        standard: "RFC 6455, 4.2.2 and 4.4",
        accepted: "426 with `Upgrade`, or 400; both with `Sec-WebSocket-Version: 13`",
        scenarios: &["socket"],
        ask: websocket_version,
    },
];

fn percent_plain(client: &mut Client<'_>) -> Asked {
    let item = client.item();
    let folder = item.path.rfind('/').unwrap_or_default();
    // At least one letter of the route and one digit of the id: some routers decode only one of them.
    let certain = [
        client.draw.number(1..=folder - 1),
        client.draw.number(folder + 1..=item.path.len() - 1),
    ];
    let mut path = String::new();
    for (place, letter) in item.path.char_indices() {
        let encoded = letter != '/' && (certain.contains(&place) || client.draw.number(1..=3) == 1);
        if encoded {
            path.push_str(&client.draw.percent(letter as u8));
        } else {
            path.push(letter);
        }
    }
    item.is_in(&client.send(&client.get(&path))?)
}

/// Drawn bytes that are no UTF-8, percent-encoded, between drawn letters.
fn no_utf8(client: &mut Client<'_>) -> String {
    let bytes = *client.draw.pick(&NO_UTF8);
    let encoded: String = bytes.iter().map(|byte| client.draw.percent(*byte)).collect();
    format!("{}{encoded}{}", client.draw.word(), client.draw.word())
}

fn utf8_in_path(client: &mut Client<'_>) -> Asked {
    let segment = no_utf8(client);
    let folder = if client.draw.coin() { "/items" } else { "" };
    client.expect(&client.get(&format!("{folder}/{segment}")), &[400, 404])
}

fn utf8_in_query(client: &mut Client<'_>) -> Asked {
    let category = no_utf8(client);
    has_no_items(client, &category)
}

fn nul_in_query(client: &mut Client<'_>) -> Asked {
    let category = format!("{}%00{}", client.draw.word(), client.draw.word());
    has_no_items(client, &category)
}

/// That no item is of a category, or the category is refused.
fn has_no_items(client: &mut Client<'_>, category: &str) -> Asked {
    let limit = client.draw.number(1..=20);
    let path = format!("/items?category={category}&limit={limit}");
    let answer = client.send(&client.get(&path))?;
    answer.among(&[200, 400, 422])?;
    if answer.status == 200 && answer.json()["items"] != serde_json::json!([]) {
        return Err(Unmet::wrong("200 with items"));
    }
    Ok(())
}

fn dot_segments(client: &mut Client<'_>) -> Asked {
    let folder = *client.draw.pick(&["items", "json", "page", "download"]);
    let file = *client
        .draw
        .pick(&["etc%2fpasswd", "etc%2Fhosts", "proc%2fself%2Fenviron"]);
    let mut path = format!("/{folder}/");
    for _ in 0..client.draw.number(4..=12) {
        let dots: String = (0..2).map(|_| client.draw.percent(b'.')).collect();
        let slash = client.draw.percent(b'/');
        path.push_str(&format!("{dots}{slash}"));
    }
    let request = client.get(&format!("{path}{file}"));
    client.expect(&request, &[400, 403, 404, 301, 302, 307, 308])
}

fn duplicate_parameter(client: &mut Client<'_>) -> Asked {
    let (one, other) = (client.draw.number(1..=50), client.draw.number(1..=50));
    let answer = client.send(&client.get(&format!("/items?limit={one}&limit={other}")))?;
    answer.among(&[200, 400, 422])?;
    let length = answer.json()["items"].as_array().map(Vec::len);
    if answer.status == 200 && length != Some(one) && length != Some(other) {
        return Err(Unmet::wrong("200 with another number of items"));
    }
    Ok(())
}

fn nul_in_string(client: &mut Client<'_>) -> Asked {
    let name = format!("{}\\u0000{}", client.draw.word(), client.draw.word());
    let body = client.new_item(name.as_bytes());
    client.expect(&client.post("/items").sized(body), &[400, 422])
}

fn prototype(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let body = if client.draw.coin() {
        format!("{{\"__proto__\": {{\"n\": {size}}}}}")
    } else {
        format!("{{\"constructor\": {{\"prototype\": {{\"n\": {size}}}}}}}")
    };
    client.expect(&client.post("/compute").sized(body), &[400, 422])
}

fn large_headers(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let fields = client.draw.number(1..=40);
    let length = client.draw.number(40_000..=60_000) / fields;
    let mut request = client.get(&resource.path);
    for place in 0..fields {
        let (name, letter) = (client.draw.word(), client.draw.word());
        let value = letter[..1].repeat(length);
        request = request.header(&format!("X-{name}-{place}"), &value);
    }
    let answer = client.send(&request)?;
    if answer.status == 200 {
        return resource.is_in(&answer);
    }
    answer.is_refusal()
}

fn last_event_id(client: &mut Client<'_>) -> Asked {
    let count = client.draw.number(1..=4);
    let word = client.draw.word();
    let ids = [
        word.as_str(),
        "-1",
        "1e3",
        "0x10",
        "99999999999999999999999999",
        "\u{fc}",
    ];
    let id = *client.draw.pick(&ids);
    let request = client
        .get(&format!("/events?count={count}&every_ms=0"))
        .header("Last-Event-ID", id);
    let answer = client.send(&request)?;
    answer.among(&[200, 400, 422])?;
    let text = String::from_utf8_lossy(&answer.body);
    let events = text.lines().filter(|line| line.starts_with("data:")).count();
    if answer.status == 200 && events > count {
        return Err(Unmet::Wrong(format!("200 with {events} of {count} events")));
    }
    Ok(())
}

fn websocket_version(client: &mut Client<'_>) -> Asked {
    let version = if client.draw.coin() {
        client.draw.number(0..=12)
    } else {
        client.draw.number(14..=255)
    };
    let request = client
        .get("/socket")
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("Sec-WebSocket-Version", &version.to_string());
    let answer = client.send(&request)?;
    answer.among(&[400, 426])?;
    if !answer.list("sec-websocket-version").contains(&"13") {
        let came = format!("{} without `Sec-WebSocket-Version: 13`", answer.status);
        return Err(Unmet::Wrong(came));
    }
    if answer.status == 426 && answer.header("upgrade").is_none() {
        return Err(Unmet::wrong("426 without `Upgrade`"));
    }
    Ok(())
}
