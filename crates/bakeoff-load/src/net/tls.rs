//! The client's side of TLS and the certificates that it trusts, set up once for all connections of a load.

use crate::error::LoadError;
use crate::net::target::{Identity, Tls, Trust};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, RootCertStore,
    SignatureScheme,
};
use std::sync::Arc;

/// Makes the TLS side of connections to one server.
#[derive(Debug, Clone)]
pub(crate) struct TlsConnector {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl TlsConnector {
    pub(crate) fn new(tls: &Tls) -> Result<Self, LoadError> {
        let wrong = |reason: String| LoadError::Tls(reason);
        let name = ServerName::try_from(tls.server_name.clone());
        let name = name.map_err(|_| wrong(format!("`{}` is not a server name", tls.server_name)))?;
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong(error.to_string()))?;
        let builder = match &tls.trust {
            Trust::PublicAuthorities => builder.with_root_certificates(public_authorities()),
            Trust::Pem(text) => builder.dangerous().with_custom_certificate_verifier(Arc::new(
                NamedCertificates::of(text, &provider).map_err(wrong)?,
            )),
            Trust::Anyone => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AcceptAnyCertificate { provider })),
        };
        let mut config = match &tls.identity {
            None => builder.with_no_client_auth(),
            Some(identity) => {
                let (chain, key) = client_certificate(identity).map_err(wrong)?;
                let config = builder.with_client_auth_cert(chain, key);
                config.map_err(|error| {
                    wrong(format!("the client certificate and its key: {}", misfit(&error)))
                })?
            }
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            config: Arc::new(config),
            name,
        })
    }

    /// A connection before its first byte.
    pub(crate) fn start(&self) -> Result<ClientConnection, Error> {
        ClientConnection::new(Arc::clone(&self.config), self.name.clone())
    }
}

fn public_authorities() -> RootCertStore {
    webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect()
}

/// The certificates of a PEM text, at least one.
fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    match found {
        Ok(found) if found.is_empty() => Err("no certificate in the PEM text".to_owned()),
        found => found.map_err(|error| format!("a certificate that does not parse: {error}")),
    }
}

/// The chain and the key that a client shows.
fn client_certificate(
    identity: &Identity,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), String> {
    let chain = certificates(&identity.certificates)?;
    if identity.key.contains("BEGIN ENCRYPTED PRIVATE KEY") || identity.key.contains("Proc-Type: 4,ENCRYPTED")
    {
        return Err("the key is encrypted: `openssl pkey -in FILE -out PLAIN` decrypts it".to_owned());
    }
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes());
    Ok((
        chain,
        key.map_err(|_| "no private key in the PEM text".to_owned())?,
    ))
}

/// Why a certificate and a key cannot be used together.
fn misfit(error: &Error) -> String {
    match error {
        Error::InconsistentKeys(_) => "the key belongs to another certificate".to_owned(),
        other => other.to_string(),
    }
}

impl Trust {
    /// Whether these certificates can be trusted at all.
    ///
    /// # Errors
    /// The reason why not, in a sentence without a subject.
    pub fn check(&self) -> Result<(), String> {
        let Trust::Pem(pem) = self else { return Ok(()) };
        let mut store = RootCertStore::empty();
        let mut each = certificates(pem)?.into_iter();
        let added = each.try_for_each(|certificate| store.add(certificate));
        added.map_err(|error| error.to_string())
    }
}

impl Identity {
    /// Whether this certificate and this key can be shown.
    ///
    /// # Errors
    /// The reason why not, in a sentence without a subject.
    pub fn check(&self) -> Result<(), String> {
        client_certificate(self).map(drop)
    }
}

/// Trusts the authorities of a PEM text, and each certificate of it that a server shows itself. A certificate for tests
/// is often its own authority, which the usual rules refuse to a server (RFC 5280, 4.2.1.9); named by the user it is as
/// good as one that such an authority has signed.
#[derive(Debug)]
struct NamedCertificates {
    by_authority: Arc<WebPkiServerVerifier>,
    named: Vec<CertificateDer<'static>>,
}

impl NamedCertificates {
    fn of(pem: &str, provider: &Arc<CryptoProvider>) -> Result<Self, String> {
        let named = certificates(pem)?;
        let mut store = RootCertStore::empty();
        for certificate in &named {
            store
                .add(certificate.clone())
                .map_err(|error| error.to_string())?;
        }
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider));
        Ok(Self {
            by_authority: verifier.build().map_err(|error| error.to_string())?,
            named,
        })
    }
}

impl ServerCertVerifier for NamedCertificates {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self
            .by_authority
            .verify_server_cert(certificate, intermediates, name, ocsp, now);
        match verified {
            // The dates were right: they are looked at before who signed it and what it is for.
            Err(Error::InvalidCertificate(CertificateError::Other(_) | CertificateError::UnknownIssuer))
                if self.named.contains(certificate) =>
            {
                verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.by_authority
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.by_authority
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.by_authority.supported_verify_schemes()
    }
}

/// Accepts any certificate, and still requires that the server holds its key.
#[derive(Debug)]
struct AcceptAnyCertificate {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AcceptAnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
