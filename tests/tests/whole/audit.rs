//! The audit trail in a real database that somebody tampers with.

use std::{fs, path::Path, time::Duration};

use anyhow::Context as _;
use diesel::{Connection as _, SqliteConnection, connection::SimpleConnection as _};
use end_to_end::{Setup, binary::run};
use serde_json::Value;
use tempfile::TempDir;

/// Six entries in the installation's chain.
const ENTRIES: usize = 6;

/// A data folder in whose database something has happened.
fn a_house() -> anyhow::Result<TempDir> {
    let data = tempfile::tempdir()?;
    for n in 1..=ENTRIES {
        let name = format!("key {n}");
        let made = gitlodge(&data, &["admin-key", "create", &name, "--scope", "audit:read"])?;
        let made: Value = serde_json::from_str(&made.1)?;
        let text = made["adminKey"].as_str().context("a key")?;
        assert!(text.starts_with("sggak_"), "{text}");
    }
    Ok(data)
}

/// Exit code and output of a command over the folder.
fn gitlodge(data: &TempDir, arguments: &[&str]) -> anyhow::Result<(Option<i32>, String)> {
    let folder = data.path().to_str().context("the folder is not text")?;
    let output = run(&[arguments, &["--data", folder]].concat())?;
    let text = [output.stdout, output.stderr].concat();
    Ok((output.status.code(), String::from_utf8(text)?))
}

fn verify(data: &TempDir, checkpoints: Option<&Path>) -> anyhow::Result<(Option<i32>, String)> {
    let file = checkpoints.and_then(Path::to_str).map(|it| format!("--audit-checkpoints={it}"));
    let mut arguments = vec!["audit", "verify"];
    arguments.extend(file.as_deref());
    gitlodge(data, &arguments)
}

/// Changes the file behind the gateway's back.
fn execute(data: &TempDir, statements: &str) -> anyhow::Result<()> {
    let path = data.path().join("gitlodge.db");
    let mut conn = SqliteConnection::establish(path.to_str().context("a path")?)?;
    conn.batch_execute(statements)?;
    Ok(())
}

#[test]
fn what_was_changed_deleted_or_put_in_another_order_is_named() -> anyhow::Result<()> {
    for (statements, told) in [
        (
            "UPDATE audit SET reason = 'nothing' WHERE sequence = 3",
            "installation: entry 3 was changed",
        ),
        ("UPDATE audit SET at = at + 1 WHERE sequence = 1", "installation: entry 1 was changed"),
        (
            "UPDATE audit SET action = 'nothing' WHERE sequence = 4",
            "installation: entry 4 cannot be read",
        ),
        ("DELETE FROM audit WHERE sequence = 2", "installation: entry 2 is missing"),
        ("DELETE FROM audit WHERE sequence = 1", "installation: entry 1 is missing"),
        (
            "UPDATE audit SET sequence = 99 WHERE sequence = 2;
             UPDATE audit SET sequence = 2 WHERE sequence = 3;
             UPDATE audit SET sequence = 3 WHERE sequence = 99",
            "installation: entry 2 was changed, or stands in another's place",
        ),
        (
            "DELETE FROM audit WHERE sequence = 6",
            "installation: the chain ends with entry 5, and had 6 entries as its head says",
        ),
        ("DELETE FROM audit_heads; DELETE FROM audit WHERE sequence = 5", "entry 5 is missing"),
    ] {
        let data = a_house()?;
        let (code, said) = verify(&data, None)?;
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("what was written: 6 entries in 1 chains"), "{said}");
        execute(&data, statements)?;
        let (code, said) = verify(&data, None)?;
        assert_eq!(code, Some(1), "{statements}: {said}");
        assert!(said.contains(told), "{statements}: {said}");
    }
    Ok(())
}

#[test]
fn a_checkpoint_elsewhere_remembers_what_was_cut_off_or_written_anew() -> anyhow::Result<()> {
    let (data, elsewhere) = (a_house()?, tempfile::tempdir()?);
    let file = elsewhere.path().join("checkpoints");
    let text = file.to_str().context("a path")?;
    let server = Setup::new(data.path())?.variable("GITLODGE_AUDIT_CHECKPOINTS", text).start()?;
    for _ in 0..100 {
        if file.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    drop(server);
    let line = fs::read_to_string(&file)?;
    assert!(line.starts_with("gitlodge-checkpoint-1 installation 6 "), "{line}");
    let (code, said) = verify(&data, Some(&file))?;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("compared with 1 checkpoints"), "{said}");

    // The end is cut off so cleanly that the database alone does not show it.
    let cut = "DELETE FROM audit WHERE sequence > 4;
        UPDATE audit_heads SET size = 4, hash = (SELECT hash FROM audit WHERE sequence = 4)";
    execute(&data, cut)?;
    assert_eq!(verify(&data, None)?.0, Some(0));
    let (code, said) = verify(&data, Some(&file))?;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("had 6 entries at the checkpoint of "), "{said}");

    // Two other entries take the place of those that are gone.
    for name in ["a", "b"] {
        gitlodge(&data, &["admin-key", "create", name, "--scope", "audit:read"])?;
    }
    assert_eq!(verify(&data, None)?.0, Some(0));
    let (code, said) = verify(&data, Some(&file))?;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("entry 6 is not the one that was there at the checkpoint of"), "{said}");

    fs::write(&file, line.replacen(" 6 ", " 4 ", 1))?;
    let (code, said) = verify(&data, Some(&file))?;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("line 1: the signature does not fit"), "{said}");
    Ok(())
}

#[test]
fn the_trail_is_exported_as_lines_and_a_key_ends_when_it_is_taken_back() -> anyhow::Result<()> {
    let data = a_house()?;
    let (code, said) = gitlodge(&data, &["audit", "export", "--tenant", "installation"])?;
    assert_eq!((code, said.lines().count()), (Some(0), ENTRIES), "{said}");
    let first: Value = serde_json::from_str(said.lines().next().unwrap_or_default())?;
    assert_eq!((&first["action"], &first["actor"]), (&"admin_key.made".into(), &"operator".into()));
    assert!(!said.contains("sggak_"), "{said}");

    let (_, listed) = gitlodge(&data, &["admin-key", "list"])?;
    assert_eq!(listed.lines().count(), ENTRIES, "{listed}");
    let id = listed.split_whitespace().next().context("an id")?;
    let (code, said) = gitlodge(&data, &["admin-key", "revoke", id])?;
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = gitlodge(&data, &["admin-key", "revoke", id])?;
    assert_eq!(code, Some(1), "{said}");
    let (_, listed) = gitlodge(&data, &["admin-key", "list"])?;
    assert!(listed.lines().next().is_some_and(|it| it.contains("taken back")), "{listed}");
    Ok(())
}
