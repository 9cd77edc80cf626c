//! The physical limit: an epoll loop that sends the same bytes and receives without looking at them. No parsing, no
//! checks, no clock, no histograms.

use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::net::{RecvFlags, SendFlags, recv, send};
use std::mem::MaybeUninit;
use std::net::TcpStream;
use std::time::{Duration, Instant};

pub(crate) fn run(address: &str, connections: &str, seconds: &str) -> Result<(), String> {
    let connections = connections.parse::<usize>().map_err(|e| e.to_string())?;
    let seconds = seconds.parse().map_err(|_| "no seconds")?;
    let correct = drive(address, connections, Duration::from_secs(seconds)).map_err(|e| e.to_string())?;
    println!("correct {correct}");
    Ok(())
}

fn drive(address: &str, connections: usize, span: Duration) -> std::io::Result<u64> {
    let request = format!("GET /json HTTP/1.1\r\nhost: {address}\r\nuser-agent: bare\r\n\r\n");
    let request = request.as_bytes();
    let watch = epoll::create(CreateFlags::CLOEXEC)?;
    let sockets: Vec<TcpStream> = (0..connections)
        .map(|_| TcpStream::connect(address))
        .collect::<Result<_, _>>()?;
    for (index, socket) in sockets.iter().enumerate() {
        socket.set_nodelay(true)?;
        socket.set_nonblocking(true)?;
        epoll::add(&watch, socket, EventData::new_u64(index as u64), EventFlags::IN)?;
        send(socket, request, SendFlags::NOSIGNAL)?;
    }
    let end = Instant::now() + span;
    let mut responses = 0;
    let mut buffer = vec![0; 64 * 1024];
    while Instant::now() < end {
        let mut events = [const { MaybeUninit::<Event>::uninit() }; 256];
        let (ready, _) = epoll::wait(&watch, &mut events, None)?;
        for event in ready.iter() {
            let data = event.data;
            let socket = &sockets[data.u64() as usize];
            recv(socket, &mut buffer[..], RecvFlags::empty())?;
            send(socket, request, SendFlags::NOSIGNAL)?;
            responses += 1;
        }
    }
    Ok(responses)
}
