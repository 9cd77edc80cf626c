//! URLs as people type them: the server, the path, and placeholders such as `{1..10000}` that declare a variable in
//! place. The `url` crate would reject such placeholders or percent-encode them; that is why this parser is ours. The
//! path and the query are sent as they are written, in any script.

use crate::net::target::{Target, Tls};
use crate::request::spec::Variable;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use std::net::{Ipv6Addr, SocketAddr, ToSocketAddrs};

/// A parsed URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// The scheme, the host and the port.
    pub origin: Origin,
    /// The user and the password, as the value of a header `authorization`, if the URL has them.
    pub authorization: Option<String>,
    /// The path and the query, at least `/`.
    pub path: String,
}

/// The server of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The scheme.
    pub scheme: Scheme,
    /// The name or the address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// The supported schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Plain.
    Http,
    /// Over TLS.
    Https,
    /// A WebSocket, plain.
    Ws,
    /// A WebSocket over TLS.
    Wss,
}

impl Scheme {
    /// All schemes, by name.
    const ALL: [(&'static str, Self); 4] = [
        ("http", Self::Http),
        ("https", Self::Https),
        ("ws", Self::Ws),
        ("wss", Self::Wss),
    ];

    /// The scheme of this name, whose case does not matter (RFC 3986, 3.1).
    fn named(name: &str) -> Result<Self, String> {
        let mut all = Self::ALL.iter();
        match all.find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, scheme)) => Ok(*scheme),
            None => Err(format!(
                "`{name}` is not a supported scheme: use `http`, `https`, `ws` or `wss`"
            )),
        }
    }

    /// Whether the connection is encrypted.
    pub fn is_encrypted(self) -> bool {
        matches!(self, Self::Https | Self::Wss)
    }

    /// Whether it names a WebSocket.
    pub fn is_socket(self) -> bool {
        matches!(self, Self::Ws | Self::Wss)
    }

    fn port(self) -> u16 {
        if self.is_encrypted() { 443 } else { 80 }
    }
}

impl Url {
    /// Parses a URL; without a scheme it is `http`. White space around it is left out.
    ///
    /// # Errors
    /// The URL is invalid: the reason in a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = split_scheme(text.trim())?;
        let rest = rest.split('#').next().unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (user, server) = match authority.rsplit_once('@') {
            Some((user, server)) => (Some(user), server),
            None => (None, authority),
        };
        let path = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{path}")
        };
        Ok(Self {
            origin: Origin::parse(scheme, server)?,
            authorization: user.map(basic),
            path,
        })
    }

    /// The targets that the URL names, one for each address of its host, IPv4 first. `tls` makes the encryption of an
    /// encrypted scheme from the name that the certificate must carry.
    ///
    /// # Errors
    /// The host has no address.
    pub fn targets(&self, tls: impl Fn(String) -> Tls) -> Result<Vec<Target>, String> {
        let Origin { scheme, host, port } = &self.origin;
        let found = (host.as_str(), *port)
            .to_socket_addrs()
            .map_err(|error| format!("`{host}` has no address: {}", plain(&error)))?;
        let mut found: Vec<SocketAddr> = found.collect();
        found.sort_by_key(SocketAddr::is_ipv6);
        // A host that stands in the hosts file twice is one address still.
        found.dedup();
        if found.is_empty() {
            return Err(format!("`{host}` has no address"));
        }
        let authorization = self.authorization.iter();
        let headers: Vec<_> = authorization
            .map(|value| ("authorization".to_owned(), value.clone()))
            .collect();
        let target = |address| Target {
            address,
            host: self.origin.host_header(),
            headers: headers.clone(),
            paths: Vec::new(),
            tls: scheme
                .is_encrypted()
                .then(|| tls(self.origin.without_zone().to_owned())),
        };
        Ok(found.into_iter().map(target).collect())
    }
}

/// The system's reason why a name has no address, without the words that it puts before each.
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    let before = "failed to lookup address information: ";
    text.strip_prefix(before).map(str::to_owned).unwrap_or(text)
}

/// Only what stands before the first `/`, `?` or `#` can be a scheme: a `://` behind it is part of a path or a query.
fn split_scheme(text: &str) -> Result<(Scheme, &str), String> {
    let end = text.find(['/', '?', '#']).unwrap_or(text.len());
    let (before, rest) = text.split_at(end);
    match (before.strip_suffix(':'), rest.strip_prefix("//")) {
        (Some(name), Some(rest)) => Ok((Scheme::named(name)?, rest)),
        (None, Some(rest)) if before.is_empty() => Ok((Scheme::Http, rest)),
        _ => Ok((Scheme::Http, text)),
    }
}

