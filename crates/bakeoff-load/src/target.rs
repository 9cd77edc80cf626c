//! Where requests go: an address, the name that is asked for, and whether the way there is encrypted.
//! Resolving names and parsing URLs is not done here; an address is an address.

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

/// How the server proves who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The name that the certificate must carry.
    pub server_name: String,
    /// Who may have signed the certificate.
    pub trust: Trust,
}

/// Whose signature counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// The public authorities that browsers trust.
    PublicAuthorities,
    /// The authorities of one PEM text and no others.
    Pem(String),
    /// Nobody is asked: for a test server with a certificate of its own.
    Anyone,
}

impl Target {
    /// Plain HTTP at `address`, which is also the `Host` that is asked for.
    pub fn plain(address: SocketAddr) -> Self {
        Self {
            address,
            host: address.to_string(),
            tls: None,
        }
    }
}
