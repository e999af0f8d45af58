//! What an idle listener costs at the least: a bare server of the same library
//! and allocator, whose every answer is a stream without an end, with the bytes
//! and the beat of the streams of jobs. Says where it listens, and goes on until
//! it is told to stop.
#![expect(clippy::print_stdout, reason = "the answer of this program")]

use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::TcpListener,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    App, HttpResponse, HttpServer,
    body::{BodySize, MessageBody},
    web::{self, Bytes},
};
use tokio::time::{Instant, Interval, interval_at};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often a listener hears that somebody is there.
const BEAT: Duration = Duration::from_secs(15);

/// A body without an end.
struct Beats {
    /// Nothing was sent yet.
    fresh: bool,
    beat: Interval,
}

impl MessageBody for Beats {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        if self.fresh {
            self.fresh = false;
            return Poll::Ready(Some(Ok(Bytes::from_static(b"retry: 2000\n\n"))));
        }
        let heartbeat = Bytes::from_static(b"event: heartbeat\ndata: {}\n\n");
        self.beat.poll_tick(cx).map(|_at| Some(Ok(heartbeat)))
    }
}

fn listen() -> Ready<HttpResponse> {
    let body = Beats { fresh: true, beat: interval_at(Instant::now() + BEAT, BEAT) };
    ready(HttpResponse::Ok().content_type("text/event-stream").body(body))
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = HttpServer::new(|| App::new().default_service(web::to(listen)));
    let server = server.listen(listener)?.run();
    println!("listening on http://{address}");
    server.await?;
    Ok(())
}
