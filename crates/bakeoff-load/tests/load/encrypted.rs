//! TLS: the same load over it, and the ways in which a server can fail to prove its identity.

use crate::setting::constant;
use bakeoff_load::{
    FailureKind, IdleConnections, LoadReport, Plan, RequestSpec, Target, Tls, Trust, run, send_once,
};
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// A server with a self-signed certificate for `localhost`, and that certificate.
struct Server {
    address: SocketAddr,
    pem: String,
}

/// The behaviour of a server on a connection after the handshake.
type Serve = fn(&mut StreamOwned<ServerConnection, TcpStream>);

fn server(serve: Serve) -> Server {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = config
        .with_no_client_auth()
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
        pem: certificate.pem(),
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
    });
    Target {
        address: server.address,
        host: name.to_owned(),
        headers: Vec::new(),
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
    assert_eq!(failure.kind, FailureKind::Connect, "{}", failure.example);
    assert!(
        failure.example.contains(words),
        "`{words}` in `{}`",
        failure.example
    );
    let (kind, reason) = send_once(target, "GET", "/", &[], None, Duration::from_secs(2)).unwrap_err();
    assert_eq!(kind, FailureKind::Connect, "{reason}");
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
        "invalid peer certificate",
    );
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let server = server(respond);
    let trust = Trust::Pem(server.pem.clone());
    refused(
        &target(&server, "elsewhere.example", trust),
        "certificate not valid for name",
    );
}

#[test]
fn a_server_without_tls_is_a_failure_to_connect() {
    let plain = crate::setting::scripted_server(|_| bakeoff_load::scripted::Reaction::ok());
    let server = Server {
        address: plain.address(),
        pem: String::new(),
    };
    let report = drive(&target(&server, "localhost", Trust::Anyone));
    let failure = &report.failures[0];
    assert_eq!(
        (report.correct, failure.kind),
        (0, FailureKind::Connect),
        "{}",
        failure.example
    );
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
fn bytes_that_are_no_tls_record_are_a_protocol_failure() {
    let server = server(|stream| {
        stream.read_exact(&mut [0; 16]).ok();
        stream.sock.write_all(b"no record of tls at all").ok();
        std::thread::sleep(Duration::from_millis(200));
    });
    let report = drive(&target(&server, "localhost", Trust::Anyone));
    let failure = &report.failures[0];
    assert_eq!(
        (report.correct, failure.kind),
        (0, FailureKind::Protocol),
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
