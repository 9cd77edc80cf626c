//! The network of one launch, for programs whose port or whose services' addresses are fixed in their code: a network
//! namespace with nothing but the launch's own server and services in it, and the host names under which its programs
//! look for the services. It starts no process.

use super::network_namespace::NetworkNamespace;
use std::fs;
use std::path::{Path, PathBuf};

/// The network of one launch; the kernel removes it with its last process.
#[derive(Debug)]
pub(crate) struct OwnNetwork {
    namespace: NetworkNamespace,
    hosts: Option<PathBuf>,
}

impl OwnNetwork {
    /// Creates one. Its programs find these host names at the loopback address; the file that says so is in `folder`.
    ///
    /// # Errors
    /// Why that is not possible, in words.
    pub(crate) fn create(names: &[String], folder: &Path) -> Result<OwnNetwork, String> {
        let namespace = NetworkNamespace::create()?;
        let hosts = (!names.is_empty()).then(|| folder.join("hosts"));
        if let Some(hosts) = &hosts {
            fs::write(hosts, lines(names)).map_err(|error| format!("`{}`: {error}", hosts.display()))?;
        }
        Ok(OwnNetwork { namespace, hosts })
    }

    /// Moves the calling thread into it; threads and processes that it starts from now on follow.
    ///
    /// # Errors
    /// The operating system's reason.
    pub(crate) fn enter(&self) -> Result<(), String> {
        self.namespace.enter()
    }

    /// The file that takes the place of `/etc/hosts` for its programs; none where no host has a name.
    pub(crate) fn hosts(&self) -> Option<&Path> {
        self.hosts.as_deref()
    }
}

/// The lines of hosts(5).
fn lines(names: &[String]) -> String {
    let mut text = String::from("127.0.0.1 localhost\n::1 localhost\n");
    for name in names {
        text.push_str("127.0.0.1 ");
        text.push_str(name);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn every_name_is_at_the_loopback_address() {
        let text = lines(&["db".to_owned(), "cache.local".to_owned()]);
        assert_eq!(
            text,
            "127.0.0.1 localhost\n::1 localhost\n127.0.0.1 db\n127.0.0.1 cache.local\n"
        );
    }
}
