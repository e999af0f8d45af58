//! P10: what a client costs that listens to a job which tells nothing, beside one
//! of a bare server of the same library that does nothing else.

use std::{
    fs::File,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
    thread,
    time::Duration,
};

use anyhow::{Context, bail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;

use super::Outcome;
use crate::{
    bench::{
        Bench, build,
        gateway::{Gateway, StartError, memory_mib, wait_for_address},
        http::{Client, text_at},
        protocol::median,
        repositories,
    },
    scratch::{Scratch, Stop},
};

/// Clients that come before anything is looked at: what is made once, for the
/// first of them, is none of their cost.
const FIRST: u32 = 100;
/// How long a client waits for what it is to hear: more than two heartbeats.
const PATIENCE: Duration = Duration::from_secs(40);
/// What was taken for a moment only is given back after it.
const REST: Duration = Duration::from_secs(2);
/// With what a teacher listens.
const TOKEN: &str = "the-course-token-of-the-measurement";
/// What every stream begins with, and what it tells when there is nothing.
const BEGINNING: &str = "retry:";
const BEAT: &str = "heartbeat";

const BYTES_PER_MIB: f64 = 1024.0 * 1024.0;

pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let clients: u32 = if bench.quick { 1_000 } else { 10_000 };
    // Beside the connections, a server has its database and its listeners open.
    if let Some(reason) = allow_open_files(u64::from(clients + FIRST) + 500) {
        return Ok(Outcome::NotMeasurable { reason });
    }
    let server = build::server(bench)?;
    let bare = build::example(bench, "lodge-server", "bare_stream")?;
    let folder = Scratch::open("repositories", 200)?;
    repositories::make(&folder.folder.join("one.git"), 20)?;

    let (mut own, mut least) = (Vec::new(), Vec::new());
    let series = bench.protocol.compare(
        bench,
        |_| {
            let bytes = ours(bench, &server, &folder.folder, clients)?;
            own.push(bytes);
            Ok(bytes)
        },
        |_| {
            let bytes = theirs(&bare, clients)?;
            least.push(bytes);
            Ok(bytes)
        },
    )?;
    Ok(Outcome::Measured {
        figure: series.figure(),
        details: format!(
            "{}; {clients} clients, {:.1} and {:.1} KiB each; {}",
            series.spread(),
            median(&own) / 1024.0,
            median(&least) / 1024.0,
            if bench.postgres { "PostgreSQL" } else { "embedded store" }
        ),
    })
}

/// Lets this process and those that it starts keep so many files open; says why
/// not, and what to do, when they may not.
fn allow_open_files(files: u64) -> Option<String> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|it| it >= files) {
        return None;
    }
    let raised = Rlimit { current: Some(files), ..limit };
    setrlimit(Resource::Nofile, raised).err().map(|error| {
        format!(
            "{files} files must be open at once ({error}): raise the limit with `ulimit -Hn {files}`"
        )
    })
}

/// What a client costs us, in bytes. The server is a new one each time: what it
/// keeps of those who left would hide what the next ones cost.
fn ours(bench: &Bench<'_>, server: &Path, folder: &Path, clients: u32) -> anyhow::Result<f64> {
    let token = format!("--teacher-api-token={TOKEN}");
    // Nobody works on jobs here, so that the one listened to waits for ever.
    let flags = ["--role=api", token.as_str()];
    let gateway = Gateway::start(bench, server, folder, &flags).map_err(StartError::into_error)?;
    let mut teacher = Client::new(&gateway.url);
    teacher.bearer = Some(TOKEN.to_owned());
    let job = teacher.post_json("/api/v1/jobs/rehearsal", &json!({}))?;
    let job = job.json().context("the job was refused")?;
    let job = text_at(&job, "id").context("the job has no id")?;
    cost(&gateway.url, &format!("/api/v1/jobs/{job}/stream"), clients, || gateway.memory_mib())
}

/// What a client costs the bare server, in bytes.
fn theirs(program: &Path, clients: u32) -> anyhow::Result<f64> {
    let mut scratch = Scratch::open("bare-stream", 200)?;
    let said = scratch.folder.join("said");
    let log = File::create(&said).context("the bare server's log cannot be written")?;
    let mut bare = Command::new(program);
    bare.stdout(log.try_clone()?).stderr(log);
    // Streams without an end would hold up a gentle stop.
    scratch.house(&mut bare, Stop::Quit)?;
    let url = wait_for_address(&mut scratch, &said, "listening on ");
    let url = url.map_err(StartError::into_error)?;
    cost(&url, "/", clients, || memory_mib(&scratch))
}

/// By how much the memory of a server grows for each of `clients` that listen at
/// `path`, in bytes, once all of them have heard a heartbeat.
fn cost(
    url: &str,
    path: &str,
    clients: u32,
    memory_mib: impl Fn() -> anyhow::Result<f64>,
) -> anyhow::Result<f64> {
    let address = url.strip_prefix("http://").context("the address is not of HTTP")?;
    let come = |count: u32| {
        (0..count).map(|_| listen(address, path)).collect::<anyhow::Result<Vec<TcpStream>>>()
    };
    let _first = come(FIRST)?;
    thread::sleep(REST);
    let before = memory_mib()?;
    let mut listeners = come(clients)?;
    // Who came last hears it last.
    hear(listeners.last_mut().context("nobody came")?, BEAT)?;
    thread::sleep(REST);
    Ok((memory_mib()? - before) * BYTES_PER_MIB / f64::from(clients))
}

/// A client that has heard the beginning of the stream at `path`.
fn listen(address: &str, path: &str) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).context("a client cannot connect")?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {TOKEN}\r\n\
         Accept: text/event-stream\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    hear(&mut stream, BEGINNING)?;
    Ok(stream)
}

/// Reads `stream` until it tells `mark`.
fn hear(stream: &mut impl Read, mark: &str) -> anyhow::Result<()> {
    let (mut heard, mut piece) = (String::new(), [0_u8; 2_048]);
    while !heard.contains(mark) {
        let read = stream.read(&mut piece).with_context(|| format!("no {mark} came: {heard}"))?;
        if read == 0 {
            bail!("a stream ended: {heard}");
        }
        heard.push_str(&String::from_utf8_lossy(piece.get(..read).unwrap_or_default()));
        if heard.starts_with("HTTP/") && !heard.starts_with("HTTP/1.1 200 ") {
            bail!("a stream was refused: {heard}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_heard_until_its_mark_and_no_refusal_is_taken_for_one() {
        let told = "HTTP/1.1 200 OK\r\n\r\nd\r\nretry: 2000\n\n\r\n";
        assert!(hear(&mut told.as_bytes(), BEGINNING).is_ok());
        let ended = hear(&mut told.as_bytes(), BEAT).unwrap_err().to_string();
        assert!(ended.starts_with("a stream ended"), "{ended}");
        let refused = "HTTP/1.1 401 Unauthorized\r\n\r\nretry: never";
        let refused = hear(&mut refused.as_bytes(), BEGINNING).unwrap_err().to_string();
        assert!(refused.starts_with("a stream was refused"), "{refused}");
    }

    #[test]
    fn more_files_than_any_system_has_are_refused_with_what_to_do() {
        let reason = allow_open_files(u64::MAX - 1);
        let unlimited = getrlimit(Resource::Nofile).current.is_none();
        assert!(unlimited || reason.is_some_and(|it| it.contains("ulimit -Hn")));
        assert_eq!(allow_open_files(3), None);
    }
}
