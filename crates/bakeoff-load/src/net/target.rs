//! The server that requests go to: an address, the value of `Host`, and TLS or none. Names are resolved and URLs
//! parsed in `crate::request::url`.

use std::net::SocketAddr;

/// A server to drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where to connect.
    pub address: SocketAddr,
    /// The value of the `Host` header.
    pub host: String,
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
}

/// Which certificates are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// The public authorities that browsers trust.
    PublicAuthorities,
    /// The authorities of one PEM text and no others.
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
            tls: None,
        }
    }
}
