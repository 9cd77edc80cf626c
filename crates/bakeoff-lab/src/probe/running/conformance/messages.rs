//! Request lines, header lines and connections [RFC 9112, sections 2, 3, 5 and 9].

use super::client::{Client, is_computed};
use super::kind::ConformanceKind;
use super::request::Request;
use super::unmet::{Asked, Broken, Unmet};

pub(super) const KINDS: &[ConformanceKind] = &[
    ConformanceKind {
        id: "absolute-form",
        title: "a whole URL as the request target",
        standard: "RFC 9112, 3.2.2",
        accepted: "200",
        scenarios: &[],
        ask: absolute_form,
    },
    ConformanceKind {
        id: "no-host",
        title: "no `Host`",
        standard: "RFC 9112, 3.2",
        accepted: "400",
        scenarios: &[],
        ask: no_host,
    },
    ConformanceKind {
        id: "two-hosts",
        title: "two lines of `Host`",
        standard: "RFC 9112, 3.2",
        accepted: "400",
        scenarios: &[],
        ask: two_hosts,
    },
    ConformanceKind {
        id: "invalid-host",
        title: "an invalid `Host`",
        standard: "RFC 9112, 3.2; RFC 3986, 3.2.2",
        accepted: "400",
        scenarios: &[],
        ask: invalid_host,
    },
    ConformanceKind {
        id: "long-target",
        title: "a path of 16 KiB",
        standard: "RFC 9112, 3",
        accepted: "414, 431, 400, or 404 as of any path without a route",
        scenarios: &[],
        ask: long_target,
    },
    ConformanceKind {
        id: "bare-cr",
        title: "a carriage return within a header",
        standard: "RFC 9112, 2.2",
        accepted: "400, or 401 where a space stands for it; no line end",
        scenarios: &[],
        ask: bare_cr,
    },
    ConformanceKind {
        id: "bare-lf",
        title: "a line feed without a carriage return",
        standard: "RFC 9112, 2.2; RFC 9110, 5.5",
        accepted: "200 where it ends the line, 400, or 401 where a space stands for it",
        scenarios: &[],
        ask: bare_lf,
    },
    ConformanceKind {
        id: "space-before-colon",
        title: "a space before the colon of a header",
        standard: "RFC 9112, 5.1",
        accepted: "400",
        scenarios: &[],
        ask: space_before_colon,
    },
    ConformanceKind {
        id: "blanks-around-values",
        title: "spaces and tabs around the values of headers",
        standard: "RFC 9112, 5.1",
        accepted: "200",
        scenarios: &["compute"],
        ask: blanks_around_values,
    },
    ConformanceKind {
        id: "folded-line",
        title: "a folded header line",
        standard: "RFC 9112, 5.2",
        accepted: "400, or 401 where it is unfolded; no header of its own",
        scenarios: &[],
        ask: folded_line,
    },
    ConformanceKind {
        id: "pipeline",
        title: "pipelined requests",
        standard: "RFC 9112, 9.3.2",
        accepted: "the responses in order, or `Connection: close` before the others",
        scenarios: &[],
        ask: pipeline,
    },
    ConformanceKind {
        id: "unread-body",
        title: "a further request after a 4xx with an unread body",
        standard: "RFC 9112, 9.3",
        accepted: "the right response, or a closed connection; the body is no request",
        scenarios: &[],
        ask: unread_body,
    },
    ConformanceKind {
        id: "close",
        title: "`Connection: close` in a list",
        standard: "RFC 9112, 9.6; RFC 9110, 7.6.1",
        accepted: "200, then closed",
        scenarios: &[],
        ask: close,
    },
    ConformanceKind {
        id: "old-version",
        title: "HTTP/1.0",
        standard: "RFC 9112, 9.3 and 6.1",
        accepted: "200 without `Transfer-Encoding`, then closed",
        scenarios: &[],
        ask: old_version,
    },
];

fn absolute_form(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let scheme = *client.draw.pick(&["http", "HTTP", "Http"]);
    let target = format!("{scheme}://{}{}", client.host(), resource.path);
    resource.is_in(&client.send(&client.get(&target))?)
}

fn no_host(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let request = Request::new("GET", &resource.path).header("Authorization", client.credentials());
    client.expect(&request, &[400])
}

fn two_hosts(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let other = format!("{}.example", client.draw.word());
    let request = client.get(&resource.path).header("Host", &other);
    client.expect(&request, &[400])
}

