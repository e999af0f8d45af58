//! The main job: consent to chosen repositories, and reading them.

use end_to_end::{Access, App, Client, Customer, Server, Setup};

use crate::reading::{LEAKS, Shelf, commits, repositories};

/// The id that the local host gives to `college/payroll.git`.
const PAYROLL: &str = "/v1/repositories/local/Y29sbGVnZS9wYXlyb2xsLmdpdA";

#[test]
fn an_app_reads_what_a_customer_approved_and_nothing_else() -> anyhow::Result<()> {
    let (shelf, data) = (Shelf::with_commits(3_000)?, tempfile::tempdir()?);
    let server = Setup::new(data.path())?.repositories(shelf.path()).start()?;
    let app = App::register_in(&server, data.path())?;
    do_the_main_job(&server, &app, &shelf)?;
    server.stop()?;
    Ok(())
}

/// All of it, over a shelf of 3,000 commits; gives the token, which is good no
/// more.
pub(crate) fn do_the_main_job(server: &Server, app: &App, shelf: &Shelf) -> anyhow::Result<Access> {
    let invitation = app.invite(server)?;
    let mut customer = Customer::arrive(server, &invitation)?;
    let boxes = customer.form.labels("repository").join("; ");
    assert!(boxes.contains("college/library") && boxes.contains("college/payroll"), "{boxes}");
    let code = customer.approve(server, &["college/library"])?;
    let access = app.exchange(server, &code)?;

    let mut reader = server.client().bearing(&access.token);
    let readable = repositories(&mut reader)?;
    let [(name, library)] = readable.as_slice() else { panic!("not one: {readable:?}") };
    assert_eq!(name, "college/library");
    let all = commits(&mut reader, library, None)?;
    let expected = shelf.library.git(&["rev-list", "HEAD"])?;
    assert_eq!(all.len(), 3_000);
    assert!(all.iter().map(String::as_str).eq(expected.lines()), "another order than git's");

    let head = shelf.library.git(&["rev-parse", "HEAD"])?;
    the_last_commit_leaks_nothing(&mut reader, &format!("{library}/commits/{head}/diff"))?;

    for path in [PAYROLL.to_owned(), format!("{PAYROLL}/commits"), format!("{PAYROLL}x")] {
        let refusal = reader.get(&path)?.refusal()?;
        assert_eq!(refusal, (403, "REPOSITORY_NOT_APPROVED".to_owned()), "{path}");
    }

    app.revoke(server, &access.token)?;
    let refusal = reader.get(&format!("{library}/commits"))?.refusal()?;
    assert_eq!(refusal, (401, "INVALID_CREDENTIALS".to_owned()));
    Ok(access)
}

fn the_last_commit_leaks_nothing(reader: &mut Client, diff: &str) -> anyhow::Result<()> {
    let answer = reader.get(diff)?;
    let body = answer.json()?;
    let files = body["data"]["files"].as_array().map(Vec::as_slice).unwrap_or_default();
    let withheld: Vec<_> = files.iter().filter(|it| it["patch_state"] == "withheld").collect();
    assert_eq!(files.len(), 4);
    assert_eq!(withheld.len(), 2, "{body:#}");
    assert!(withheld.iter().all(|it| it["patch"].is_null()), "{body:#}");
    let told = body["firewall"]["withheld"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|it| it["rule"] == "F1"), "{body:#}");

    let masked = |path: &str| {
        let file = files.iter().find(|it| it["path"] == path);
        file.and_then(|it| it["patch"].as_str()).unwrap_or_default().to_owned()
    };
    let settings = masked("settings.py");
    assert!(settings.contains("+debug = True\n+password = \"‹masked:password:"), "{settings}");
    assert!(settings.contains("‹masked:aws:"), "{settings}");
    assert!(masked("notes.md").contains("‹masked:private-key:"), "{body:#}");
    assert!(body["firewall"]["masked"].as_u64() >= Some(3), "{body:#}");

    let patch = reader.get(&format!("{diff}?format=patch"))?;
    assert_eq!(patch.status, 200, "{}", patch.body);
    assert_eq!(patch.body.matches("diff --git").count(), 4, "{}", patch.body);
    for body in [&answer.body, &patch.body] {
        for secret in LEAKS.iter().chain(&[".env", "server.key"]) {
            assert!(!body.contains(secret), "{secret} is in {body}");
        }
    }
    Ok(())
}

#[test]
fn a_customer_who_says_no_gives_nothing() -> anyhow::Result<()> {
    let (shelf, data) = (Shelf::with_commits(4)?, tempfile::tempdir()?);
    let server = Setup::new(data.path())?.repositories(shelf.path()).start()?;
    let app = App::register_in(&server, data.path())?;
    let mut customer = Customer::arrive(&server, &app.invite(&server)?)?;
    let mut form = customer.form.clone();
    form.action = "/oauth/authorize/deny".to_owned();
    let answer = customer.browser.submit(&form)?;
    assert!(answer.location()?.contains("error=access_denied"), "{answer:?}");
    assert!(!answer.location()?.contains("code="), "{answer:?}");
    // Saying it again leads to the same place; a late yes gives nothing.
    let again = customer.browser.submit(&form)?;
    assert_eq!(again.location()?, answer.location()?);
    let late = customer.browser.submit(&customer.form)?;
    assert_eq!((late.status, late.header("location")), (410, None), "{}", late.body);
    assert!(late.body.contains("You have denied this request"), "{}", late.body);
    Ok(())
}

#[test]
fn a_link_that_the_app_signed_opens_the_page_once() -> anyhow::Result<()> {
    let (shelf, data) = (Shelf::with_commits(4)?, tempfile::tempdir()?);
    let server = Setup::new(data.path())?.repositories(shelf.path()).start()?;
    let app = App::register_in(&server, data.path())?;
    let link = app.sign_link(&server, 300)?;
    let mut browser = server.client();
    let page = browser.get(&link)?;
    let page = browser.get(page.location()?)?;
    assert!(page.body.contains("college/library"), "{}", page.body);

    for (link, said) in [
        (link.clone(), "customer_sig+was+used+before"),
        (app.sign_link(&server, -1)?, "customer_sig+has+expired"),
        (
            app.sign_link(&server, 300)?.replace("customer-7", "customer-8"),
            "customer_sig+does+not+fit",
        ),
    ] {
        let refused = server.client().get(&link)?;
        let place = refused.location()?;
        assert!(place.contains("error=invalid_request") && place.contains(said), "{place}");
    }
    Ok(())
}

#[test]
fn a_code_that_is_used_twice_ends_what_it_gave() -> anyhow::Result<()> {
    let (shelf, data) = (Shelf::with_commits(4)?, tempfile::tempdir()?);
    let server = Setup::new(data.path())?.repositories(shelf.path()).start()?;
    let app = App::register_in(&server, data.path())?;
    let mut customer = Customer::arrive(&server, &app.invite(&server)?)?;
    let code = customer.approve(&server, &["college/library"])?;
    let access = app.exchange(&server, &code)?;
    let mut reader = server.client().bearing(&access.token);
    assert_eq!(reader.get("/v1/me")?.status, 200);
    assert_eq!(app.try_exchange(&server, &code)?.status, 400);
    assert_eq!(reader.get("/v1/me")?.refusal()?.0, 401);
    Ok(())
}
