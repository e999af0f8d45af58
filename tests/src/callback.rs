//! An app that wants to be called.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use anyhow::Context as _;
use serde_json::{Value, json};

/// Listens on a free port of this machine, passes every challenge, and takes
/// everything else.
#[derive(Debug)]
pub struct Callback {
    /// Where it is called.
    pub url: String,
    heard: Receiver<Call>,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its headers; names in small letters.
    pub headers: Vec<(String, String)>,
    /// Its body, byte by byte.
    pub body: String,
}

impl Call {
    /// A header. Empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value)
    }
}

impl Callback {
    /// Begins to listen.
    ///
    /// # Errors
    ///
    /// When there is no free port.
    pub fn listen() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}/called", listener.local_addr()?);
        let (tell, heard) = channel();
        // Ends with the test's process.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // Who hangs up in between will call again.
                let _ = answer(stream, &tell);
            }
        });
        Ok(Self { url, heard })
    }

    /// The next call that is no challenge, within twenty seconds.
    ///
    /// # Errors
    ///
    /// When nobody calls.
    pub fn next(&self) -> anyhow::Result<Call> {
        self.heard.recv_timeout(Duration::from_secs(20)).context("nobody called")
    }
}

fn answer(stream: TcpStream, tell: &Sender<Call>) -> anyhow::Result<()> {
    let mut from = BufReader::new(stream);
    let mut line = String::new();
    from.read_line(&mut line)?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        from.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let mut call = Call { headers, body: String::new() };
    let length: u64 = call.header("content-length").parse()?;
    (&mut from).take(length).read_to_string(&mut call.body)?;
    let told: Value = serde_json::from_str(&call.body)?;
    let said = json!({ "challenge": told.pointer("/data/challenge") }).to_string();
    let is_challenge = told.get("type") == Some(&json!("challenge"));
    let mut to = from.into_inner();
    write!(
        to,
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{said}",
        said.len()
    )?;
    if !is_challenge {
        tell.send(call)?;
    }
    Ok(())
}
