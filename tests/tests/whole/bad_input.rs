//! What no well-behaved client sends. The gateway must answer or hang up, and
//! go on.

use std::{
    thread,
    time::{Duration, Instant},
};

use end_to_end::{
    Server, Setup,
    raw::{Raw, Reply},
};
use tempfile::TempDir;

/// Much more than any endpoint takes.
const HUGE: usize = 100 * 1_024 * 1_024;

/// A gateway with nothing to read.
struct Target {
    server: Server,
    _data: TempDir,
}

impl Target {
    fn start() -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        Ok(Self { server: Setup::new(data.path())?.start()?, _data: data })
    }

    fn connect(&self) -> anyhow::Result<Raw> {
        Raw::connect(self.server.address())
    }

    /// Sends `request`, takes the answer, and makes sure that others are still
    /// served.
    fn ask(&self, request: &[u8]) -> anyhow::Result<Reply> {
        let mut connection = self.connect()?;
        connection.send(request);
        let reply = connection.rest();
        self.is_well()?;
        Ok(reply)
    }

    fn is_well(&self) -> anyhow::Result<()> {
        assert_eq!(self.server.client().get("/health")?.status, 200);
        Ok(())
    }
}

/// The head of a `POST` of JSON.
fn post(path: &str, headers: &str) -> Vec<u8> {
    let kind = "Content-Type: application/json";
    format!("POST {path} HTTP/1.1\r\nHost: lodge\r\n{kind}\r\n{headers}\r\n\r\n").into_bytes()
}

#[test]
fn a_mebibyte_of_head_is_refused() -> anyhow::Result<()> {
    let target = Target::start()?;
    let filler = format!("X-Filler: {}\r\n", "a".repeat(1_012)).repeat(1_024);
    let long = "a".repeat(1 << 20);
    for head in [
        format!("GET /health HTTP/1.1\r\nHost: lodge\r\n{filler}\r\n"),
        format!("GET /health HTTP/1.1\r\nHost: lodge\r\nX-Filler: {long}\r\n\r\n"),
        format!("GET /{long} HTTP/1.1\r\nHost: lodge\r\n\r\n"),
    ] {
        let reply = target.ask(head.as_bytes())?;
        // The server listens on until its answer was read.
        assert_eq!((reply.statuses(), reply.reset), (vec![431], false), "{reply:?}");
        assert!(reply.text.contains("\"INVALID_REQUEST\""), "{reply:?}");
    }
    Ok(())
}

#[test]
fn a_body_that_says_that_it_is_huge_is_refused_before_it_comes() -> anyhow::Result<()> {
    let target = Target::start()?;
    let began = Instant::now();
    let reply = target.ask(&post("/oauth/token", &format!("Content-Length: {HUGE}")))?;
    assert_eq!(reply.statuses(), [413], "{reply:?}");
    assert!(reply.text.contains("\"INVALID_REQUEST\""), "{reply:?}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    Ok(())
}

#[test]
fn a_body_that_does_not_say_how_huge_it_is_is_refused() -> anyhow::Result<()> {
    let target = Target::start()?;
    let mut connection = target.connect()?;
    assert!(connection.send(&post("/oauth/token", "Transfer-Encoding: chunked")));
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x1_0000));
    for _ in 0..HUGE / 0x1_0000 {
        if !connection.send(chunk.as_bytes()) {
            break;
        }
    }
    let reply = connection.finish();
    assert!(reply.statuses() == [413] || reply.reset, "{reply:?}");
    target.is_well()
}

#[test]
fn who_sends_too_slowly_is_cut_off() -> anyhow::Result<()> {
    let target = Target::start()?;
    let body = [post("/oauth/token", "Content-Length: 9"), b"{".to_vec()].concat();
    let head = b"GET /health HTTP/1.1\r\nHost: lo".to_vec();
    thread::scope(|scope| {
        for begun in [head, body, Vec::new()] {
            let target = &target;
            scope.spawn(move || {
                let mut connection = target.connect().unwrap();
                assert!(connection.send(&begun));
                let began = Instant::now();
                let reply = connection.rest();
                // The server's patience is 10 s; ours ends after 20 s.
                assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
                assert_eq!(reply.statuses(), [408], "{reply:?}");
                assert!(reply.text.contains("\"INVALID_REQUEST\""), "{reply:?}");
            });
        }
    });
    target.is_well()
}

#[test]
fn what_is_not_http_is_refused() -> anyhow::Result<()> {
    let target = Target::start()?;
    for broken in [
        "\x16\x03\x01\x02\x00\x01\r\n\r\n",
        "GET /health\r\n\r\n",
        "GET /health HTTP/9.9\r\nHost: lodge\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost lodge\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: lodge\r\nX: \0\r\n\r\n",
        "GET /he alth HTTP/1.1\r\nHost: lodge\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST /oauth/token HTTP/1.1\r\nHost: lodge\r\nContent-Length: -5\r\n\r\n",
    ] {
        let reply = target.ask(broken.as_bytes())?;
        assert_eq!(reply.statuses(), [400], "{broken:?}: {reply:?}");
        assert!(reply.text.contains("\"INVALID_REQUEST\""), "{broken:?}: {reply:?}");
    }
    Ok(())
}

/// Two ways to read where a body ends would let one client's bytes be taken
/// for another's request: <https://www.rfc-editor.org/rfc/rfc9112#section-11.2>.
#[test]
fn a_body_with_two_ends_is_refused() -> anyhow::Result<()> {
    let target = Target::start()?;
    let inner = "GET /v1/providers HTTP/1.1\r\nHost: lodge\r\n\r\n";
    for headers in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Content-Length: 4\r\nContent-Length: 9",
        "Transfer-Encoding: chunked\r\nContent-Length: 0",
    ] {
        let request = [post("/oauth/token", headers), b"0\r\n\r\n".to_vec(), inner.into()].concat();
        let reply = target.ask(&request)?;
        assert_eq!(reply.statuses(), [400], "{headers}: {reply:?}");
    }
    Ok(())
}

#[test]
fn the_old_protocol_and_pipelines_are_understood() -> anyhow::Result<()> {
    let target = Target::start()?;
    let reply = target.ask(b"GET /health HTTP/1.0\r\n\r\n")?;
    assert_eq!((reply.statuses(), reply.reset), (vec![200], false), "{reply:?}");

    let one = |path: &str, last: &str| format!("GET {path} HTTP/1.1\r\nHost: lodge\r\n{last}\r\n");
    let paths = ["/health", "/nowhere", "/v1/me"].map(|it| one(it, "")).concat();
    let reply = target.ask((paths + &one("/health", "Connection: close\r\n")).as_bytes())?;
    assert_eq!((reply.statuses(), reply.reset), (vec![200, 404, 401, 200], false), "{reply:?}");
    Ok(())
}
