//! The server that requests go to: an address, the value of `Host`, and TLS or none. Names are resolved and URLs
//! parsed in `crate::request::url`.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;

/// A server to drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where to connect.
    pub address: SocketAddr,
    /// The value of the `Host` header.
    pub host: String,
    /// Names and values of headers that every request carries which does not set them itself, such as a token.
    pub headers: Vec<(String, String)>,
    /// Beginnings of paths that it knows by another name, each with that name; the longest that fits counts.
    pub paths: Vec<(String, String)>,
    /// Encryption; `None` is plain HTTP.
    pub tls: Option<Tls>,
}

/// How the server proves its identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The name that the certificate must carry.
    pub server_name: String,
    /// Who may have signed the certificate.
    pub trust: Trust,
    /// What this side shows to a server that asks for a client certificate.
    pub identity: Option<Identity>,
}

/// A client certificate and its key, as PEM texts.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The certificate, and those between it and its authority.
    pub certificates: String,
    /// Its key, not encrypted.
    pub key: String,
}

/// A key is never printed.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

/// Which certificates are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// The public authorities that browsers trust.
    PublicAuthorities,
    /// The authorities of one PEM text and no others. A certificate of it that a server shows itself is trusted too, if
    /// it is valid now and for the name.
    Pem(String),
    /// Any certificate: for a test server with a self-signed one.
    Anyone,
}

impl Target {
    /// Plain HTTP at `address`, which is also the value of `Host`.
    pub fn plain(address: SocketAddr) -> Self {
        Self {
            address,
            host: address.to_string(),
            headers: Vec::new(),
            paths: Vec::new(),
            tls: None,
        }
    }

    /// A path as this server calls it: the longest beginning that has another name is replaced. A beginning ends where
    /// a part of the path, or the whole path, ends.
    pub fn path<'p>(&self, path: &'p str) -> Cow<'p, str> {
        let fits = |begin: &&(String, String)| {
            let rest = path.strip_prefix(begin.0.as_str());
            rest.is_some_and(|rest| {
                rest.is_empty() || rest.starts_with(['/', '?']) || begin.0.ends_with(['/', '?'])
            })
        };
        let longest = self
            .paths
            .iter()
            .filter(fits)
            .max_by_key(|(begin, _)| begin.len());
        match longest {
            Some((begin, other)) => Cow::Owned(format!("{other}{}", &path[begin.len()..])),
            None => Cow::Borrowed(path),
        }
    }

    /// Its headers that are not among those of a request.
    pub(crate) fn headers_besides<'t>(
        &'t self,
        set: &'t [(String, String)],
    ) -> impl Iterator<Item = &'t (String, String)> {
        let is_set = |name: &str| set.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
        self.headers.iter().filter(move |(name, _)| !is_set(name))
    }
}

#[cfg(test)]
mod tests {
    use super::Target;
    use std::net::{Ipv4Addr, SocketAddr};

    #[test]
    fn the_longest_beginning_of_a_path_has_its_other_name() {
        let target = Target {
            paths: [
                ("/queries", "/dbs"),
                ("/api/", "/v1/"),
                ("/api/rooms", "/r"),
                ("/one?n=20", "/one/20"),
            ]
            .map(|(begin, other)| (begin.to_owned(), other.to_owned()))
            .to_vec(),
            ..Target::plain(SocketAddr::from((Ipv4Addr::LOCALHOST, 80)))
        };
        for (path, other) in [
            ("/queries?n=20", "/dbs?n=20"),
            ("/queries/1", "/dbs/1"),
            ("/queries2", "/queries2"),
            ("/api/x", "/v1/x"),
            ("/api/rooms/{id}", "/r/{id}"),
            ("/api/roomservice", "/v1/roomservice"),
            ("/one?n=20", "/one/20"),
            ("/one?n=200", "/one?n=200"),
        ] {
            assert_eq!(target.path(path), other);
        }
    }
}
