//! TLS: the same load over it, and the ways in which a server can fail to prove its identity.

use crate::setting::constant;
use bakeoff_load::{
    FailureKind, Identity, IdleConnections, LoadReport, Plan, RequestSpec, Target, Tls, TlsProblem, Trust,
    Unreachable, reach, run, send_once,
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// A server with a self-signed certificate for `localhost`, and that certificate.
struct Server {
    address: SocketAddr,
    pem: String,
    key: String,
}

/// The behaviour of a server on a connection after the handshake.
type Serve = fn(&mut StreamOwned<ServerConnection, TcpStream>);

fn server(serve: Serve) -> Server {
    start(serve, IsCa::NoCa, None)
}

/// A server that, if `clients` is some PEM text, asks for a client certificate which that authority has signed.
fn start(serve: Serve, is_ca: IsCa, clients: Option<&str>) -> Server {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.is_ca = is_ca;
    let certificate = params.self_signed(&key).unwrap();
    let (pem, key_pem) = (certificate.pem(), key.serialize_pem());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = match clients {
        None => config.with_no_client_auth(),
        Some(pem) => {
            let mut store = RootCertStore::empty();
            store
                .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
                .unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(store), provider).build();
            config.with_client_cert_verifier(verifier.unwrap())
        }
    };
    let config = config
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let session = ServerConnection::new(Arc::clone(&config)).unwrap();
            std::thread::spawn(move || serve(&mut StreamOwned::new(session, socket)));
        }
    });
    Server {
        address,
        pem,
        key: key_pem,
    }
}

/// Responds to every request with a body of 100,000 bytes, which takes several records.
fn respond(stream: &mut StreamOwned<ServerConnection, TcpStream>) {
    let mut seen = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut piece) {
        seen.extend_from_slice(&piece[..length]);
        while let Some(end) = seen.windows(4).position(|w| w == b"\r\n\r\n") {
            seen.drain(..end + 4);
            let body = "x".repeat(100_000);
            if write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{body}").is_err() {
                return;
            }
        }
    }
}

fn target(server: &Server, name: &str, trust: Trust) -> Target {
    let tls = Some(Tls {
        server_name: name.to_owned(),
        trust,
        identity: None,
    });
    Target {
        address: server.address,
        host: name.to_owned(),
        headers: Vec::new(),
        paths: Vec::new(),
        tls,
    }
}

fn drive(target: &Target) -> LoadReport {
    let plan = Plan {
        connections: 4,
        timeout: Duration::from_secs(2),
        ..constant(50.0, 400)
    };
    run(
        target,
        &[RequestSpec::get("/")],
        &plan,
        &mut |_| {},
        &AtomicBool::new(false),
    )
    .unwrap()
}

fn refused(target: &Target, words: &str) {
    let report = drive(target);
    assert_eq!(report.correct, 0);
    let [failure] = &report.failures[..] else {
        panic!("one kind of failure: {:?}", report.failures)
    };
    assert_eq!(failure.kind, FailureKind::Tls, "{}", failure.example);
    assert!(!report.piled_up, "what TLS refuses piles nothing up");
    assert!(
        failure.example.contains(words),
        "`{words}` in `{}`",
        failure.example
    );
    let (kind, reason) = send_once(target, "GET", "/", &[], None, Duration::from_secs(2)).unwrap_err();
    assert_eq!(kind, FailureKind::Tls, "{reason}");
    assert!(reason.contains(words), "`{words}` in `{reason}`");
}

#[test]
fn a_load_over_tls() {
    let server = server(respond);
    for trust in [Trust::Pem(server.pem.clone()), Trust::Anyone] {
        let target = target(&server, "localhost", trust);
        let report = drive(&target);
        assert_eq!(
            (report.planned, report.correct, report.reconnects),
            (20, 20, 0),
            "{:?}",
            report.failures
        );
        assert_eq!(report.body_bytes, 20 * 100_000);
        let response = send_once(&target, "GET", "/", &[], None, Duration::from_secs(2)).unwrap();
        assert_eq!((response.status, response.body.len()), (200, 100_000));
        assert_eq!(
            IdleConnections::open(&target, &RequestSpec::get("/"), 3)
                .unwrap()
                .alive(),
            3
        );
    }
}

#[test]
fn a_self_signed_certificate_is_refused() {
    let server = server(respond);
    refused(
        &target(&server, "localhost", Trust::PublicAuthorities),
        "signed by no trusted authority",
    );
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let server = server(respond);
    let trust = Trust::Pem(server.pem.clone());
    refused(
        &target(&server, "elsewhere.example", trust),
        "the server's certificate is not for `elsewhere.example`: it is for `localhost`",
    );
}

#[test]
fn a_server_without_tls_is_a_failure_of_tls() {
    let plain = crate::setting::scripted_server(|_| bakeoff_load::scripted::Reaction::ok());
    let server = Server {
        address: plain.address(),
        pem: String::new(),
        key: String::new(),
    };
    let report = drive(&target(&server, "localhost", Trust::Anyone));
    let failure = &report.failures[0];
    assert_eq!((report.correct, failure.kind), (0, FailureKind::Tls));
    assert!(failure.example.contains("TLS"), "{}", failure.example);
}

#[test]
fn a_body_until_close_that_ends_without_close_notify_is_a_lost_connection() {
    let server = server(|stream| {
        stream.read_exact(&mut [0; 16]).ok();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nhello").ok();
        stream.sock.shutdown(std::net::Shutdown::Both).ok();
    });
    let report = drive(&target(&server, "localhost", Trust::Anyone));
    let failure = &report.failures[0];
    assert_eq!(
        (report.correct, failure.kind),
        (0, FailureKind::Reset),
        "{}",
        failure.example
    );
    assert!(failure.example.contains("within the body"), "{}", failure.example);
}

