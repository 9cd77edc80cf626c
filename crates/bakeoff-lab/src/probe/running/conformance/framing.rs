//! Where a body ends [RFC 9112, sections 6 and 7].

use super::client::{Client, is_computed};
use super::kind::ConformanceKind;
use super::request::Request;
use super::unmet::Asked;

pub(super) const KINDS: &[ConformanceKind] = &[
    ConformanceKind {
        id: "length-and-coding",
        title: "both `Content-Length` and `Transfer-Encoding`",
        standard: "RFC 9112, 6.1",
        accepted: "4xx, or 200 for the chunks; then closed",
        scenarios: &["compute"],
        ask: length_and_coding,
    },
    ConformanceKind {
        id: "two-lengths",
        title: "two lengths that differ",
        standard: "RFC 9112, 6.3",
        accepted: "400, then closed",
        scenarios: &["compute"],
        ask: two_lengths,
    },
    ConformanceKind {
        id: "invalid-length",
        title: "a `Content-Length` that is no number",
        standard: "RFC 9112, 6.3; RFC 9110, 8.6",
        accepted: "400, then closed",
        scenarios: &["compute"],
        ask: invalid_length,
    },
    ConformanceKind {
        id: "unknown-coding",
        title: "an unknown `Transfer-Encoding`",
        standard: "RFC 9112, 6.1",
        accepted: "501 or 400",
        scenarios: &["compute"],
        ask: unknown_coding,
    },
    ConformanceKind {
        id: "chunked",
        title: "a JSON body in chunks",
        standard: "RFC 9112, 7.1 and 6.3",
        accepted: "200, or 411",
        scenarios: &["compute"],
        ask: chunked,
    },
    ConformanceKind {
        id: "chunk-extras",
        title: "chunk extensions and trailers",
        standard: "RFC 9112, 7.1.1 and 7.1.2",
        accepted: "200, or 411 where no chunks are taken",
        scenarios: &["compute"],
        ask: chunk_extras,
    },
    ConformanceKind {
        id: "invalid-chunk",
        title: "a chunk size that is no number",
        standard: "RFC 9112, 7.1 and 2.2",
        accepted: "400, or 411 where no chunks are taken",
        scenarios: &["compute"],
        ask: invalid_chunk,
    },
];

/// A computing request in chunks; the coding is the header's value.
fn in_chunks(client: &Client<'_>, coding: &str, chunks: Vec<u8>) -> Request {
    client
        .post("/compute")
        .header("Transfer-Encoding", coding)
        .body(chunks)
}

/// A body cut into chunks at drawn places, sizes with zeros before them and in either case, with this after each size.
fn cut(client: &mut Client<'_>, body: &[u8], extension: &str) -> Vec<u8> {
    let mut chunks = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let (piece, further) = rest.split_at(client.draw.number(1..=rest.len()));
        let zeros = "0".repeat(client.draw.number(0..=3));
        let size = if client.draw.coin() {
            format!("{zeros}{:x}{extension}\r\n", piece.len())
        } else {
            format!("{zeros}{:X}{extension}\r\n", piece.len())
        };
        chunks.extend_from_slice(&[size.as_bytes(), piece, b"\r\n"].concat());
        rest = further;
    }
    chunks
}

fn length_and_coding(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let mut chunks = cut(client, &Client::computing(size), "");
    chunks.extend_from_slice(b"0\r\n\r\n");
    // The length of what is sent, so that a server which counts bytes has all of them and responds.
    let length = chunks.len().to_string();
    let request = if client.draw.coin() {
        in_chunks(client, "chunked", chunks).header("Content-Length", &length)
    } else {
        client
            .post("/compute")
            .header("Content-Length", &length)
            .header("Transfer-Encoding", "chunked")
            .body(chunks)
    };
    let mut connection = client.open()?;
    let answer = connection.exchange(&request)?;
    if answer.status == 200 {
        is_computed(&answer, size)?;
    } else {
        answer.is_refusal()?;
    }
    client.is_closed(&mut connection, &answer)
}

fn two_lengths(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let blanks = " ".repeat(client.draw.number(1..=40));
    let json = Client::computing(size);
    let (shorter, longer) = (json.len(), json.len() + blanks.len());
    let body = [json, blanks.into_bytes()].concat();
    let (one, other) = if client.draw.coin() {
        (longer, shorter)
    } else {
        (shorter, longer)
    };
    let request = if client.draw.coin() {
        client
            .post("/compute")
            .header("Content-Length", &format!("{one}, {other}"))
    } else {
        client
            .post("/compute")
            .header("Content-Length", &one.to_string())
            .header("Content-Length", &other.to_string())
    };
    is_refused_and_closed(client, &request.body(body))
}

fn invalid_length(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let body = Client::computing(size);
    let length = body.len();
    let lengths = [
        format!("+{length}"),
        format!("-{length}"),
        format!("0x{length:x}"),
        format!("{length}.0"),
        format!("0_{length}"),
        format!("{length}x"),
    ];
    let length = client.draw.pick(&lengths);
    let request = client.post("/compute").header("Content-Length", length);
    is_refused_and_closed(client, &request.body(body))
}

/// That the response is 400 and the connection closed.
fn is_refused_and_closed(client: &mut Client<'_>, request: &Request) -> Asked {
    let mut connection = client.open()?;
    let answer = connection.exchange(request)?;
    answer.among(&[400])?;
    client.is_closed(&mut connection, &answer)
}

fn unknown_coding(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let coding = format!("x-{}, chunked", client.draw.word());
    let mut chunks = cut(client, &Client::computing(size), "");
    chunks.extend_from_slice(b"0\r\n\r\n");
    client.expect(&in_chunks(client, &coding, chunks), &[400, 501])
}

fn chunked(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let mut chunks = cut(client, &Client::computing(size), "");
    chunks.extend_from_slice(b"0\r\n\r\n");
    let coding = client.draw.casing("chunked");
    is_read(client, &in_chunks(client, &coding, chunks), size)
}

fn chunk_extras(client: &mut Client<'_>) -> Asked {
    let size = client.size();
    let (name, value) = (client.draw.word(), client.draw.word());
    let extension = if client.draw.coin() {
        format!(";{name}={value}")
    } else {
        format!(";{name}=\"{value} {name}\"")
    };
    let mut chunks = cut(client, &Client::computing(size), &extension);
    chunks.extend_from_slice(format!("0{extension}\r\nX-{value}: {name}\r\n\r\n").as_bytes());
    is_read(client, &in_chunks(client, "chunked", chunks), size)
}

/// That the chunks are read, or none are taken.
fn is_read(client: &Client<'_>, request: &Request, size: usize) -> Asked {
    let answer = client.send(request)?;
    if answer.status == 411 {
        return Ok(());
    }
    is_computed(&answer, size)
}

fn invalid_chunk(client: &mut Client<'_>) -> Asked {
    let body = Client::computing(client.size());
    let length = body.len();
    let sizes = [
        format!("0x{length:x}"),
        format!("+{length:x}"),
        format!("-{length:x}"),
        format!("0_{length:x}"),
        format!("{length:x}g"),
        client
            .draw
            .word()
            .replace(|letter: char| letter.is_ascii_hexdigit(), "z"),
    ];
    let size = client.draw.pick(&sizes);
    let chunks = [size.as_bytes(), b"\r\n", &body, b"\r\n0\r\n\r\n"].concat();
    client.expect(&in_chunks(client, "chunked", chunks), &[400, 411])
}
