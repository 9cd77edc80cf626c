//! Header fields and what they ask for [RFC 9110, sections 6 to 14].

use super::answer::is_imf_fixdate;
use super::client::{Client, is_computed};
use super::kind::ConformanceKind;
use super::request::Request;
use super::unmet::{Asked, Unmet};

pub(super) const KINDS: &[ConformanceKind] = &[
    ConformanceKind {
        id: "field-case",
        title: "header names in another case",
        standard: "RFC 9110, 5.1",
        accepted: "200",
        scenarios: &["compute"],
        ask: field_case,
    },
    ConformanceKind {
        id: "nul-in-field",
        title: "a NUL in a header",
        standard: "RFC 9110, 5.5",
        accepted: "400, or 401 where a space stands for it",
        scenarios: &[],
        ask: nul_in_field,
    },
    ConformanceKind {
        id: "date",
        title: "`Date`",
        standard: "RFC 9110, 6.6.1 and 5.6.7",
        accepted: "an IMF-fixdate in 2xx and 4xx responses",
        scenarios: &[],
        ask: date,
    },
    ConformanceKind {
        id: "upgrade",
        title: "an unknown `Upgrade`",
        standard: "RFC 9110, 7.8",
        accepted: "200, the header ignored",
        scenarios: &[],
        ask: upgrade,
    },
    ConformanceKind {
        id: "media-type-case",
        title: "a media type in another case, with a quoted parameter",
        standard: "RFC 9110, 8.3.1 and 5.6.6",
        accepted: "200",
        scenarios: &["compute"],
        ask: media_type_case,
    },
    ConformanceKind {
        id: "content-coding",
        title: "a body under an unknown `Content-Encoding`",
        standard: "RFC 9110, 12.5.3 and 15.5.16",
        accepted: "415",
        scenarios: &["compute"],
        ask: content_coding,
    },
    ConformanceKind {
        id: "expect-continue",
        title: "`Expect: 100-continue`",
        standard: "RFC 9110, 10.1.1",
        accepted: "100 and then 200, or a final 4xx at once",
        scenarios: &["compute"],
        ask: expect_continue,
    },
    ConformanceKind {
        id: "expect-unknown",
        title: "an unknown expectation",
        standard: "RFC 9110, 10.1.1",
        accepted: "417, or 200 where it is ignored",
        scenarios: &["compute"],
        ask: expect_unknown,
    },
    ConformanceKind {
        id: "scheme-case",
        title: "`Bearer` in another case",
        standard: "RFC 9110, 11.1",
        accepted: "200",
        scenarios: &[],
        ask: scheme_case,
    },
    ConformanceKind {
        id: "accept",
        title: "`Accept` without any served media type",
        standard: "RFC 9110, 12.5.1",
        accepted: "406, or the default with 200",
        scenarios: &[],
        ask: accept,
    },
    ConformanceKind {
        id: "if-none-match",
        title: "`If-None-Match` with the entity tag",
        standard: "RFC 9110, 13.1.2",
        accepted: "304 without a body; not counted where no `ETag` is sent",
        scenarios: &[],
        ask: if_none_match,
    },
    ConformanceKind {
        id: "range",
        title: "`Range`",
        standard: "RFC 9110, 14.2 and 15.3.7",
        accepted: "206 with that part and its `Content-Range`, or the whole with 200",
        scenarios: &[],
        ask: range,
    },
    ConformanceKind {
        id: "range-unit",
        title: "`Range` in an unknown unit",
        standard: "RFC 9110, 14.2",
        accepted: "200 with the whole",
        scenarios: &[],
        ask: range_unit,
    },
];

fn field_case(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let body = Client::computing(size);
    let mut name = |name: &str| client.draw.casing(name);
    let names = [
        name("Host"),
        name("Authorization"),
        name("Content-Type"),
        name("Content-Length"),
    ];
    let request = Request::new("POST", "/compute")
        .header(&names[0], client.host())
        .header(&names[1], client.credentials())
        .header(&names[2], "application/json")
        .header(&names[3], &body.len().to_string())
        .body(body);
    is_computed(&client.send(&request)?, size)
}

fn nul_in_field(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    // A server that cuts the value at the NUL, or drops it, has a valid token.
    let junk = if client.draw.coin() {
        client.draw.word()
    } else {
        String::new()
    };
    let request = client
        .without_token("GET", &resource.path)
        .header("Authorization", &format!("{}\0{junk}", client.credentials()));
    client.expect(&request, &[400, 401])
}

