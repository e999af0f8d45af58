//! HTTP as bytes, for what no client would send.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpStream},
    time::Duration,
};

use anyhow::Context as _;

/// One connection.
#[derive(Debug)]
pub struct Raw(TcpStream);

/// What came back before the connection was closed.
#[derive(Debug)]
pub struct Reply {
    /// The bytes, as text.
    pub text: String,
    /// The connection was reset, rather than closed.
    pub reset: bool,
}

impl Raw {
    /// Connects to `address`. Nothing is waited for longer than 20 seconds.
    ///
    /// # Errors
    ///
    /// When nobody listens there.
    pub fn connect(address: &str) -> anyhow::Result<Self> {
        let stream =
            TcpStream::connect(address).with_context(|| format!("connecting {address}"))?;
        let patience = Some(Duration::from_secs(20));
        stream.set_read_timeout(patience)?;
        stream.set_write_timeout(patience)?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    /// Sends bytes; `false` when the other side takes no more.
    pub fn send(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).is_ok()
    }

    /// Says that no more is sent, and reads until the other side is done, too.
    pub fn finish(self) -> Reply {
        // One that was closed by the other side cannot be shut down again.
        let _ = self.0.shutdown(Shutdown::Write);
        self.rest()
    }

    /// Reads until the other side is done.
    pub fn rest(mut self) -> Reply {
        let mut bytes = Vec::new();
        let reset = self.0.read_to_end(&mut bytes).is_err();
        Reply { text: String::from_utf8_lossy(&bytes).into_owned(), reset }
    }

    /// Reads one buffer's worth.
    ///
    /// # Errors
    ///
    /// When nothing comes.
    pub fn some(&mut self) -> anyhow::Result<String> {
        let mut buffer = vec![0; 64 * 1_024];
        let n = self.0.read(&mut buffer).context("nothing came")?;
        buffer.truncate(n);
        Ok(String::from_utf8_lossy(&buffer).into_owned())
    }
}

impl Reply {
    /// The statuses of all answers, in their order.
    pub fn statuses(&self) -> Vec<u16> {
        let heads = self.text.split("HTTP/1.").skip(1);
        heads.filter_map(|it| it.get(2..5)?.parse().ok()).collect()
    }
}
