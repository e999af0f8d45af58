//! A copy of everything that is kept, and the way back.

use std::{
    fmt::Write as _,
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::Output,
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
};

use anyhow::{Context as _, ensure};
use end_to_end::binary::run;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{
    faults::{Stop, taken},
    teaching_intake::{Ledger, Place, SECRET, a_push, all_events, drained, headers, teacher},
};

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("the folder is not text")
}

/// What `gitlodge backup` says; an error when it fails.
fn backup(arguments: &[&str]) -> anyhow::Result<String> {
    let output = run(&[&["backup"], arguments].concat())?;
    let said = said(&output);
    ensure!(output.status.success(), "{said}");
    Ok(said)
}

/// What it says when it must fail.
fn refusal(arguments: &[&str]) -> anyhow::Result<String> {
    let output = run(&[&["backup"], arguments].concat())?;
    let said = said(&output);
    ensure!(output.status.code() == Some(1), "it did not fail: {said}");
    Ok(said)
}

fn said(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
    format!("{out}{err}")
}

/// A place with a few deliveries, and a backup of it.
struct Copied {
    place: Place,
    folder: tempfile::TempDir,
}

impl Copied {
    fn new() -> anyhow::Result<Self> {
        let copied = Self { place: Place::embedded()?, folder: tempfile::tempdir()? };
        let server = copied.place.open()?;
        let mut host = server.client();
        for n in 0..5 {
            let id = n.to_string();
            let kept = host.send(
                "POST",
                crate::teaching_intake::WEBHOOK,
                &headers(&id, SECRET),
                Some(&a_push(n)),
            )?;
            ensure!(kept.status == 202, "{}", kept.body);
        }
        // A hook has a secret, which is sealed.
        let wish = json!({"name": "Course", "host": "gitlab"});
        ensure!(teacher(&server).post("/api/v1/hooks/", &wish)?.status == 201);
        drained(&server)?;
        server.stop()?;
        backup(&["create", "--out", text(&copied.at())?, "--data", copied.data()?])?;
        Ok(copied)
    }

    fn at(&self) -> PathBuf {
        self.folder.path().join("backup")
    }

    fn data(&self) -> anyhow::Result<&str> {
        text(self.place.data.path())
    }

    fn verify(&self) -> anyhow::Result<String> {
        refusal(&["verify", text(&self.at())?, "--data", self.data()?])
    }
}

#[test]
fn a_backup_under_load_comes_back_and_serves() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let folder = tempfile::tempdir()?;
    let at = folder.path().join("backup");
    let server = place.open()?;
    let wish = json!({"name": "Course", "host": "gitlab"});
    assert_eq!(teacher(&server).post("/api/v1/hooks/", &wish)?.status, 201);
    let (ledger, next, stop) = (Ledger::default(), AtomicU32::new(0), AtomicBool::new(false));
    let data = text(place.data.path())?;
    let before = thread::scope(|scope| {
        let _stopped_at_the_end = Stop(&stop);
        for _ in 0..2 {
            let mut client = server.client();
            let (ledger, next, stop) = (&ledger, &next, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    assert!(ledger.send(&mut client, n, SECRET), "the backup delayed a delivery");
                }
            });
        }
        taken(&ledger, 50)?;
        let before = ledger.taken();
        let said = backup(&["create", "--out", text(&at)?, "--data", data])?;
        anyhow::Ok((before, said))
    });
    let (before, said) = before?;
    assert!(said.contains("the master keys are NOT in it"), "{said}");
    server.stop()?;
    for entry in fs::read_dir(&at)? {
        let mode = entry?.metadata()?.permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    let verified = backup(&["verify", text(&at)?, "--data", data])?;
    assert!(verified.contains("open all 1 data keys"), "{verified}");
    assert!(verified.contains("the audit trail is whole"), "{verified}");
    assert!(verified.contains("they do not tell who made it"), "{verified}");

    // Another machine: an empty folder, and the keys from where they were kept.
    let elsewhere = Place::embedded()?;
    let target = text(elsewhere.data.path())?;
    fs::copy(place.data.path().join("keys"), elsewhere.data.path().join("keys"))?;
    let restored = backup(&["restore", text(&at)?, "--data", target])?;
    assert!(restored.contains("next: gitlodge doctor"), "{restored}");
    assert!(restored.contains("is valid again"), "{restored}");
    let server = elsewhere.start()?;
    let there = all_events(&server)?;
    for event in &before {
        assert!(there.contains(event), "{event} was taken before the backup, and is not in it");
    }
    drained(&server)?;
    assert!(ledger.send(&mut server.client(), 1_000_000, SECRET), "it takes no delivery");
    server.stop()?;

    let again = refusal(&["restore", text(&at)?, "--data", target])?;
    assert!(again.contains("nothing is overwritten"), "{again}");
    Ok(())
}

