//! SIGTERM while there is work.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use end_to_end::{App, Server, Setup, raw::Raw};

use crate::reading::{Shelf, repositories};

/// What an orchestrator can count on when nothing hangs.
const SOON: Duration = Duration::from_secs(5);

#[test]
fn requests_in_flight_are_answered_before_it_stops() -> anyhow::Result<()> {
    let (shelf, data) = (Shelf::with_commits(250)?, tempfile::tempdir()?);
    let setup = Setup::new(data.path())?.repositories(shelf.path()).with("--rate-limit=0");
    let server = setup.start()?;
    let app = App::register_in(&server, data.path())?;
    let token = app.obtain_access(&server, &["college/library"])?.token;
    let (_, library) = repositories(&mut server.client().bearing(&token))?.remove(0);
    let request = format!(
        "GET {library}/commits?limit=100 HTTP/1.1\r\nHost: lodge\r\nAuthorization: Bearer {token}\r\n\
         Connection: close\r\n\r\n"
    );
    // Half of a request: its handler waits for the other half.
    let mut half = Raw::connect(server.address())?;
    assert!(half.send(b"POST /oauth/token HTTP/1.1\r\nHost: lodge\r\nContent-Length: 18\r\n"));
    assert!(half.send(b"Content-Type: application/json\r\n\r\n{\"grant"));

    let (stop, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
    let stopped = thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    load(&server, &request, &answered);
                }
            });
        }
        thread::sleep(Duration::from_millis(300));
        assert!(answered.load(Ordering::Relaxed) > 0, "there was no load");
        let told = server.terminate();
        thread::sleep(Duration::from_millis(300));
        stop.store(true, Ordering::Relaxed);
        told
    });
    stopped?;
    assert!(half.send(b"_type\":\"x\"}"));
    let reply = half.rest();
    assert_eq!(reply.statuses(), [401], "{reply:?}");
    assert!(reply.text.contains("x-request-id"), "{reply:?}");

    let stopped = server.wait(SOON)?;
    assert_eq!(stopped.status.code(), Some(0), "{}", stopped.log);
    println!("{answered:?} pages under load; stopped {:.0?} after the last answer", stopped.took);
    Ok(())
}

/// Asks for one page. Nobody need be there any more; but who is answered is
/// answered completely.
fn load(server: &Server, request: &str, answered: &AtomicUsize) {
    let Ok(mut connection) = Raw::connect(server.address()) else { return };
    connection.send(request.as_bytes());
    let reply = connection.rest();
    if reply.text.is_empty() {
        return;
    }
    assert!(reply.text.starts_with("HTTP/1.1 200 OK\r\n"), "{reply:?}");
    let body = reply.text.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
    let whole: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    assert!(whole["request_id"].is_string(), "an answer was cut off: {reply:?}");
    answered.fetch_add(1, Ordering::Relaxed);
}

#[test]
fn a_connection_that_is_only_kept_open_does_not_hold_it_up() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Setup::new(data.path())?.start()?;
    let mut idle = Raw::connect(server.address())?;
    assert!(idle.send(b"GET /health HTTP/1.1\r\nHost: lodge\r\n\r\n"));
    assert!(idle.some()?.starts_with("HTTP/1.1 200"));
    let silent = Raw::connect(server.address())?;
    server.terminate()?;
    let stopped = server.wait(Duration::from_secs(15))?;
    println!("stopped in {:.0?}", stopped.took);
    assert_eq!(stopped.status.code(), Some(0), "{}", stopped.log);
    assert!(stopped.took < SOON, "{:?}", stopped.took);
    drop((idle, silent));
    Ok(())
}
