//! The options for TLS: whom to trust, and what to show to a server that asks for a client certificate; and the way to
//! a server that can be reached.

use super::files;
use crate::exit::Failure;
use bakeoff_load::url::Url;
use bakeoff_load::{Identity, Target, Tls, TlsProblem, Trust, Unreachable, reach};
use clap::Args;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Whom to trust, and what to show.
#[derive(Debug, Args)]
#[command(next_help_heading = "TLS")]
pub(crate) struct Security {
    /// Trust only the certificates and authorities of this PEM file
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    cacert: Option<PathBuf>,
    /// Trust any certificate, for a test server
    #[arg(long)]
    insecure: bool,
    /// Client certificate, a PEM file, with those between it and its authority
    #[arg(long, value_name = "FILE")]
    cert: Option<PathBuf>,
    /// Key of the client certificate, a PEM file [default: it stands in the file of --cert]
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
}

impl Security {
    /// The server of a URL: the first of its addresses that takes a connection. If that is not the first one, says so.
    ///
    /// # Errors
    /// Files that cannot be used, a host without address, or a server that cannot be reached.
    pub(crate) fn target(&self, url: &Url, timeout: Duration) -> Result<Target, Failure> {
        let (trust, identity) = (self.trust()?, self.identity()?);
        let tls = |server_name| Tls {
            server_name,
            trust: trust.clone(),
            identity: identity.clone(),
        };
        let targets = url
            .targets(tls)
            .map_err(|reason| Failure::lab(reason, "is the name right, and can this machine look it up?"))?;
        let (target, before) = first_reachable(targets, timeout)?;
        if !before.is_empty() {
            eprintln!("note: the load goes to {}; {}", target.address, before.join("; "));
        }
        Ok(target)
    }

    /// The words of the command line that say the same.
    #[must_use]
    pub(crate) fn words(&self) -> Vec<String> {
        let files = [
            ("--cacert", &self.cacert),
            ("--cert", &self.cert),
            ("--key", &self.key),
        ];
        let named = files
            .into_iter()
            .filter_map(|(option, file)| Some((option, file.as_ref()?)));
        let mut words: Vec<String> = named
            .flat_map(|(option, file)| [option.to_owned(), file.display().to_string()])
            .collect();
        words.extend(self.insecure.then(|| "--insecure".to_owned()));
        words
    }

    fn trust(&self) -> Result<Trust, Failure> {
        match (&self.cacert, self.insecure) {
            (_, true) => Ok(Trust::Anyone),
            (None, false) => Ok(Trust::PublicAuthorities),
            (Some(file), false) => {
                let trust = Trust::Pem(files::read(file)?);
                trust.check().map_err(|reason| unusable(file, &reason))?;
                Ok(trust)
            }
        }
    }

    fn identity(&self) -> Result<Option<Identity>, Failure> {
        let Some(cert) = &self.cert else { return Ok(None) };
        let key = self.key.as_ref().unwrap_or(cert);
        let identity = Identity {
            certificates: files::read(cert)?,
            key: files::read(key)?,
        };
        identity.check().map_err(|reason| {
            let file = if reason.contains("key") { key } else { cert };
            unusable(file, &reason)
        })?;
        Ok(Some(identity))
    }
}

/// The first of several addresses that takes a connection, and why those before it did not.
fn first_reachable(targets: Vec<Target>, timeout: Duration) -> Result<(Target, Vec<String>), Failure> {
    let mut tried = Vec::new();
    for target in targets {
        match reach(&target, timeout) {
            Ok(()) => return Ok((target, tried)),
            Err(Unreachable::Connect(reason)) => tried.push(format!("{}: {reason}", target.address)),
            Err(Unreachable::Tls(problem, words)) => {
                let text = format!("no TLS connection to {}: {words}", target.address);
                return Err(Failure::lab(text, hint(problem)));
            }
            Err(Unreachable::SpeaksTls) => {
                return Err(Failure::lab(
                    format!(
                        "the server at {} speaks TLS, and the URL does not",
                        target.address
                    ),
                    "write the URL with `https://` or `wss://`",
                ));
            }
        }
    }
    Err(Failure::lab(
        format!("no connection to {}", tried.join("; ")),
        "is the server running, and is the port right?",
    ))
}

fn unusable(file: &Path, reason: &str) -> Failure {
    Failure::usage(
        format!("`{}`: {reason}", file.display()),
        "name a PEM file, such as `-----BEGIN CERTIFICATE-----` begins",
    )
}

/// The way out of a problem.
fn hint(problem: TlsProblem) -> &'static str {
    match problem {
        TlsProblem::UntrustedAuthority => {
            "name the authority's certificate with `--cacert FILE`, or trust a test server with `--insecure`"
        }
        TlsProblem::WrongName => {
            "write a name of the certificate in the URL, or trust a test server with `--insecure`"
        }
        TlsProblem::WrongTime => "renew the certificate, or trust a test server with `--insecure`",
        TlsProblem::BadCertificate => {
            "name the certificate itself with `--cacert FILE`, or trust a test server with `--insecure`; \
             `openssl req -x509 -addext basicConstraints=CA:FALSE …` makes one of a server"
        }
        TlsProblem::NotTls => "write the URL with `http://` or `ws://`",
        TlsProblem::Silent => "does the port speak TLS? without it the URL begins with `http://` or `ws://`",
        TlsProblem::WantsCertificate => {
            "give one with `--cert FILE`, and `--key FILE` if its key is elsewhere"
        }
        TlsProblem::RefusesCertificate => {
            "give one that an authority of the server has signed, with `--cert FILE` and `--key FILE`"
        }
        TlsProblem::Refused | TlsProblem::Other => {
            "does the port speak TLS 1.2 or 1.3, and does it ask for a client certificate (`--cert FILE`)?"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::first_reachable;
    use bakeoff_load::Target;
    use bakeoff_load::scripted::{Reaction, ScriptedServer};
    use std::net::{SocketAddr, TcpListener};
    use std::time::Duration;

    /// A port of the loopback interface on which nobody listens.
    fn closed() -> SocketAddr {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
    }

    #[test]
    fn the_first_address_that_connects_is_taken() {
        let server = ScriptedServer::start(|_| Reaction::ok()).unwrap();
        let reached = |addresses: &[SocketAddr]| {
            let targets = addresses.iter().copied().map(Target::plain).collect();
            let found = first_reachable(targets, Duration::from_secs(2));
            found.map(|(target, before)| (target.address, before.len()))
        };
        let (open, gone) = (server.address(), closed());
        assert_eq!(reached(&[open, gone]).unwrap(), (open, 0));
        assert_eq!(reached(&[gone, closed(), open]).unwrap(), (open, 2));
        let told = reached(&[gone, closed()]).unwrap_err().text;
        assert!(
            told.contains(&gone.to_string()) && told.matches("refused").count() == 2,
            "{told}"
        );
        assert!(told.contains("is the server running"), "{told}");
    }
}