#[test]
fn whatever_was_changed_in_a_backup_is_noticed() -> anyhow::Result<()> {
    let copied = Copied::new()?;
    for name in ["gitlodge.db", "manifest.json", "SHA256SUMS"] {
        let file = copied.at().join(name);
        let whole = fs::read(&file)?;
        let mut changed = whole.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        fs::write(&file, &changed)?;
        let said = copied.verify()?;
        assert!(said.contains("is not what was written") || said.contains("names"), "{said}");
        fs::write(&file, &whole[..whole.len() - 2])?;
        copied.verify()?;
        fs::remove_file(&file)?;
        copied.verify()?;
        symlink("/etc/passwd", &file)?;
        let said = copied.verify()?;
        assert!(said.contains("not a plain file"), "{said}");
        fs::remove_file(&file)?;
        fs::write(&file, &whole)?;
    }
    backup(&["verify", text(&copied.at())?, "--data", copied.data()?])?;
    Ok(())
}

#[test]
fn a_hostile_backup_is_refused_and_writes_nothing() -> anyhow::Result<()> {
    let copied = Copied::new()?;
    let sums = copied.at().join("SHA256SUMS");
    let whole = fs::read_to_string(&sums)?;
    let target = tempfile::tempdir()?;
    let into = target.path().join("data");
    let restore = || {
        let from = copied.at();
        refusal(&["restore", text(&from)?, "--without-keys", "--data", text(&into)?])
    };
    let cases = [
        (format!("{whole}{}  ../../outside\n", "0".repeat(64)), "which no backup has"),
        (whole.replace("gitlodge.db", "/etc/passwd"), "which no backup has"),
        (whole.lines().take(1).collect::<Vec<_>>().join("\n"), "does not name `gitlodge.db`"),
        ("x".repeat(2 << 20), "too large"),
    ];
    for (changed, says) in cases {
        fs::write(&sums, changed)?;
        let said = restore()?;
        assert!(said.contains(says), "{said}");
        assert!(!into.exists(), "something was written");
    }
    Ok(())
}

#[test]
fn a_backup_of_a_newer_version_is_left_to_it() -> anyhow::Result<()> {
    let copied = Copied::new()?;
    let manifest = copied.at().join("manifest.json");
    let text_of = fs::read_to_string(&manifest)?;
    let newer = text_of.replace("\"format\": 1", "\"format\": 2");
    let newer = newer.replace(
        &format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")),
        "\"version\": \"9.0.0\"",
    );
    fs::write(&manifest, &newer)?;
    let sums = copied.at().join("SHA256SUMS");
    let old = fs::read_to_string(&sums)?;
    let part = old.lines().find(|it| it.ends_with("gitlodge.db")).context("no part")?;
    let digest = Sha256::digest(newer.as_bytes());
    let digest = digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    fs::write(&sums, format!("{digest}  manifest.json\n{part}\n"))?;
    let said = copied.verify()?;
    assert!(said.contains("made by Gitlodge 9.0.0"), "{said}");
    Ok(())
}

