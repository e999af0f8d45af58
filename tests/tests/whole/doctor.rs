//! `gitlodge doctor` finds what is wrong, says how to mend it, and tells no
//! secret.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use anyhow::Context as _;
use end_to_end::{App, Setup, binary::gitlodge};
use serde_json::Value;

/// Level and text of each finding.
type Findings = Vec<(String, String)>;

/// What it finds, and its exit code.
fn examine(data: &Path, more: &[&str]) -> anyhow::Result<(Option<i32>, Findings)> {
    let mut command = gitlodge()?;
    command.args(["doctor", "--json", "--data"]).arg(data);
    command.args(["--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0"]).args(more);
    let output = command.output()?;
    let text = String::from_utf8(output.stdout)?;
    let found: Value = serde_json::from_str(&text)
        .with_context(|| format!("{text}{}", String::from_utf8_lossy(&output.stderr)))?;
    let found = found.as_array().context("no list")?.iter().map(|it| {
        assert_eq!(it["level"] == "ok", it["mend"].is_null(), "{it}");
        (it["level"].as_str().unwrap_or_default().to_owned(), it.to_string())
    });
    Ok((output.status.code(), found.collect()))
}

/// The findings of this level that speak of `what`.
fn count(found: &[(String, String)], level: &str, what: &str) -> usize {
    found.iter().filter(|(is, text)| is == level && text.contains(what)).count()
}

/// A data folder that was used.
fn used() -> anyhow::Result<tempfile::TempDir> {
    let data = tempfile::tempdir()?;
    let server = Setup::new(data.path())?.start()?;
    App::register_in(&server, data.path())?;
    server.stop()?;
    Ok(data)
}

#[test]
fn nothing_is_wrong_with_what_was_just_made() -> anyhow::Result<()> {
    let data = used()?;
    let (code, found) = examine(data.path(), &["--public-url=https://git.example.com"])?;
    assert_eq!(code, Some(0), "{found:?}");
    assert_eq!(count(&found, "fail", ""), 0, "{found:?}");
    for what in ["settings", "can be written", "master keys", "SQLite", "up to date", "clock"] {
        assert!(count(&found, "ok", what) > 0, "{what}: {found:?}");
    }
    Ok(())
}

#[test]
fn a_folder_that_was_never_used_is_no_failure_and_stays_empty() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let (code, found) = examine(data.path(), &[])?;
    assert_eq!(code, Some(0), "{found:?}");
    assert_eq!(count(&found, "warn", "there is no database"), 1, "{found:?}");
    assert_eq!(fs::read_dir(data.path())?.count(), 0, "something was made");
    Ok(())
}

#[test]
fn broken_lost_and_open_keys_are_told_apart() -> anyhow::Result<()> {
    let data = used()?;
    let keys = data.path().join("keys");
    let whole = fs::read_to_string(&keys)?;
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o644))?;
    let (code, found) = examine(data.path(), &[])?;
    assert_eq!((code, count(&found, "fail", "others may read the master keys")), (Some(1), 1));
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o600))?;
    fs::write(&keys, "k1:nonsense\n")?;
    let (code, found) = examine(data.path(), &[])?;
    assert_eq!((code, count(&found, "fail", "line 1 of the master keys")), (Some(1), 1));
    fs::remove_file(&keys)?;
    let (code, found) = examine(data.path(), &[])?;
    assert_eq!((code, count(&found, "fail", "there are no master keys")), (Some(1), 1));
    assert!(!keys.exists(), "keys were made");
    for (_, text) in &found {
        assert!(!whole.lines().any(|it| it.len() > 20 && text.contains(it)), "{text}");
    }
    Ok(())
}

#[test]
fn a_database_that_is_away_is_found_and_its_password_is_not_told() -> anyhow::Result<()> {
    let data = used()?;
    let url = "--database-url=postgresql://me:the-password-of-it@127.0.0.1:1/lodge";
    let (code, found) = examine(data.path(), &[url])?;
    assert_eq!(code, Some(1));
    assert_eq!(count(&found, "fail", "PostgreSQL database cannot be opened"), 1, "{found:?}");
    assert!(found.iter().all(|(_, it)| !it.contains("the-password-of-it")), "{found:?}");
    Ok(())
}

#[test]
fn a_database_that_others_may_read_is_told_of_and_left_as_it_is() -> anyhow::Result<()> {
    let data = used()?;
    let file = data.path().join("gitlodge.db");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644))?;
    let (code, found) = examine(data.path(), &[])?;
    assert_eq!((code, count(&found, "warn", "has mode 644")), (Some(0), 1), "{found:?}");
    assert_eq!(fs::metadata(&file)?.permissions().mode() & 0o777, 0o644);
    Ok(())
}

#[test]
fn a_damaged_database_is_found() -> anyhow::Result<()> {
    let data = used()?;
    fs::write(data.path().join("gitlodge.db"), "this is no database, and never was one")?;
    let (code, found) = examine(data.path(), &[])?;
    assert_eq!((code, count(&found, "fail", "database")), (Some(1), 1), "{found:?}");
    Ok(())
}

#[test]
fn a_host_that_nobody_reaches_and_an_address_that_is_taken_are_found() -> anyhow::Result<()> {
    let data = used()?;
    let taken = TcpListener::bind("127.0.0.1:0")?;
    let hosts = data.path().join("hosts.toml");
    fs::write(
        &hosts,
        "[[host]]\nkind = \"gitea\"\nname = \"forge\"\naddress = \"http://127.0.0.1:1\"\n",
    )?;
    let hosts = format!("--hosts={}", hosts.display());
    let listen = format!("--listen={}", taken.local_addr()?);
    let mut command = gitlodge()?;
    command.args(["doctor", "--data"]).arg(data.path()).args([&hosts, &listen]);
    let output = command.arg("--admin-listen=127.0.0.1:0").output()?;
    let text = String::from_utf8(output.stdout)?;
    assert_eq!(output.status.code(), Some(1), "{text}");
    let line = |what: &str| text.lines().find(|it| it.contains(what)).map(str::to_owned);
    let forge = line("forge").with_context(|| text.clone())?;
    assert!(forge.starts_with("fail  forge cannot be reached") && forge.contains(" — "), "{forge}");
    let address = line("cannot be listened on").with_context(|| text.clone())?;
    assert!(address.starts_with("fail  127.0.0.1:"), "{address}");
    Ok(())
}

#[test]
fn every_setting_that_is_wrong_is_a_finding() -> anyhow::Result<()> {
    let data = used()?;
    let (code, found) = examine(data.path(), &["--rate-limit=-3", "--public-url=ftp://x"])?;
    assert_eq!(code, Some(1));
    assert_eq!(count(&found, "fail", "GITLODGE_"), 2, "{found:?}");
    Ok(())
}

#[test]
fn a_disk_that_is_full_is_found() -> anyhow::Result<()> {
    let data = used()?;
    let mut command = Command::new("sh");
    // Nothing can be written, and who tries is told so.
    command.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"]);
    command.arg(gitlodge()?.get_program()).args(["doctor", "--data"]).arg(data.path());
    let output = command.args(["--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0"]).output()?;
    let text = String::from_utf8(output.stdout)?;
    assert_eq!(output.status.code(), Some(1), "{text}");
    let full = text.lines().find(|it| it.contains("cannot be written")).context("not found")?;
    assert!(full.starts_with("fail") && full.contains("make room"), "{full}");
    Ok(())
}
