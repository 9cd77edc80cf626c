//! The bytes of a single request: its head, completed, and its body. The requests of a load are rendered from compiled
//! templates in `crate::request::compiled`, without allocating.

use crate::net::target::Target;

/// The bytes of a request: the head, with `Host`, the target's headers and `Content-Length` added unless `headers` has
/// them, and the body.
pub(crate) fn request_bytes(
    target: &Target,
    method: &str,
    path: &str,
    headers: &[(String, String)],
    body: Option<&[u8]>,
) -> Vec<u8> {
    let has = |name: &str| headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
    let mut head = format!("{method} {} HTTP/1.1\r\n", target.path(path));
    if !has("host") {
        head.push_str(&format!("host: {}\r\n", target.host));
    }
    for (name, value) in target.headers_besides(headers).chain(headers) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let length = body.map(<[u8]>::len).or(means_content(method).then_some(0));
    if let Some(length) = length.filter(|_| !has("content-length") && !has("transfer-encoding")) {
        head.push_str(&format!("content-length: {length}\r\n"));
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body.unwrap_or_default());
    bytes
}

/// Whether a request of this method without a body says so by `Content-Length: 0` (RFC 9110, 8.6).
pub(crate) fn means_content(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}
