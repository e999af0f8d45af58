//! A client of server-sent events, byte by byte, as
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html> says.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

/// A stream that is being heard.
pub struct Listener {
    reader: BufReader<TcpStream>,
    /// The status of the answer.
    pub status: u16,
    /// The head of the answer, in lower case.
    pub head: String,
    /// What the server said of how long to wait before coming back, in
    /// milliseconds.
    pub retry: Option<u64>,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Its place, if it has one.
    pub id: Option<u32>,
    /// What happened.
    pub name: String,
    /// The rest.
    pub data: Value,
}

impl Listener {
    /// Asks `address` for the stream at `path`, after the event `last`.
    ///
    /// # Errors
    ///
    /// When there is no answer.
    pub fn open(address: &str, path: &str, token: &str, last: Option<u32>) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(address).context("nobody listens")?;
        stream.set_read_timeout(Some(Duration::from_secs(40)))?;
        let last = last.map(|it| format!("Last-Event-ID: {it}\r\n")).unwrap_or_default();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: lodge\r\nAuthorization: Bearer {token}\r\n\
             Accept: text/event-stream\r\nAccept-Encoding: gzip\r\n{last}\r\n"
        )?;
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            ensure!(reader.read_line(&mut head)? > 0, "the answer ended in its head: {head}");
        }
        let status = head.get(9..12).and_then(|it| it.parse().ok()).context("no status")?;
        Ok(Self { reader, status, head: head.to_lowercase(), retry: None })
    }

    /// The next event; `None` when the stream has ended.
    ///
    /// # Errors
    ///
    /// When nothing comes, or something else than events.
    pub fn hear(&mut self) -> anyhow::Result<Option<Heard>> {
        let (mut id, mut name, mut data) = (None, String::new(), None);
        loop {
            let Some(line) = self.line()? else { return Ok(None) };
            if line.is_empty() {
                match data {
                    Some(data) => return Ok(Some(Heard { id, name, data })),
                    None => continue,
                }
            }
            match line.split_once(": ").context("a line without a field")? {
                ("id", text) => id = Some(text.parse()?),
                ("event", text) => text.clone_into(&mut name),
                ("data", text) => data = Some(serde_json::from_str(text)?),
                ("retry", text) => self.retry = Some(text.parse()?),
                (other, _) => bail!("`{other}` is no field"),
            }
        }
    }

    /// The next event with a place, whatever heartbeats come.
    ///
    /// # Errors
    ///
    /// As [`hear`](Self::hear).
    pub fn hear_told(&mut self) -> anyhow::Result<Option<Heard>> {
        let begun = Instant::now();
        loop {
            match self.hear()? {
                Some(heard) if heard.id.is_none() => {
                    ensure!(begun.elapsed() < Duration::from_mins(1), "only heartbeats came");
                }
                other => return Ok(other),
            }
        }
    }

    /// A line out of the chunks of the answer. `None` at its end.
    fn line(&mut self) -> anyhow::Result<Option<String>> {
        // Each piece is a chunk, and each chunk whole lines.
        loop {
            let mut line = String::new();
            if self.reader.read_line(&mut line).unwrap_or_default() == 0 {
                return Ok(None);
            }
            let line = line.trim_end_matches(['\r', '\n']);
            if line == "0" {
                return Ok(None);
            }
            let is_size = !line.is_empty() && line.chars().all(|it| it.is_ascii_hexdigit());
            if is_size {
                continue;
            }
            return Ok(Some(line.to_owned()));
        }
    }
}
