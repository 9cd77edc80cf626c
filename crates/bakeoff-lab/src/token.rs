//! The bearer tokens of the lab's requests: JSON Web Tokens with HS256 [RFC 7519; RFC 7515, A.1]. A contender uses its
//! own stack's library; this is the independent side that issues valid and forged ones, and reads those of a contender.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

/// The key that every contender gets. It protects nothing: what it signs is used on loopback only.
pub(crate) const KEY: &str = "the key of bakeoff's measurements, which protects nothing";

/// The user of the lab's requests.
pub(crate) const USER: &str = "user-1";

/// How long a token of the lab lives, in seconds: longer than any run.
const LIFE_S: i64 = 30 * 24 * 3600;

const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// What is wrong with a token that must be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It ended a minute ago.
    Ended,
    /// It never ends.
    NoEnd,
    /// It names no user.
    NoUser,
    /// It was signed with another key.
    OtherKey,
    /// It says that it needs no signature, and has none.
    Unsigned,
    /// Its parts are no JSON.
    Malformed,
}

impl Flaw {
    pub(crate) const ALL: [Flaw; 6] = [
        Flaw::Ended,
        Flaw::NoEnd,
        Flaw::NoUser,
        Flaw::OtherKey,
        Flaw::Unsigned,
        Flaw::Malformed,
    ];

    /// After "a token that".
    pub(crate) fn words(self) -> &'static str {
        match self {
            Flaw::Ended => "has ended",
            Flaw::NoEnd => "has no end",
            Flaw::NoUser => "names no user",
            Flaw::OtherKey => "was signed with another key",
            Flaw::Unsigned => "is not signed",
            Flaw::Malformed => "is malformed",
        }
    }
}

/// A valid token of the lab's user.
pub(crate) fn valid() -> String {
    let now = now_s();
    signed(
        HS256,
        &json!({ "sub": USER, "iat": now, "exp": now + LIFE_S }),
        KEY,
    )
}

/// A token that must be refused.
pub(crate) fn flawed(flaw: Flaw) -> String {
    let now = now_s();
    let whole = json!({ "sub": USER, "iat": now, "exp": now + LIFE_S });
    match flaw {
        Flaw::Ended => signed(
            HS256,
            &json!({ "sub": USER, "iat": now - 3600, "exp": now - 60 }),
            KEY,
        ),
        Flaw::NoEnd => signed(HS256, &json!({ "sub": USER, "iat": now }), KEY),
        Flaw::NoUser => signed(HS256, &json!({ "iat": now, "exp": now + LIFE_S }), KEY),
        Flaw::OtherKey => signed(
            HS256,
            &whole,
            "another key, which no contender has ever been given",
        ),
        Flaw::Unsigned => format!("{}.", unsigned(r#"{"alg":"none","typ":"JWT"}"#, &whole)),
        Flaw::Malformed => "not.a.token".to_owned(),
    }
}

/// The user that a valid token names, and the seconds from now to its end.
///
/// # Errors
/// Why the token is not valid.
pub(crate) fn read(token: &str) -> Result<(String, i64), String> {
    let (input, signature) = token.rsplit_once('.').ok_or("it has no signature")?;
    let (header, claims) = input.split_once('.').ok_or("it has no claims")?;
    if header_of(header)?["alg"] != "HS256" {
        return Err("its algorithm is not HS256".to_owned());
    }
    if signature != mac(input, KEY) {
        return Err("its signature is not the one of `TOKEN_KEY`".to_owned());
    }
    let claims = header_of(claims)?;
    let user = claims["sub"].as_str().ok_or("it has no `sub`")?;
    let end = claims["exp"].as_f64().ok_or("it has no `exp`")?;
    Ok((user.to_owned(), end as i64 - now_s()))
}

fn header_of(part: &str) -> Result<Value, String> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|error| error.to_string())?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

fn now_s() -> i64 {
    Timestamp::now().as_second()
}

fn unsigned(header: &str, claims: &Value) -> String {
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    format!("{}.{claims}", URL_SAFE_NO_PAD.encode(header))
}

fn signed(header: &str, claims: &Value, key: &str) -> String {
    let input = unsigned(header, claims);
    format!("{input}.{}", mac(&input, key))
}

fn mac(input: &str, key: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(input.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::{Flaw, USER, flawed, mac, read, valid};

    #[test]
    fn a_valid_token_is_read_and_a_flawed_one_is_not() {
        let (user, seconds) = read(&valid()).unwrap();
        assert_eq!(user, USER);
        assert!(seconds > 3600);
        for flaw in Flaw::ALL {
            let still_valid = read(&flawed(flaw)).is_ok_and(|(_, seconds)| seconds > 0);
            assert!(!still_valid, "{flaw:?}");
        }
    }

    /// The example of RFC 7515, A.1, has a key that is no text; this one is of jwt.io's own page.
    #[test]
    fn the_signature_is_that_of_the_standard() {
        let input = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
                     eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ";
        assert_eq!(
            mac(input, "your-256-bit-secret"),
            "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
        );
    }
}
