//! JSON as a request's body [RFC 8259]. Where the standard leaves the meaning open, every meaning is right that does
//! not crash.

use super::client::{Client, is_computed};
use super::kind::ConformanceKind;
use super::unmet::{Asked, Unmet};

pub(super) const KINDS: &[ConformanceKind] = &[
    ConformanceKind {
        id: "byte-order-mark",
        title: "JSON with a byte order mark",
        standard: "RFC 8259, 8.1",
        accepted: "200 where it is ignored, or 400",
        scenarios: &["compute"],
        ask: byte_order_mark,
    },
    ConformanceKind {
        id: "charset",
        title: "JSON under another `charset`",
        standard: "RFC 8259, 8.1 and 11",
        accepted: "read as UTF-8, or 415",
        scenarios: &["create-item"],
        ask: charset,
    },
    ConformanceKind {
        id: "invalid-utf8",
        title: "JSON with invalid UTF-8",
        standard: "RFC 8259, 8.1",
        accepted: "400 or 422",
        scenarios: &["create-item"],
        ask: invalid_utf8,
    },
    ConformanceKind {
        id: "lone-surrogate",
        title: "half of a surrogate pair",
        standard: "RFC 8259, 8.2",
        accepted: "201, 400 or 422",
        scenarios: &["create-item"],
        ask: lone_surrogate,
    },
    ConformanceKind {
        id: "escaped-name",
        title: "a field's name with escapes",
        standard: "RFC 8259, 7 and 8.3",
        accepted: "200, as without escapes",
        scenarios: &["compute"],
        ask: escaped_name,
    },
    ConformanceKind {
        id: "duplicate-name",
        title: "a field twice",
        standard: "RFC 8259, 4",
        accepted: "200 by the first or the last, 400 or 422",
        scenarios: &["compute"],
        ask: duplicate_name,
    },
    ConformanceKind {
        id: "deep-nesting",
        title: "thousands of nested brackets",
        standard: "RFC 8259, 9",
        accepted: "400 or 422",
        scenarios: &["compute"],
        ask: deep_nesting,
    },
    ConformanceKind {
        id: "huge-number",
        title: "a number of thousands of digits",
        standard: "RFC 8259, 6 and 9",
        accepted: "400 or 422",
        scenarios: &["compute"],
        ask: huge_number,
    },
    ConformanceKind {
        id: "fraction-of-zero",
        title: "a whole number written as `12.0`",
        standard: "RFC 8259, 6",
        accepted: "200 as the same number, or 422",
        scenarios: &["compute"],
        ask: fraction_of_zero,
    },
    ConformanceKind {
        id: "not-a-number",
        title: "`NaN` and `Infinity`",
        standard: "RFC 8259, 6",
        accepted: "400 or 422",
        scenarios: &["compute"],
        ask: not_a_number,
    },
    ConformanceKind {
        id: "trailing-text",
        title: "text after the JSON",
        standard: "RFC 8259, 2",
        accepted: "400",
        scenarios: &["compute"],
        ask: trailing_text,
    },
];

/// That a computing request with this body gets one of these statuses.
fn expect(client: &Client<'_>, body: impl Into<Vec<u8>>, statuses: &[u16]) -> Asked {
    client.expect(&client.post("/compute").sized(body), statuses)
}

/// That a computing request with this body is computed with this size, or gets one of these statuses.
fn is_read_or(client: &Client<'_>, body: impl Into<Vec<u8>>, sizes: &[usize], statuses: &[u16]) -> Asked {
    let answer = client.send(&client.post("/compute").sized(body))?;
    if sizes.iter().any(|size| is_computed(&answer, *size).is_ok()) || answer.among(statuses).is_ok() {
        return Ok(());
    }
    let came = match answer.status {
        200 => "200 with another content".to_owned(),
        status => status.to_string(),
    };
    Err(Unmet::Wrong(came))
}

fn byte_order_mark(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let body = ["\u{feff}".as_bytes(), &Client::computing(size)].concat();
    is_read_or(client, body, &[size], &[400])
}

