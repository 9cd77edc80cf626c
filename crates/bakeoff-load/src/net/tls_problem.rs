//! Why TLS failed, in words that say what to do about it. The library's own texts name its types.

use crate::failure::{FailureCause, FailureKind};
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};
use std::io::{self, ErrorKind};

/// Why a TLS connection could not be made, or was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsProblem {
    /// No trusted authority has signed the server's certificate.
    UntrustedAuthority,
    /// The certificate is for another name.
    WrongName,
    /// The certificate is no longer valid, or not yet.
    WrongTime,
    /// The certificate cannot be used for another reason.
    BadCertificate,
    /// What came is not TLS.
    NotTls,
    /// The server asks for a client certificate.
    WantsCertificate,
    /// The server does not take the client certificate.
    RefusesCertificate,
    /// The server refused the handshake without such a reason.
    Refused,
    /// The handshake did not end in time.
    Silent,
    /// Anything else.
    Other,
}

/// The failure of a stream: of TLS if TLS is the reason, else of `kind`.
pub(crate) fn cause_of(error: &io::Error, kind: FailureKind) -> FailureCause {
    match tls_problem(error) {
        Some((_, words)) => (FailureKind::Tls, words),
        None => (kind, plain(error)),
    }
}

/// The problem of TLS behind an error of a stream, and a sentence about it; `None` if it is not one of TLS.
pub(crate) fn tls_problem(error: &io::Error) -> Option<(TlsProblem, String)> {
    Some(explain(error.get_ref()?.downcast_ref::<Error>()?))
}

/// The words of an error of a stream.
pub(crate) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    // The library adds an address of its documentation.
    if error.kind() == ErrorKind::UnexpectedEof && text.contains("close_notify") {
        return "the server ended the connection without the end of TLS (close_notify)".to_owned();
    }
    text
}

fn explain(error: &Error) -> (TlsProblem, String) {
    match error {
        Error::InvalidCertificate(error) => of_certificate(error),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            (TlsProblem::NotTls, "what the port sends is not TLS".to_owned())
        }
        Error::AlertReceived(alert) => of_alert(*alert),
        Error::PeerIncompatible(_) => (
            TlsProblem::Refused,
            "the server offers neither TLS 1.2 nor TLS 1.3 with a cipher that is known here".to_owned(),
        ),
        Error::General(words) => (TlsProblem::Other, words.clone()),
        other => (TlsProblem::Other, format!("tls: {other}")),
    }
}

fn of_certificate(error: &CertificateError) -> (TlsProblem, String) {
    use CertificateError as C;
    match error {
        C::UnknownIssuer => (
            TlsProblem::UntrustedAuthority,
            "the server's certificate is signed by no trusted authority".to_owned(),
        ),
        C::NotValidForName => (
            TlsProblem::WrongName,
            "the server's certificate is for another name".to_owned(),
        ),
        C::NotValidForNameContext { expected, presented } => (
            TlsProblem::WrongName,
            format!(
                "the server's certificate is not for `{}`: {}",
                expected.to_str(),
                names(presented)
            ),
        ),
        C::Expired | C::ExpiredContext { .. } => (
            TlsProblem::WrongTime,
            "the server's certificate has expired".to_owned(),
        ),
        C::NotValidYet | C::NotValidYetContext { .. } => (
            TlsProblem::WrongTime,
            "the server's certificate is not valid yet".to_owned(),
        ),
        // Its own type is not public here; its name says which.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => (
            TlsProblem::BadCertificate,
            "the server's certificate is one of an authority (CA:TRUE) and not of a server".to_owned(),
        ),
        C::BadSignature => (
            TlsProblem::BadCertificate,
            "the signature of the server's certificate is wrong".to_owned(),
        ),
        other => (
            TlsProblem::BadCertificate,
            format!("the server's certificate cannot be used: {other}"),
        ),
    }
}

/// What a certificate is for; the library writes `DnsName("a.example")`.
fn names(presented: &[String]) -> String {
    let name = |text: &String| {
        let quoted = text.split_once('(').map_or(text.as_str(), |(_, inside)| inside);
        format!("`{}`", quoted.trim_end_matches(')').trim_matches('"'))
    };
    match presented {
        [] => "it names no host (subjectAltName)".to_owned(),
        many => format!(
            "it is for {}",
            many.iter().map(name).collect::<Vec<_>>().join(", ")
        ),
    }
}

fn of_alert(alert: AlertDescription) -> (TlsProblem, String) {
    use AlertDescription as A;
    match alert {
        A::CertificateRequired | A::NoCertificate => (
            TlsProblem::WantsCertificate,
            "the server asks for a client certificate".to_owned(),
        ),
        A::UnknownCA
        | A::BadCertificate
        | A::UnsupportedCertificate
        | A::CertificateRevoked
        | A::CertificateExpired
        | A::CertificateUnknown
        // The certificate of an authority of the same name, signed with another key.
        | A::DecryptError
        | A::AccessDenied => (
            TlsProblem::RefusesCertificate,
            format!("the server does not take the client certificate ({alert:?})"),
        ),
        // Servers that ask for a certificate say no more than this under TLS 1.2.
        A::HandshakeFailure => (
            TlsProblem::Refused,
            "the server refused the handshake: no version or cipher in common, or it asks for a client certificate"
                .to_owned(),
        ),
        other => (
            TlsProblem::Refused,
            format!("the server ended the connection with a TLS alert ({other:?})"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{TlsProblem, cause_of, tls_problem};
    use crate::failure::FailureKind;
    use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};
    use std::io::{self, ErrorKind};

    #[test]
    fn each_problem_has_its_words() {
        let cases = [
            (
                Error::InvalidCertificate(CertificateError::UnknownIssuer),
                TlsProblem::UntrustedAuthority,
                "no trusted authority",
            ),
            (
                Error::InvalidMessage(InvalidMessage::InvalidContentType),
                TlsProblem::NotTls,
                "not TLS",
            ),
            (
                Error::AlertReceived(AlertDescription::CertificateRequired),
                TlsProblem::WantsCertificate,
                "asks for a client certificate",
            ),
            (
                Error::AlertReceived(AlertDescription::UnknownCA),
                TlsProblem::RefusesCertificate,
                "does not take the client certificate",
            ),
            (
                Error::InvalidCertificate(CertificateError::Expired),
                TlsProblem::WrongTime,
                "expired",
            ),
        ];
        for (error, problem, words) in cases {
            let error = io::Error::new(ErrorKind::InvalidData, error);
            let (found, told) = tls_problem(&error).unwrap();
            assert_eq!(found, problem, "{told}");
            assert!(told.contains(words), "{told}");
            assert_eq!(cause_of(&error, FailureKind::Reset), (FailureKind::Tls, told));
        }
        let lost = io::Error::from(ErrorKind::ConnectionReset);
        assert_eq!(cause_of(&lost, FailureKind::Reset).0, FailureKind::Reset);
    }
}
