//! What a person at a terminal meets.

use std::{net::TcpListener, process::Output};

use anyhow::Context as _;
use end_to_end::{Setup, binary::run};
use serde_json::Value;

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn every_command_explains_itself() -> anyhow::Result<()> {
    for command in [
        "",
        "serve",
        "migrate",
        "admin",
        "admin create",
        "admin-key",
        "admin-key create",
        "audit",
        "audit verify",
        "backup",
        "backup create",
        "backup verify",
        "backup restore",
        "doctor",
        "openapi",
        "docs",
    ] {
        let arguments: Vec<_> = command.split_ascii_whitespace().chain(["--help"]).collect();
        let (code, printed, complaint) = said(&run(&arguments)?);
        assert_eq!((code, complaint.as_str()), (Some(0), ""), "{command}");
        assert!(printed.contains(format!("Usage: gitlodge {command}").trim_end()), "{printed}");
    }
    Ok(())
}

#[test]
fn everything_wrong_with_the_options_is_said_at_once() -> anyhow::Result<()> {
    let wrong = run(&[
        "serve",
        "--listen=nowhere",
        "--admin-listen=127.0.0.1",
        "--public-url=ftp://git.example.com",
        "--rate-limit=-3",
        "--metrics-token=short",
        "--cors-origins=https://app.example.com/path",
        "--repositories=/nowhere/at/all",
        "--data=/dev/null/not-reached",
    ])?;
    let (code, printed, complaint) = said(&wrong);
    assert_eq!((code, printed.as_str()), (Some(1), ""), "{complaint}");
    assert_eq!(complaint.lines().count(), 8, "{complaint}");
    for option in
        ["LISTEN", "ADMIN_LISTEN", "PUBLIC_URL", "RATE_LIMIT", "METRICS_TOKEN", "CORS_ORIGINS"]
    {
        assert!(complaint.contains(&format!("(GITLODGE_{option}): ")), "{option}: {complaint}");
    }
    assert_eq!(complaint.matches("; for example ").count(), 7, "{complaint}");
    Ok(())
}

#[test]
fn an_address_that_is_taken_is_named() -> anyhow::Result<()> {
    let (other, data) = (TcpListener::bind("127.0.0.1:0")?, tempfile::tempdir()?);
    let taken = other.local_addr()?.to_string();
    let data = data.path().to_str().context("the folder is not text")?;
    for (listen, admin) in [(taken.as_str(), "127.0.0.1:0"), ("127.0.0.1:0", &taken)] {
        let arguments = ["serve", "--listen", listen, "--admin-listen", admin, "--data", data];
        let (code, printed, complaint) = said(&run(&arguments)?);
        assert_eq!((code, printed.as_str()), (Some(1), ""), "{complaint}");
        let told = format!("error: {taken} cannot be listened on: is something else there?");
        assert!(complaint.starts_with(&told), "{complaint}");
    }
    Ok(())
}

#[test]
fn the_printed_reference_is_the_served_one() -> anyhow::Result<()> {
    let (code, printed, _) = said(&run(&["openapi"])?);
    assert_eq!(code, Some(0));
    let printed: Value = serde_json::from_str(&printed)?;
    assert!(printed["openapi"].as_str().is_some_and(|it| it.starts_with("3.1.")));
    let paths = printed["paths"].as_object().context("no paths")?;
    assert!(paths.contains_key("/v1/repositories/{provider}/{repoId}/commits"));
    assert!(paths.contains_key("/oauth/authorize"));

    let data = tempfile::tempdir()?;
    let server = Setup::new(data.path())?.start()?;
    assert_eq!(server.client().get("/openapi.json")?.json()?, printed);
    let page = server.client().get("/docs/api")?;
    assert_eq!(page.status, 200);
    let missing = paths.keys().find(|it| !page.body.contains(it.as_str()));
    assert_eq!(missing, None, "a path is not on the page");
    Ok(())
}

#[test]
fn a_database_that_is_up_to_date_stays_as_it_is() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let data = data.path().to_str().context("the folder is not text")?;
    let (code, first, _) = said(&run(&["migrate", "--data", data])?);
    assert_eq!(code, Some(0));
    assert!(first.starts_with("applied "), "{first}");
    let second = said(&run(&["migrate", "--data", data])?);
    assert_eq!(second, (Some(0), "the database is up to date\n".to_owned(), String::new()));
    Ok(())
}

#[test]
fn a_page_of_the_documentation_names_the_23_codes() -> anyhow::Result<()> {
    let (code, printed, _) = said(&run(&["docs", "errors"])?);
    assert_eq!(code, Some(0));
    assert_eq!(printed.matches("<a id=").count(), 23, "{printed}");
    Ok(())
}

#[test]
fn a_developer_is_added_only_with_an_organisation() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let data = data.path().to_str().context("the folder is not text")?;
    let create = |more: &[&str]| {
        let arguments = ["admin", "create", "--data", data];
        run(&[&arguments, more].concat()).map(|it| said(&it))
    };
    let (code, _, complaint) = create(&["--email=ada"])?;
    assert_eq!(code, Some(1));
    assert!(complaint.starts_with("error: an e-mail address is like "), "{complaint}");
    let (code, _, complaint) = create(&["--email=ada@example.com"])?;
    assert_eq!(code, Some(1));
    assert!(complaint.contains("--tenant"), "{complaint}");
    let (code, first, _) = create(&["--email=ada@example.com", "--tenant=College"])?;
    assert_eq!(code, Some(0));
    let (code, second, _) = create(&["--email=ada@example.com"])?;
    assert_eq!(code, Some(0));
    let (first, second): (Value, Value) =
        (serde_json::from_str(&first)?, serde_json::from_str(&second)?);
    assert_eq!(first["userId"], second["userId"]);
    assert_ne!(first["sessionToken"], second["sessionToken"]);
    Ok(())
}
