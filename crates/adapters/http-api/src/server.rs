//! The listeners: the server library around the surface, and a door in front
//! of it.
//!
//! What the library refuses before any handler (a head that is too large, too
//! slow, or no HTTP) it answers bare, and hangs up while the client may still
//! be sending. The `door` writes the canonical error in the place of such an
//! answer, and listens until the client has read it.

mod answers;
mod door;
mod refusal;

use std::{future::ready, io, net::TcpListener, time::Duration};

use actix_http::{Extensions, HttpService, error::DispatchError};
use actix_server::Server;
use actix_service::{IntoServiceFactory as _, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::{
    App,
    dev::AppConfig,
    middleware::from_fn,
    rt::net::TcpStream,
    web::{self, Data, ServiceConfig},
};

pub(crate) use self::door::Asked;
use self::door::Door;
use crate::{Surface, middleware, routes};

/// How long the head of a request may take.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// How long a client may take to hang up after we did.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long requests in flight may take to finish at the end, in seconds.
const LAST_PATIENCE: u64 = 25;

/// Serves what `configure` says on `listener`, until it is told to stop.
/// `workers` is how many threads; one for each core when `None`.
///
/// # Errors
///
/// When the listener cannot be used.
pub fn serve(
    surface: &Data<Surface>,
    listener: TcpListener,
    workers: Option<usize>,
    configure: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
) -> io::Result<Server> {
    let address = listener.local_addr()?;
    let surface = Data::clone(surface);
    let mut builder = Server::build().disable_signals().shutdown_timeout(LAST_PATIENCE);
    if let Some(workers) = workers {
        builder = builder.workers(workers);
    }
    let stopping = builder.graceful_shutdown_signal();
    let server = builder.listen("http", listener, move || {
        let app = App::new()
            .app_data(Data::clone(&surface))
            .wrap(from_fn(middleware::around))
            .configure(configure.clone())
            .default_service(web::to(routes::not_found));
        let app = app.into_factory().map_err(|error| error.error_response());
        let stopping = stopping.clone();
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .client_request_timeout(HEAD_PATIENCE)
            .client_disconnect_timeout(FAREWELL)
            .local_addr(address)
            .on_connect_ext(|door: &Door, known: &mut Extensions| {
                known.insert(door.asked());
            })
            .h1(map_config(app, |()| AppConfig::default()));
        let surface = Data::clone(&surface);
        let enter = move |stream: TcpStream| {
            let peer = stream.peer_addr().ok();
            // Answers are written whole: waiting for more only delays them.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "a connection is gone");
            }
            ready(Ok::<_, DispatchError>((Door::new(stream, Data::clone(&surface)), peer)))
        };
        fn_service(enter).and_then(http)
    })?;
    Ok(server.run())
}
