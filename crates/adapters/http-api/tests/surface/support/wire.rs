//! The same surface behind a real socket, for what only a connection shows.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use actix_web::{
    App, HttpServer,
    middleware::from_fn,
    rt::task::spawn_blocking,
    web::{self, Data},
};
use lodge_http_api::{middleware, routes};

use super::{House, Tested};

impl House {
    /// Sends bytes to a server of its own, and answers everything that came
    /// back until it closed the connection.
    pub(crate) async fn raw(&self, request: String) -> Tested<String> {
        let surface = self.surface();
        let endpoints = routes::configure(Data::clone(&surface));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(Data::clone(&surface))
                .wrap(from_fn(middleware::around))
                .configure(&endpoints)
                .default_service(web::to(routes::not_found))
        });
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let server = server.workers(1).disable_signals().listen(listener)?.run();
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