fn charset(client: &mut Client<'_>) -> Asked {
    let charset = *client
        .draw
        .pick(&["iso-8859-1", "iso-8859-15", "windows-1252", "us-ascii"]);
    let letter = *client.draw.pick(&['ä', 'é', 'ø', 'ß', 'ż', '€', '字']);
    let name = format!("{}{letter}{}", client.draw.word(), client.draw.word());
    let body = client.new_item(name.as_bytes());
    let request = client
        .request("POST", "/items")
        .header("Content-Type", &format!("application/json; charset={charset}"))
        .sized(body);
    let answer = client.send(&request)?;
    answer.among(&[201, 415])?;
    if answer.status == 201 && answer.json()["name"] != name {
        return Err(Unmet::wrong("201 with other letters"));
    }
    Ok(())
}

/// Bytes that no UTF-8 has [Unicode, table 3-7]: alone, too long, a surrogate, beyond the last character, cut off.
pub(super) const NO_UTF8: [&[u8]; 7] = [
    b"\xff",
    b"\xfe",
    b"\x80",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf5\x80\x80\x80",
    b"\xe2\x82",
];

fn invalid_utf8(client: &mut Client<'_>) -> Asked {
    let bytes = *client.draw.pick(&NO_UTF8);
    let (before, after) = (client.draw.word(), client.draw.word());
    let body = client.new_item(&[before.as_bytes(), bytes, after.as_bytes()].concat());
    client.expect(&client.post("/items").sized(body), &[400, 422])
}

fn lone_surrogate(client: &mut Client<'_>) -> Asked {
    let half = client.draw.number(0xd800..=0xdfff);
    let name = format!("{}\\u{half:04x}{}", client.draw.word(), client.draw.word());
    let body = client.new_item(name.as_bytes());
    client.expect(&client.post("/items").sized(body), &[201, 400, 422])
}

fn escaped_name(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let name = if client.draw.coin() { "\\u006e" } else { "\\u006E" };
    is_read_or(client, format!("{{\"{name}\": {size}}}"), &[size], &[])
}

fn duplicate_name(client: &mut Client<'_>) -> Asked {
    let (one, other) = (client.size(), client.size());
    let body = format!("{{\"n\": {one}, \"n\": {other}}}");
    is_read_or(client, body, &[one, other], &[400, 422])
}

fn deep_nesting(client: &mut Client<'_>) -> Asked {
    let depth = client.draw.number(5_000..=9_000);
    let (open, close) = *client.draw.pick(&[("[", "]"), ("{\"n\":", "}")]);
    let middle = if client.draw.coin() { "[]" } else { "1" };
    let body = format!("{}{middle}{}", open.repeat(depth), close.repeat(depth));
    expect(client, body, &[400, 422])
}

fn huge_number(client: &mut Client<'_>) -> Asked {
    let digits = client.draw.number(5_000..=20_000);
    let digit = client.draw.number(1..=9).to_string();
    expect(
        client,
        format!("{{\"n\": {}}}", digit.repeat(digits)),
        &[400, 422],
    )
}

fn fraction_of_zero(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let zeros = "0".repeat(client.draw.number(1..=4));
    is_read_or(client, format!("{{\"n\": {size}.{zeros}}}"), &[size], &[422])
}

fn not_a_number(client: &mut Client<'_>) -> Asked {
    let word = *client.draw.pick(&["NaN", "Infinity", "-Infinity"]);
    expect(client, format!("{{\"n\": {word}}}"), &[400, 422])
}

fn trailing_text(client: &mut Client<'_>) -> Asked {
    let word = client.draw.word();
    let texts = [
        word.as_str(),
        "}",
        ",",
        "]",
        " null",
        "{\"n\": 2}",
        " // nothing",
        "\0",
    ];
    let text = *client.draw.pick(&texts);
    let body = [&Client::computing(client.size())[..], text.as_bytes()].concat();
    expect(client, body, &[400])
}
