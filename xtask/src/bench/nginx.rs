//! The yardstick: nginx that passes a fixed body on from another nginx.

use std::{
    fs::{self, File},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use crate::{
    debian::is_root,
    programs::{Needed, ensure, in_path},
    scratch::{Scratch, Stop},
};

const NEEDED: Needed = Needed {
    what: "nginx",
    debian_package: "nginx-light",
    elsewhere: "see https://nginx.org/en/download.html",
};

/// A running pair of servers; dropping it stops both.
pub(super) struct Nginx {
    /// Where the passing one listens.
    pub url: String,
    /// Where the one listens that it asks.
    pub upstream: String,
    _scratch: Scratch,
}

impl Nginx {
    /// Starts both; the upstream answers everything with `body`, but for `others`
    /// below `/api/v1/`, each a path and what is answered there.
    pub(super) fn serve(body: &str, others: &[(String, String)]) -> anyhow::Result<Self> {
        let program = ensure(&NEEDED, || in_path("nginx"))?;
        let mut scratch = Scratch::open("nginx", 200)?;
        let (proxy, upstream) = (free_port()?, free_port()?);
        fs::write(scratch.folder.join("body.json"), body)?;
        for (path, body) in others {
            let file = scratch.folder.join("api/v1").join(format!("{path}.json"));
            fs::create_dir_all(file.parent().unwrap_or(&scratch.folder))?;
            fs::write(file, body)?;
        }
        let configuration = scratch.folder.join("nginx.conf");
        fs::write(&configuration, configured(&scratch.folder, proxy, upstream, is_root()))?;
        let log = File::create(scratch.folder.join("log"))?;
        let mut nginx = Command::new(program);
        nginx.arg("-c").arg(&configuration).arg("-p").arg(&scratch.folder);
        nginx.stdout(log.try_clone()?).stderr(log);
        scratch.house(&mut nginx, Stop::Quit)?;

        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", proxy)).is_err() {
            if !scratch.all_alive() || started.elapsed() > Duration::from_secs(10) {
                let said = fs::read_to_string(scratch.folder.join("log")).unwrap_or_default();
                bail!("nginx did not start: {}", said.trim());
            }
            thread::sleep(Duration::from_millis(20));
        }
        let at = |port| format!("http://127.0.0.1:{port}");
        Ok(Self { url: at(proxy), upstream: at(upstream), _scratch: scratch })
    }
}

/// A port that was free a moment ago.
fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("there is no free port")?;
    Ok(listener.local_addr()?.port())
}

/// Without `keepalive` and HTTP/1.1 to the upstream, nginx would open a connection
/// for each request, and the comparison would flatter us.
fn configured(folder: &Path, proxy: u16, upstream: u16, as_root: bool) -> String {
    let folder = folder.display();
    let user = if as_root { "user root;\n" } else { "" };
    format!(
        r#"{user}worker_processes auto;
daemon off;
pid {folder}/pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/client;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 100000000;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=16 inactive=1h;
    open_file_cache_valid 1h;
    upstream fixed {{
        server 127.0.0.1:{upstream};
        keepalive 64;
        keepalive_requests 100000000;
    }}
    server {{
        listen 127.0.0.1:{upstream};
        root {folder};
        default_type application/json;
        location /api/v1/ {{ try_files $uri.json /body.json =404; }}
        location / {{ try_files /body.json =404; }}
    }}
    server {{
        listen 127.0.0.1:{proxy};
        location / {{
            proxy_pass http://fixed;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
}}
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_yardstick_is_the_one_that_was_agreed() {
        let text = configured(Path::new("/tmp/x"), 1, 2, true);
        for part in ["user root;", "proxy_http_version 1.1;", "Connection \"\"", "keepalive 64;"] {
            assert!(text.contains(part), "{part}");
        }
        assert!(!configured(Path::new("/tmp/x"), 1, 2, false).contains("user root"));
    }
}
