//! What stands between a connection and the server library.

use std::{
    cell::RefCell,
    collections::VecDeque,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use actix_web::{rt::net::TcpStream, web::Data};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    runtime::Handle,
    time::timeout,
};

use super::{answers::Answers, refusal};
use crate::Surface;

/// How long a client that was refused may go on sending before we hang up:
/// who is cut off while sending does not see the answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How much it may send in that time.
const MOST_BYTES: usize = 16 * 1_024 * 1_024;

/// For each answer of ours, in their order: it is one to `HEAD`. Handed to the
/// middleware through the connection.
#[derive(Clone, Default)]
pub(crate) struct Asked(Rc<RefCell<VecDeque<bool>>>);

impl Asked {
    /// More answers than the server library works on at a time.
    const MOST: usize = 64;

    /// Takes note of an answer to come.
    pub(crate) fn note(&self, head: bool) {
        let mut asked = self.0.borrow_mut();
        // Behind a body without an end nobody takes them out again.
        if asked.len() < Self::MOST {
            asked.push_back(head);
        }
    }

    fn next_is_head(&self) -> bool {
        self.0.borrow_mut().pop_front().unwrap_or_default()
    }
}

/// A connection whose bare refusals become canonical ones.
pub(super) struct Door {
    /// Taken out when the door closes.
    stream: Option<TcpStream>,
    surface: Data<Surface>,
    answers: Answers,
    asked: Asked,
    /// So many bytes of what is to be written were looked at, and may pass.
    cleared: usize,
    refusal: Option<Refusal>,
}

/// A refusal that is being written.
struct Refusal {
    /// The bytes of the library's answer that it stands for.
    stands_for: usize,
    answer: Vec<u8>,
    written: usize,
}

impl Door {
    pub(super) fn new(stream: TcpStream, surface: Data<Surface>) -> Self {
        Self {
            stream: Some(stream),
            surface,
            answers: Answers::new(),
            asked: Asked::default(),
            cleared: 0,
            refusal: None,
        }
    }

    pub(super) fn asked(&self) -> Asked {
        self.asked.clone()
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let closed = || io::Error::from(io::ErrorKind::NotConnected);
        self.stream.as_mut().map(Pin::new).ok_or_else(closed)
    }

    /// Looks at what was not looked at before.
    fn look(&mut self, bytes: &[u8]) {
        let Some(fresh) = bytes.get(self.cleared..).filter(|_| self.refusal.is_none()) else {
            return;
        };
        let bare = self.answers.read(fresh, || self.asked.next_is_head());
        self.cleared += bare.as_ref().map_or(fresh.len(), |it| it.place.start);
        self.refusal = bare.map(|it| Refusal {
            stands_for: it.place.len(),
            answer: refusal::answer(&self.surface, it.status),
            written: 0,
        });
    }
}

impl AsyncRead for Door {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream()?.poll_read(cx, into)
    }
}

impl AsyncWrite for Door {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let door = &mut *self;
        door.look(bytes);
        if let Some(cleared) = bytes.get(..door.cleared).filter(|it| !it.is_empty()) {
            let written = ready!(door.stream()?.poll_write(cx, cleared))?;
            door.cleared -= written;
            return Poll::Ready(Ok(written));
        }
        let Some(mut refusal) = door.refusal.take() else {
            return door.stream()?.poll_write(cx, bytes);
        };
        let stands_for = refusal.stands_for.min(bytes.len());
        let outcome = loop {
            let rest = refusal.answer.get(refusal.written..).unwrap_or_default();
            if rest.is_empty() {
                break Poll::Ready(Ok(stands_for));
            }
            match door.stream()?.poll_write(cx, rest) {
                Poll::Ready(Ok(written)) if written > 0 => refusal.written += written,
                Poll::Ready(Ok(_)) => break Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Err(error)) => break Poll::Ready(Err(error)),
                Poll::Pending => break Poll::Pending,
            }
        };
        door.refusal = Some(refusal);
        outcome
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(cx)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let (Some(stream), Some(_)) = (self.stream.take(), &self.refusal) else { return };
        // At the very end there is no runtime, and nobody to wait for.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(timeout(PATIENCE, see_off(stream)));
        }
    }
}

/// Says that nothing more comes, and reads what still does.
async fn see_off(mut stream: TcpStream) {
    // One that is gone needs no farewell.
    let _ = stream.shutdown().await;
    let mut sink = vec![0; 64 * 1_024];
    let mut read = 0;
    while read < MOST_BYTES {
        match stream.read(&mut sink).await {
            Ok(1..) => read += sink.len(),
            Ok(_) | Err(_) => return,
        }
    }
}
