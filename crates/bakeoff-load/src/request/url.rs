//! URLs as people type them: the address, the path, and placeholders such as `{1..10000}` that declare a variable in
//! place. The `url` crate would reject such placeholders or percent-encode them; that is why this parser is ours.

use crate::net::target::{Target, Tls, Trust};
use crate::request::spec::Variable;
use std::net::{SocketAddr, ToSocketAddrs};

/// A parsed URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// The scheme, the host and the port.
    pub origin: Origin,
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
    /// Parses a URL; without a scheme it is `http`.
    ///
    /// # Errors
    /// The URL is invalid: the reason in a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = match text.split_once("://") {
            None => (Scheme::Http, text),
            Some((name, rest)) => match Scheme::ALL.iter().find(|(known, _)| *known == name) {
                Some((_, scheme)) => (*scheme, rest),
                None => {
                    return Err(format!(
                        "`{name}` is not a supported scheme: use `http`, `https`, `ws` or `wss`"
                    ));
                }
            },
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err("a user in the URL is not sent: use a header `authorization`".to_owned());
        }
        let origin = Origin::parse(scheme, authority)?;
        let path = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{path}")
        };
        Ok(Self { origin, path })
    }

    /// The target that the URL names, with its host resolved; IPv4 is preferred. `trust` decides which certificates
    /// `https` accepts.
    ///
    /// # Errors
    /// The host has no address.
    pub fn target(&self, trust: Trust) -> Result<Target, String> {
        let Origin { scheme, host, port } = &self.origin;
        let found = (host.as_str(), *port)
            .to_socket_addrs()
            .map_err(|e| format!("`{host}` has no address: {e}"))?;
        let mut found: Vec<SocketAddr> = found.collect();
        found.sort_by_key(SocketAddr::is_ipv6);
        let address = *found.first().ok_or_else(|| format!("`{host}` has no address"))?;
        let tls = scheme.is_encrypted().then(|| Tls {
            server_name: host.clone(),
            trust,
        });
        Ok(Target {
            address,
            host: self.origin.host_header(),
            headers: Vec::new(),
            tls,
        })
    }
}

impl Origin {
    fn parse(scheme: Scheme, authority: &str) -> Result<Self, String> {
        let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, "")) => (host, None),
            Some((host, rest)) => (host, rest.strip_prefix(':')),
            None => authority
                .split_once(':')
                .map_or((authority, None), |(host, port)| (host, Some(port))),
        };
        if host.is_empty() {
            return Err("the URL names no host".to_owned());
        }
        let port = match port {
            None => scheme.port(),
            Some(port) => port.parse().map_err(|_| format!("`{port}` is not a port"))?,
        };
        Ok(Self {
            scheme,
            host: host.to_owned(),
            port,
        })
    }

    /// The `Host` header: without the port where it is the scheme's own.
    fn host_header(&self) -> String {
        let host = if self.host.contains(':') {
            format!("[{}]", self.host)
        } else {
            self.host.clone()
        };
        match self.port {
            port if port == self.scheme.port() => host,
            port => format!("{host}:{port}"),
        }
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
mod tests {
    use super::{Scheme, Url, inline_variables};
    use crate::net::target::Trust;
    use crate::request::spec::Variable;

    #[test]
    fn urls_are_parsed() {
        let cases = [
            ("http://a", "a", 80, "a", "/"),
            ("a:8080/b?c=d#e", "a", 8080, "a:8080", "/b?c=d"),
            ("http://a?c", "a", 80, "a", "/?c"),
            ("https://a.b/c", "a.b", 443, "a.b", "/c"),
            ("https://a:80", "a", 80, "a:80", "/"),
            ("http://[::1]:81/x", "::1", 81, "[::1]:81", "/x"),
            ("http://[::1]", "::1", 80, "[::1]", "/"),
            ("ws://a/socket", "a", 80, "a", "/socket"),
            ("wss://a", "a", 443, "a", "/"),
        ];
        for (text, host, port, header, path) in cases {
            let url = Url::parse(text).unwrap();
            assert_eq!(
                (url.origin.host.as_str(), url.origin.port, url.path.as_str()),
                (host, port, path),
                "{text}"
            );
            assert_eq!(url.origin.host_header(), header);
            assert_eq!(url.origin.scheme == Scheme::Https, text.starts_with("https"));
            assert_eq!(url.origin.scheme.is_socket(), text.starts_with("ws"));
        }
        for text in [
            "",
            "http://",
            "ftp://a",
            "http://a:port",
            "http://u@a",
            "http://a:99999",
        ] {
            assert!(Url::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_target_of_a_url_has_an_address() {
        let target = Url::parse("http://127.0.0.1:8080/")
            .unwrap()
            .target(Trust::Anyone)
            .unwrap();
        assert_eq!(
            (target.address.to_string().as_str(), target.host.as_str()),
            ("127.0.0.1:8080", "127.0.0.1:8080")
        );
        assert_eq!(target.tls, None);
    }

    #[test]
    fn placeholders_declare_variables() {
        let found = inline_variables(&[
            "/items/{1..10}/{red|blue}?q={1..10}&x={id}",
            r#"{"a": {5..6}, "b|c": 1}"#,
        ]);
        let int = |low, high| Variable::Int { low, high };
        assert_eq!(
            found,
            [
                ("1..10".to_owned(), int(1, 10)),
                (
                    "red|blue".to_owned(),
                    Variable::Choice(vec!["red".into(), "blue".into()])
                ),
                ("5..6".to_owned(), int(5, 6)),
            ]
        );
    }
}