/// The header of a user and a password (RFC 7617), which a URL has percent-encoded.
fn basic(user: &str) -> String {
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    let mut both: Vec<u8> = percent_decode_str(name).collect();
    both.push(b':');
    both.extend(percent_decode_str(password));
    format!("Basic {}", STANDARD.encode(both))
}

impl Origin {
    fn parse(scheme: Scheme, server: &str) -> Result<Self, String> {
        let (host, port) = match server.strip_prefix('[') {
            Some(rest) => ipv6(rest)?,
            None => match server.split_once(':') {
                Some((_, port)) if port.contains(':') => {
                    return Err(format!(
                        "`{server}` has several colons: write an IPv6 address in brackets, such as `[::1]:8080`"
                    ));
                }
                Some((host, port)) => (name(host)?, port),
                None => (name(server)?, ""),
            },
        };
        if host.is_empty() {
            return Err("the URL names no host".to_owned());
        }
        Ok(Self {
            scheme,
            host,
            port: port_of(port, scheme)?,
        })
    }

    /// The `Host` header: without the port where it is the scheme's own, and without a zone, which only this machine
    /// knows.
    fn host_header(&self) -> String {
        let host = if self.host.contains(':') {
            format!("[{}]", self.without_zone())
        } else {
            self.host.clone()
        };
        match self.port {
            port if port == self.scheme.port() => host,
            port => format!("{host}:{port}"),
        }
    }

    fn without_zone(&self) -> &str {
        self.host.split('%').next().unwrap_or_default()
    }
}

/// The address in brackets, and what stands behind the colon after them. A zone follows a `%25`, or a `%` as people
/// write it (RFC 6874).
fn ipv6(rest: &str) -> Result<(String, &str), String> {
    let (inside, after) = rest
        .split_once(']')
        .ok_or_else(|| format!("`[{rest}` has no closing `]`"))?;
    let inside = inside.replacen("%25", "%", 1);
    let (address, zone) = inside.split_once('%').unwrap_or((&inside, "lo"));
    let is_zone = !zone.is_empty()
        && zone
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    if address.parse::<Ipv6Addr>().is_err() || !is_zone {
        return Err(format!("`[{inside}]` is not an IPv6 address"));
    }
    match after.strip_prefix(':') {
        Some(port) => Ok((inside, port)),
        None if after.is_empty() => Ok((inside, "")),
        None => Err(format!("`{after}` behind `[{inside}]` is not a port")),
    }
}

/// A name or an IPv4 address, which may be percent-encoded (RFC 3986, 3.2.2).
fn name(host: &str) -> Result<String, String> {
    let wrong = |what: &str| format!("the host `{}` {what}", host.escape_debug());
    let decoded = percent_decode_str(host).decode_utf8();
    let decoded = decoded.map_err(|_| wrong("is not text"))?;
    let unfit = |c: char| c.is_whitespace() || c.is_control() || "<>\"\\^`{|}[]%/?#@:".contains(c);
    match decoded.chars().find(|&c| unfit(c)) {
        Some(c) => Err(wrong(&format!(
            "has a character that no host has: `{}`",
            c.escape_debug()
        ))),
        None => Ok(decoded.into_owned()),
    }
}

/// The port; an empty one is the scheme's own (RFC 3986, 3.2.3).
fn port_of(port: &str, scheme: Scheme) -> Result<u16, String> {
    let is_number = port.bytes().all(|b| b.is_ascii_digit());
    match (port, port.parse()) {
        ("", _) => Ok(scheme.port()),
        (_, Ok(number @ 1..)) if is_number => Ok(number),
        _ => Err(format!(
            "`{port}` is not a port: a port is a number from 1 to 65535"
        )),
    }
}

/// The variables that a text declares in place: `{1..10000}` is a whole number in that range, `{red|green}` one of
/// the texts. The name of each is its own text, so that the same placeholder has the same value throughout a request.
pub fn inline_variables(texts: &[&str]) -> Vec<(String, Variable)> {
    let mut found: Vec<(String, Variable)> = Vec::new();
    for text in texts {
        for placeholder in text
            .split('{')
            .skip(1)
            .filter_map(|after| after.split_once('}'))
            .map(|(placeholder, _)| placeholder)
        {
            if let Some(variable) =
                variable(placeholder).filter(|_| found.iter().all(|(name, _)| name != placeholder))
            {
                found.push((placeholder.to_owned(), variable));
            }
        }
    }
    found
}

fn variable(placeholder: &str) -> Option<Variable> {
    if let Some((low, high)) = placeholder.split_once("..") {
        return Some(Variable::Int {
            low: low.parse().ok()?,
            high: high.parse().ok()?,
        });
    }
    let texts: Vec<String> = placeholder.split('|').map(str::to_owned).collect();
    (texts.len() > 1 && !placeholder.contains(['"', '\n'])).then_some(Variable::Choice(texts))
}

#[cfg(test)]
mod tests;