#[test]
fn bytes_that_are_no_tls_record_are_a_failure_of_tls() {
    let server = server(|stream| {
        stream.read_exact(&mut [0; 16]).ok();
        stream.sock.write_all(b"no record of tls at all").ok();
        std::thread::sleep(Duration::from_millis(200));
    });
    let report = drive(&target(&server, "localhost", Trust::Anyone));
    let failure = &report.failures[0];
    assert_eq!(
        (report.correct, failure.kind),
        (0, FailureKind::Tls),
        "{}",
        failure.example
    );
}

#[test]
fn a_pem_text_without_certificates_is_an_error() {
    let server = server(respond);
    let target = target(&server, "localhost", Trust::Pem("no pem".to_owned()));
    let run = run(
        &target,
        &[RequestSpec::get("/")],
        &Plan::default(),
        &mut |_| {},
        &AtomicBool::new(false),
    );
    assert_eq!(
        run.unwrap_err().to_string(),
        "tls: no certificate in the PEM text"
    );
}

/// A certificate as the usual one-liner makes it: its own authority.
fn authority() -> IsCa {
    IsCa::Ca(BasicConstraints::Unconstrained)
}

#[test]
fn a_certificate_that_is_its_own_authority_is_trusted_if_it_is_named() {
    let server = start(respond, authority(), None);
    let named = target(&server, "localhost", Trust::Pem(server.pem.clone()));
    assert_eq!(drive(&named).correct, 20);
    assert_eq!(reach(&named, Duration::from_secs(2)), Ok(()));
    // Named, and still for its own name only; and one that is not named is not trusted.
    refused(
        &target(&server, "elsewhere.example", Trust::Pem(server.pem.clone())),
        "is not for `elsewhere.example`",
    );
    let other = start(respond, authority(), None);
    refused(
        &target(&server, "localhost", Trust::Pem(other.pem)),
        "is one of an authority (CA:TRUE)",
    );
}

/// The target with what the client shows.
fn showing(target: &Target, identity: Option<Identity>) -> Target {
    let mut target = target.clone();
    target.tls.as_mut().unwrap().identity = identity;
    target
}

#[test]
fn a_server_that_asks_for_a_client_certificate_gets_it() {
    let client = server(respond);
    let identity = Identity {
        certificates: client.pem.clone(),
        key: client.key.clone(),
    };
    assert_eq!(identity.check(), Ok(()));
    let asking = start(respond, IsCa::NoCa, Some(&client.pem));
    let target = target(&asking, "localhost", Trust::Pem(asking.pem.clone()));
    assert_eq!(drive(&showing(&target, Some(identity.clone()))).correct, 20);
    assert_eq!(
        reach(&showing(&target, Some(identity)), Duration::from_secs(2)),
        Ok(())
    );
    let without = reach(&target, Duration::from_secs(2));
    let asks = "the server asks for a client certificate".to_owned();
    assert_eq!(without, Err(Unreachable::Tls(TlsProblem::WantsCertificate, asks)));
    let report = drive(&target);
    assert!(
        report
            .failures
            .iter()
            .all(|failure| failure.kind == FailureKind::Tls),
        "{:?}",
        report.failures
    );
    assert!(!report.piled_up && report.correct == 0);
    let stranger = server(respond);
    let unknown = Identity {
        certificates: stranger.pem,
        key: stranger.key,
    };
    let refused = reach(&showing(&target, Some(unknown)), Duration::from_secs(2));
    assert!(
        matches!(refused, Err(Unreachable::Tls(TlsProblem::RefusesCertificate, _))),
        "{refused:?}"
    );
}

#[test]
fn a_client_certificate_that_cannot_be_shown_is_an_error() {
    let (one, other) = (
        start(respond, authority(), None),
        start(respond, authority(), None),
    );
    let wrong = |certificates: &str, key: &str| {
        let identity = Identity {
            certificates: certificates.to_owned(),
            key: key.to_owned(),
        };
        let target = target(&one, "localhost", Trust::Anyone);
        let showing = showing(&target, Some(identity.clone()));
        let started = send_once(&showing, "GET", "/", &[], None, Duration::from_secs(2));
        (identity.check(), started.unwrap_err().1)
    };
    assert!(wrong("", &one.key).0.unwrap_err().contains("no certificate"));
    assert!(wrong(&one.pem, "").0.unwrap_err().contains("no private key"));
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    assert!(wrong(&one.pem, encrypted).0.unwrap_err().contains("is encrypted"));
    let (_, misfit) = wrong(&one.pem, &other.key);
    assert!(
        misfit.contains("the key belongs to another certificate"),
        "{misfit}"
    );
}

#[test]
fn a_server_that_cannot_be_reached_says_why() {
    let reason = |target: &Target| reach(target, Duration::from_millis(300)).unwrap_err();
    let gone = crate::setting::scripted_server(|_| bakeoff_load::scripted::Reaction::ok()).address();
    assert!(matches!(reason(&Target::plain(gone)), Unreachable::Connect(words) if words.contains("refused")));
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut never = target(&server(respond), "localhost", Trust::Anyone);
    never.address = silent.local_addr().unwrap();
    let words = "no TLS handshake within 300 ms".to_owned();
    assert_eq!(reason(&never), Unreachable::Tls(TlsProblem::Silent, words));
    let encrypted = server(respond);
    assert_eq!(reason(&Target::plain(encrypted.address)), Unreachable::SpeaksTls);
    let trusted = target(&encrypted, "localhost", Trust::PublicAuthorities);
    assert!(matches!(
        reason(&trusted),
        Unreachable::Tls(TlsProblem::UntrustedAuthority, _)
    ));
}
