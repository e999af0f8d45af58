//! The same surface behind a real socket, for what only a connection shows.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use actix_web::{rt::task::spawn_blocking, web::Data};
use lodge_http_api::{routes, server};

use super::{House, Tested};

impl House {
    /// Sends bytes to a server of its own, and answers everything that came
    /// back until it closed the connection.
    pub(crate) async fn raw(&self, request: String) -> Tested<String> {
        let surface = self.surface();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let endpoints = routes::configure(Data::clone(&surface));
        let server = server::serve(&surface, listener, Some(1), endpoints)?;
        let handle = server.handle();
        let running = actix_web::rt::spawn(server);
        let answer = spawn_blocking(move || talk(address, &request)).await?;
        handle.stop(false).await;
        running.await??;
        Ok(answer?)
    }
}

fn talk(address: SocketAddr, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    // A server that has read enough may close before it got everything.
    let _ = stream.write_all(request.as_bytes());
    let mut answer = Vec::new();
    while answer.len() < 1_000_000 {
        let mut chunk = [0; 4_096];
        match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => answer.extend(chunk.iter().take(n)),
            Err(_closed) if !answer.is_empty() => break,
            Err(error) => return Err(error),
        }
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