#[test]
fn the_keys_of_another_installation_do_not_open_a_backup() -> anyhow::Result<()> {
    let copied = Copied::new()?;
    let other = Place::embedded()?;
    other.start()?.stop()?;
    let said = refusal(&["verify", text(&copied.at())?, "--data", text(other.data.path())?])?;
    assert!(said.contains("the master keys are others: 1 of 1 data keys"), "{said}");
    let none = tempfile::tempdir()?;
    let said = refusal(&["verify", text(&copied.at())?, "--data", text(none.path())?])?;
    assert!(said.contains("--without-keys"), "{said}");
    assert_eq!(fs::read_dir(none.path())?.count(), 0, "keys were made");
    let said = backup(&["verify", text(&copied.at())?, "--without-keys"])?;
    assert!(said.contains("it is not known whether they open it"), "{said}");
    Ok(())
}

#[test]
fn what_was_not_finished_is_told_of() -> anyhow::Result<()> {
    let copied = Copied::new()?;
    fs::create_dir(copied.folder.path().join(".again.0123"))?;
    let again = copied.folder.path().join("again");
    let said = backup(&["create", "--out", text(&again)?, "--data", copied.data()?])?;
    assert!(said.contains(".again.0123 was not finished"), "{said}");

    let target = tempfile::tempdir()?;
    let from = copied.at();
    let restore = ["restore", text(&from)?, "--without-keys", "--data"];
    fs::write(target.path().join(".gitlodge.db.0123"), "")?;
    let said = refusal(&[&restore[..], &[text(target.path())?]].concat())?;
    assert!(said.contains("that was not finished"), "{said}");
    // What cannot be looked into is not empty.
    let file = target.path().join("file");
    fs::write(&file, "")?;
    let said = refusal(&[&restore[..], &[text(&file)?]].concat())?;
    assert!(said.contains("cannot be looked into"), "{said}");
    Ok(())
}

#[test]
fn a_backup_goes_nowhere_where_something_is() -> anyhow::Result<()> {
    let copied = Copied::new()?;
    let said = refusal(&["create", "--out", text(&copied.at())?, "--data", copied.data()?])?;
    assert!(said.contains("is there already"), "{said}");
    let nowhere = copied.folder.path().join("no/such/folder");
    refusal(&["create", "--out", text(&nowhere)?, "--data", copied.data()?])?;
    let none = tempfile::tempdir()?;
    let out = none.path().join("backup");
    let said = refusal(&["create", "--out", text(&out)?, "--data", text(none.path())?])?;
    assert!(said.contains("there is no database"), "{said}");
    assert_eq!(fs::read_dir(none.path())?.count(), 0, "a database was made");
    Ok(())
}

#[test]
fn a_backup_of_postgresql_comes_back_into_an_empty_database() -> anyhow::Result<()> {
    let place = Place::postgres()?;
    let schema = place.schema.as_ref().context("no schema")?;
    let server = place.open()?;
    let ledger = Ledger::default();
    for n in 0..20 {
        assert!(ledger.send(&mut server.client(), n, SECRET));
    }
    drained(&server)?;
    let folder = tempfile::tempdir()?;
    let at = folder.path().join("backup");
    let data = text(place.data.path())?;
    let database = ["--data", data, "--database-url", &schema.url];
    backup(&[&["create", "--out", text(&at)?], &database[..]].concat())?;
    server.stop()?;
    backup(&["verify", text(&at)?, "--data", data])?;
    let full = refusal(&[&["restore", text(&at)?], &database[..]].concat())?;
    assert!(full.contains("nothing is overwritten"), "{full}");
    // The database is lost.
    schema.empty()?;
    let said = backup(&[&["restore", text(&at)?], &database[..]].concat())?;
    assert!(said.contains("the database holds what the backup holds"), "{said}");
    let server = place.start()?;
    let there = all_events(&server)?;
    assert_eq!(there.len(), 20);
    assert!(ledger.taken().iter().all(|it| there.contains(it)));
    server.stop().map(drop)
}
