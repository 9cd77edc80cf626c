//! The server that all clients drive: nginx with one worker, on core 1, which responds with a small JSON text.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// A running nginx; dropping it stops it and removes its folder.
pub(crate) struct Nginx {
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl Nginx {
    pub(crate) fn start() -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("bakeoff-peers-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|e| format!("`{}`: {e}", folder.display()))?;
        let port = free_port()?;
        let file = folder.join("nginx.conf");
        fs::write(&file, configuration(&folder.display().to_string(), port)).map_err(|e| e.to_string())?;
        let child = Command::new("taskset")
            .args(["-c", "1", "nginx", "-e", "stderr", "-c"])
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| {
                format!(
                    "taskset and nginx are needed (on Debian: `apt-get install util-linux nginx-light`): {e}"
                )
            })?;
        let server = Self { child, folder, port };
        for _ in 0..100 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Ok(server);
            }
            sleep(Duration::from_millis(50));
        }
        Err("nginx does not listen within five seconds".to_owned())
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/json", self.address())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // If this fails, the process has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
        drop(fs::remove_dir_all(&self.folder));
    }
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|e| e.to_string())?;
    listener
        .local_addr()
        .map(|address| address.port())
        .map_err(|e| e.to_string())
}

fn configuration(folder: &str, port: u16) -> String {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {folder}/{kind};"));
    format!(
        "master_process off; daemon off; pid {folder}/pid; worker_rlimit_nofile 30000;
events {{ worker_connections 20000; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 600; {}
  server {{ listen 127.0.0.1:{port} backlog=4096; location /json {{ default_type application/json; return 200 '{{\"message\":\"Hello, World!\"}}'; }} }}
}}",
        temporary.join(" ")
    )
}
