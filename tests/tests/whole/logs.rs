//! What must never be written down.

use end_to_end::{App, Customer, Setup, walk::VERIFIER};
use serde_json::json;

use crate::reading::{LEAKS, Shelf, commits, repositories};

#[test]
fn no_secret_of_a_session_is_logged_even_at_the_finest_level() -> anyhow::Result<()> {
    let (shelf, data) = (Shelf::with_commits(120)?, tempfile::tempdir()?);
    let setup = Setup::new(data.path())?.repositories(shelf.path());
    let server = setup.variable("GITLODGE_LOG", "trace").start()?;
    let app = App::register_in(&server, data.path())?;
    let invitation = app.invite(&server)?;
    let mut customer = Customer::arrive(&server, &invitation)?;
    let mut secrets: Vec<_> = customer.browser.cookies().map(str::to_owned).collect();
    assert_eq!(secrets.len(), 1, "the visit has no cookie");
    secrets.extend(customer.form.hidden("csrf").map(str::to_owned));
    let code = customer.approve(&server, &["college/library"])?;
    let access = app.exchange(&server, &code)?;
    let fresh = app.refresh(&server, &access)?;

    let mut reader = server.client().bearing(&fresh.token);
    let (_, library) = repositories(&mut reader)?.remove(0);
    let head = commits(&mut reader, &library, None)?.remove(0);
    assert_eq!(reader.get(&format!("{library}/commits/{head}/diff"))?.status, 200);

    // Failures are what is logged most.
    assert_eq!(app.try_exchange(&server, &code)?.status, 400);
    assert_eq!(reader.get("/v1/me")?.status, 401);
    let wrong = App { secret: "sggcs_of-somebody-else".to_owned(), ..app.clone() };
    assert_eq!(wrong.try_exchange(&server, &code)?.status, 401);
    let mut broken = json!({ "client_id": app.id, "client_secret": app.secret, "code": code });
    broken["grant_type"] = json!([VERIFIER]);
    assert_eq!(server.client().post("/oauth/token", &broken)?.status, 400);
    let stale = format!("/oauth/authorize?connect_token={}", invitation.token);
    assert_eq!(server.client().get(&stale)?.status, 400);

    let log = server.stop()?.log;
    assert!(log.contains("TRACE") && log.contains("http.request"), "nothing was logged: {log}");
    secrets.extend([app.session, app.secret, wrong.secret, invitation.token, code]);
    secrets.extend([access.token, access.refresh, fresh.token, fresh.refresh]);
    secrets.extend(LEAKS.iter().chain(&[VERIFIER]).map(|it| (*it).to_owned()));
    assert_eq!(secrets.len(), 17);
    for secret in secrets {
        let line = log.lines().find(|it| it.contains(&secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
    Ok(())
}
