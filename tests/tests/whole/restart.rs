//! What outlives the process.

use end_to_end::{App, Customer, Server, Setup};

use crate::reading::{Shelf, commits, page_of_commits, repositories};

#[test]
fn tokens_cursors_and_consents_survive_a_restart() -> anyhow::Result<()> {
    let (shelf, data) = (Shelf::with_commits(250)?, tempfile::tempdir()?);
    let start = || Setup::new(data.path())?.repositories(shelf.path()).start();
    let server = start()?;
    let app = App::register_in(&server, data.path())?;
    let access = app.obtain_access(&server, &["college/library"])?;
    let revoked = app.obtain_access(&server, &["college/library"])?;
    app.revoke(&server, &revoked.token)?;
    let mut reader = server.client().bearing(&access.token);
    let (_, library) = repositories(&mut reader)?.remove(0);
    let (mut hashes, cursor) = page_of_commits(&mut reader, &library, None)?;
    assert!(cursor.is_some());
    let invitation = app.invite(&server)?;
    let stopped = server.stop()?;
    println!("stopped in {:.0?}", stopped.took);

    let server = start()?;
    let mut reader = server.client().bearing(&access.token);
    hashes.extend(commits(&mut reader, &library, cursor)?);
    assert!(
        hashes.iter().map(String::as_str).eq(shelf.library.git(&["rev-list", "HEAD"])?.lines())
    );
    assert_eq!(server.client().bearing(&revoked.token).get("/v1/me")?.refusal()?.0, 401);
    let fresh = app.refresh(&server, &access)?;
    assert_eq!(server.client().bearing(&fresh.token).get("/v1/me")?.status, 200);
    an_invitation_of_before_can_be_followed(&server, &app, &invitation.token)
}

/// The page's address has changed with the port; the connect token has not.
fn an_invitation_of_before_can_be_followed(
    server: &Server,
    app: &App,
    token: &str,
) -> anyhow::Result<()> {
    let mut invitation = app.invite(server)?;
    invitation.url = invitation.url.replace(&invitation.token, token);
    token.clone_into(&mut invitation.token);
    let mut customer = Customer::arrive(server, &invitation)?;
    let code = customer.approve(server, &["college/payroll"])?;
    let access = app.exchange(server, &code)?;
    let mut reader = server.client().bearing(&access.token);
    assert!(repositories(&mut reader)?.iter().any(|(name, _)| name == "college/payroll"));
    Ok(())
}

#[test]
fn a_process_that_was_killed_forgets_nothing_that_it_answered() -> anyhow::Result<()> {
    let (shelf, data) = (Shelf::with_commits(4)?, tempfile::tempdir()?);
    let start = || Setup::new(data.path())?.repositories(shelf.path()).start();
    let server = start()?;
    let app = App::register_in(&server, data.path())?;
    let access = app.obtain_access(&server, &["college/library"])?;
    let revoked = app.obtain_access(&server, &["college/library"])?;
    app.revoke(&server, &revoked.token)?;
    // Dropped is killed.
    drop(server);

    let server = start()?;
    assert_eq!(server.client().bearing(&access.token).get("/v1/me")?.status, 200);
    assert_eq!(server.client().bearing(&revoked.token).get("/v1/me")?.refusal()?.0, 401);
    Ok(())
}