fn date(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let nowhere = format!("/{}/{}", client.draw.word(), client.draw.word());
    for (path, status) in [(resource.path.as_str(), 200), (nowhere.as_str(), 404)] {
        let answer = client.send(&client.get(path))?;
        answer.among(&[status])?;
        let date = answer.header("date");
        if !date.is_some_and(is_imf_fixdate) {
            let came = date.map_or("no date".to_owned(), |date| format!("`{date}`"));
            return Err(Unmet::Wrong(format!("{status} with {came}")));
        }
    }
    Ok(())
}

fn upgrade(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let protocol = format!("{}/{}", client.draw.word(), client.draw.number(1..=9));
    let request = client
        .get(&resource.path)
        .header("Connection", "Upgrade")
        .header("Upgrade", &protocol);
    resource.is_in(&client.send(&request)?)
}

fn media_type_case(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let media_type = client.draw.casing("application/json");
    let blank = " ".repeat(client.draw.number(0..=2));
    let request = client
        .request("POST", "/compute")
        .header("Content-Type", &format!("{media_type};{blank}charset=\"utf-8\""))
        .sized(Client::computing(size));
    is_computed(&client.send(&request)?, size)
}

fn content_coding(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let coding = format!("x-{}", client.draw.word());
    let request = client
        .post("/compute")
        .header("Content-Encoding", &coding)
        .sized(Client::computing(size));
    client.expect(&request, &[415])
}

fn expect_continue(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let expectation = if client.draw.coin() {
        client.draw.casing("100-continue")
    } else {
        "100-continue".to_owned()
    };
    let request = client
        .post("/compute")
        .header("Expect", &expectation)
        .sized(Client::computing(size));
    let mut connection = client.open()?;
    connection.write(&request.head_bytes());
    let continues = connection.is_continued()?;
    if continues {
        connection.write(request.body_bytes());
    }
    let answer = connection.read(request.method())?;
    if continues {
        is_computed(&answer, size)
    } else {
        answer.is_refusal()
    }
}

fn expect_unknown(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let expectation = client.draw.word();
    let request = client
        .post("/compute")
        .header("Expect", &expectation)
        .sized(Client::computing(size));
    client.expect(&request, &[200, 417])
}

fn scheme_case(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let scheme = client.draw.casing("Bearer");
    let token = client.credentials().split(' ').next_back().unwrap_or_default();
    let request = client
        .without_token("GET", &resource.path)
        .header("Authorization", &format!("{scheme} {token}"));
    resource.is_in(&client.send(&request)?)
}

fn accept(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let wanted = format!("application/x-{}", client.draw.word());
    let request = client.get(&resource.path).header("Accept", &wanted);
    client.expect(&request, &[200, 406])
}

fn if_none_match(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let whole = client.send(&client.get(&resource.path))?;
    resource.is_in(&whole)?;
    let tag = whole.header("etag").ok_or(Unmet::NotOffered)?;
    let tags = if client.draw.coin() {
        format!("\"{}\", {tag}", client.draw.word())
    } else {
        tag.to_owned()
    };
    let request = client.get(&resource.path).header("If-None-Match", &tags);
    let mut connection = client.open()?;
    connection.exchange(&request)?.among(&[304])?;
    client.is_in_step(&mut connection)
}

fn range(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let whole = client.send(&client.get(&resource.path))?;
    resource.is_in(&whole)?;
    let length = whole.body.len();
    let first = client.draw.number(0..=length / 2);
    let last = client.draw.number(first..=length - 1);
    let request = client
        .get(&resource.path)
        .header("Range", &format!("bytes={first}-{last}"));
    let answer = client.send(&request)?;
    answer.among(&[200, 206])?;
    if answer.status == 200 {
        return resource.is_in(&answer);
    }
    let part = format!("bytes {first}-{last}/{length}");
    if answer.header("content-range") == Some(part.as_str()) && answer.body == whole.body[first..=last] {
        Ok(())
    } else {
        Err(Unmet::wrong("206 with another part"))
    }
}

fn range_unit(client: &mut Client<'_>) -> Asked {
    let resource = client.resource();
    let unit = client.draw.word();
    let last = client.draw.number(1..=9);
    let request = client
        .get(&resource.path)
        .header("Range", &format!("{unit}=0-{last}"));
    resource.is_in(&client.send(&request)?)
}
