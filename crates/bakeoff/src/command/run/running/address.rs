//! From a URL to a server that may be loaded: loopback and private addresses, and others only when the user says that
//! the host is theirs.

use crate::command::load::security::Security;
use crate::exit::Failure;
use bakeoff_load::url::Url;
use bakeoff_load::{Target, Tls, Trust};
use std::net::IpAddr;
use std::time::Duration;

/// How long connecting may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The server of a URL, with the URL's path before those of all requests. `base` is what their paths begin with
/// already, which another path in the URL replaces.
///
/// # Errors
/// A URL that is none, an address that may not be loaded, or a server that cannot be reached.
pub(super) fn target(text: &str, base: &str, own_host: bool, security: &Security) -> Result<Target, Failure> {
    let url = Url::parse(text)
        .map_err(|reason| Failure::usage(reason, "write it like `a=http://localhost:9001`"))?;
    if url.origin.scheme.is_socket() || url.path.contains('?') {
        return Err(Failure::usage(
            format!("`{text}`: a scheme of HTTP, a host, a port and perhaps a path are needed"),
            "write it like `a=http://localhost:9001`; requests come from the brief or from `--openapi FILE`",
        ));
    }
    if !own_host {
        require_private(&url, text)?;
    }
    let mut target = security.target(&url, TIMEOUT)?;
    let path = url.path.trim_end_matches('/');
    if !path.is_empty() && path != base {
        target.paths = vec![(format!("{base}/"), format!("{path}/"))];
    }
    Ok(target)
}

/// Refuses a host of which an address is neither loopback nor private.
fn require_private(url: &Url, text: &str) -> Result<(), Failure> {
    // Only the addresses are of interest.
    let tls = |server_name| Tls {
        server_name,
        trust: Trust::PublicAuthorities,
        identity: None,
    };
    let targets = url
        .targets(tls)
        .map_err(|reason| Failure::lab(reason, "is the name right, and can this machine look it up?"))?;
    let mut addresses = targets.iter().map(|target| target.address.ip());
    match addresses.find(|address| !is_private(*address)) {
        None => Ok(()),
        Some(address) => Err(Failure::usage(
            format!(
                "`{text}`: {address} is neither a loopback nor a private address, and a load there may harm others"
            ),
            "`--own-host` says that the host is yours",
        )),
    }
}

/// Loopback; private by RFC 1918 and RFC 4193; link-local.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_private;

    #[test]
    fn only_loopback_and_private_addresses_may_be_loaded_without_a_word() {
        for private in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.1.1",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for other in [
            "8.8.8.8",
            "172.32.0.1",
            "100.64.0.1",
            "0.0.0.0",
            "2001:db8::1",
            "::ffff:8.8.8.8",
            "::",
        ] {
            assert!(!is_private(other.parse().unwrap()), "{other}");
        }
    }
}
