//! The headers of WebSocket's opening handshake (RFC 6455, 4.1): the ones that request the upgrade, and whether a `101`
//! grants it. Extensions and subprotocols are not requested. What follows the handshake is in `crate::websocket`.

use crate::failure::{FailureCause, FailureKind};
use crate::seeded_rng::{Purpose, SeededRng};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tungstenite::handshake::derive_accept_key;

/// The key of handshake `n`: sixteen seeded bytes. Seeded, so that a load sends the same bytes each time it is
/// repeated.
pub(crate) fn key(seed: u64, n: u64) -> String {
    let mut rng = SeededRng::new(seed, Purpose::Key, n);
    let bytes = [rng.bits().to_ne_bytes(), rng.bits().to_ne_bytes()].concat();
    STANDARD.encode(bytes)
}

/// The headers that request a WebSocket.
pub(crate) fn upgrade_headers(key: &str) -> [(&'static str, String); 4] {
    [
        ("connection", "Upgrade".to_owned()),
        ("upgrade", "websocket".to_owned()),
        ("sec-websocket-version", "13".to_owned()),
        ("sec-websocket-key", key.to_owned()),
    ]
}

/// Whether a `101` grants the WebSocket that was requested with `key`.
pub(crate) fn accepts<'h>(key: &str, header: impl Fn(&str) -> Option<&'h [u8]>) -> Result<(), FailureCause> {
    let names = |name: &str, token: &str| {
        let value = header(name).unwrap_or_default();
        value
            .split(|&b| b == b',')
            .any(|part| part.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
    };
    let wrong = |reason: String| Err((FailureKind::Protocol, reason));
    for (name, token) in [("upgrade", "websocket"), ("connection", "upgrade")] {
        if !names(name, token) {
            return wrong(format!("status 101 without `{name}: {token}`"));
        }
    }
    let expected = derive_accept_key(key.as_bytes());
    match header("sec-websocket-accept") {
        Some(accept) if accept == expected.as_bytes() => Ok(()),
        Some(accept) => wrong(format!(
            "`sec-websocket-accept` is `{}`, and the key requires `{expected}`",
            String::from_utf8_lossy(accept).escape_debug()
        )),
        None => wrong("status 101 without `sec-websocket-accept`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{accepts, key};
    use crate::failure::FailureKind;

    /// The example key of RFC 6455, 1.3, and what the server must return for it.
    const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
    const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    fn check(headers: &[(&str, &str)], outcome: Result<(), &str>) {
        let find = |name: &str| {
            let mut found = headers.iter().filter(|(n, _)| *n == name);
            found.next().map(|(_, value)| value.as_bytes())
        };
        let outcome = outcome.map_err(|reason| (FailureKind::Protocol, reason.to_owned()));
        assert_eq!(accepts(KEY, find), outcome);
    }

    #[test]
    fn three_headers_grant_a_websocket() {
        let upgrade = ("upgrade", "WebSocket");
        let connection = ("connection", "keep-alive, Upgrade");
        check(&[upgrade, connection, ("sec-websocket-accept", ACCEPT)], Ok(()));
        check(&[connection], Err("status 101 without `upgrade: websocket`"));
        check(&[upgrade], Err("status 101 without `connection: upgrade`"));
        check(
            &[upgrade, connection],
            Err("status 101 without `sec-websocket-accept`"),
        );
        check(
            &[upgrade, connection, ("sec-websocket-accept", "x")],
            Err("`sec-websocket-accept` is `x`, and the key requires `s3pPLMBiTxaQ9kYGzzhZRbK+xOo=`"),
        );
    }

    #[test]
    fn keys_are_sixteen_bytes_and_differ() {
        assert_eq!(key(1, 1).len(), 24);
        assert_eq!(key(1, 1), key(1, 1));
        assert_ne!(key(1, 1), key(1, 2));
    }
}