fn invalid_host(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    // The grammar of hosts has none of these.
    let sign = *client.draw.pick(&['<', '>', '"', '\\', '^', '{', '|', '}', ' ']);
    let host = format!("{}{sign}{}", client.draw.word(), client.draw.word());
    let request = Request::new("GET", &resource.path)
        .header("Host", &host)
        .header("Authorization", client.credentials());
    client.expect(&request, &[400])
}

fn long_target(client: &mut Client<'_>) -> Asked {
    let (word, further) = (client.draw.word(), client.draw.number(0..=4_000));
    let long = word.repeat((16 * 1024 + further) / word.len() + 1);
    client.expect(&client.get(&format!("/{long}")), &[400, 404, 414, 431])
}

/// A request whose only token stands behind `separator` in another header. A server that takes the separator for a line
/// end finds the token.
fn hidden_token(client: &mut Client<'_>, separator: &str) -> Request {
    let resource = client.resource();
    let (name, value) = (client.draw.word(), client.draw.word());
    let line = format!(
        "X-{name}: {value}{separator}Authorization: {}",
        client.credentials()
    );
    client.without_token("GET", &resource.path).line(&line)
}

fn bare_cr(client: &mut Client<'_>) -> Asked {
    let request = hidden_token(client, "\r");
    client.expect(&request, &[400, 401])
}

fn bare_lf(client: &mut Client<'_>) -> Asked {
    let request = hidden_token(client, "\n");
    client.expect(&request, &[200, 400, 401])
}

fn folded_line(client: &mut Client<'_>) -> Asked {
    let separator = format!("\r\n{}", client.draw.blanks());
    let request = hidden_token(client, &separator);
    client.expect(&request, &[400, 401])
}

fn space_before_colon(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let (name, value) = (client.draw.word(), client.draw.word());
    let blanks = client.draw.blanks();
    let request = client
        .get(&resource.path)
        .line(&format!("X-{name}{blanks}: {value}"));
    client.expect(&request, &[400])
}

fn blanks_around_values(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let body = Client::computing(size);
    let mut request = Request::new("POST", "/compute").header("Host", client.host());
    let length = body.len().to_string();
    for (name, value) in [
        ("Authorization", client.credentials()),
        ("Content-Type", "application/json"),
        ("Content-Length", length.as_str()),
    ] {
        let (before, after) = (client.draw.blanks(), client.draw.blanks());
        request = request.line(&format!("{name}:{before}{value}{after}"));
    }
    is_computed(&client.send(&request.body(body))?, size)
}

fn pipeline(client: &mut Client<'_>) -> Asked {
    let items: Vec<_> = (0..client.draw.number(2..=5)).map(|_| client.item()).collect();
    let bytes: Vec<u8> = items
        .iter()
        .flat_map(|item| client.get(&item.path).bytes())
        .collect();
    let mut connection = client.open()?;
    connection.write(&bytes);
    let mut keeps_alive = true;
    for (place, item) in items.iter().enumerate() {
        match connection.read("GET") {
            Err(Broken::Closed) if !keeps_alive => return Ok(()),
            Err(broken) => return Err(Unmet::from(broken).after(&format!("request {}:", place + 1))),
            Ok(answer) => {
                item.is_in(&answer)?;
                keeps_alive = answer.keeps_alive;
            }
        }
    }
    Ok(())
}

fn unread_body(client: &mut Client<'_>) -> Asked {
    // The body looks like requests, so a server out of step responds to it.
    let item = client.item();
    let inner = client.get(&item.path).bytes();
    let body = inner.repeat(client.draw.number(1..=20));
    let nowhere = format!("/{}/{}", client.draw.word(), client.draw.word());
    let mut connection = client.open()?;
    let answer = connection.exchange(&client.post(&nowhere).sized(body))?;
    answer.is_refusal()?;
    client.is_in_step(&mut connection)
}

fn close(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let (option, close) = (client.draw.word(), client.draw.casing("close"));
    let options = if client.draw.coin() {
        format!("x-{option}, {close}")
    } else {
        format!("{close} , x-{option}")
    };
    let mut connection = client.open()?;
    let answer = connection.exchange(&client.get(&resource.path).header("Connection", &options))?;
    resource.is_in(&answer)?;
    client.is_closed(&mut connection, &answer)
}

fn old_version(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let request = Request::of_version("GET", &resource.path, "HTTP/1.0")
        .header("Host", client.host())
        .header("Authorization", client.credentials());
    let mut connection = client.open()?;
    let answer = connection.exchange(&request)?;
    resource.is_in(&answer)?;
    if answer.header("transfer-encoding").is_some() {
        return Err(Unmet::wrong("200 with `Transfer-Encoding`"));
    }
    client.is_closed(&mut connection, &answer)
}
