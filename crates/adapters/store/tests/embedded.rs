//! The embedded store is held to the contract, and to what only it promises.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared ends the test")]

use std::{path::PathBuf, time::Duration};

use diesel::{
    Connection as _, QueryableByName, RunQueryDsl as _, SqliteConnection,
    connection::SimpleConnection as _, sql_types::Text,
};
use lodge_access::{UsageOf, UsageRow, UsageSummary, UsageWindow};
use lodge_storage::{FlagDecision, Storage as _, StorageError};
use lodge_store::{EmbeddedConfig, EmbeddedStorage};
use lodge_testkit::{
    builders::{
        NOW, a_course, a_flag_decision, a_team, a_tenant, a_usage_row, a_user, client_id, local,
        move_in, tenant_id,
    },
    storage_contract,
};
use tempfile::TempDir;

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("store.db")
}

async fn open(folder: &TempDir) -> EmbeddedStorage {
    EmbeddedStorage::open(EmbeddedConfig::new(path(folder))).await.unwrap()
}

async fn fresh() -> (EmbeddedStorage, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let storage = open(&folder).await;
    storage.migrate().await.unwrap();
    (storage, folder)
}

/// Changes the file behind the store's back.
fn execute(folder: &TempDir, statements: &str) {
    let mut conn = SqliteConnection::establish(path(folder).to_str().unwrap()).unwrap();
    conn.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
    conn.batch_execute(statements).unwrap();
}

storage_contract!(fresh().await);

/// The folders of the migrations, in order.
fn steps() -> Vec<std::path::PathBuf> {
    let all = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../migrations/embedded");
    let mut steps: Vec<_> = std::fs::read_dir(all).unwrap().map(|it| it.unwrap().path()).collect();
    steps.sort();
    steps
}

#[tokio::test]
async fn two_that_start_at_once_take_every_step_once() {
    let folder = tempfile::tempdir().unwrap();
    let start = || async { open(&folder).await.migrate().await.unwrap() };
    let (one, two, three) = tokio::join!(start(), start(), start());
    assert_eq!([one, two, three].concat().len(), steps().len());
}

#[tokio::test]
async fn every_step_can_be_taken_back_and_taken_again() {
    let (storage, folder) = fresh().await;
    let steps = steps();
    for step in steps.iter().rev() {
        execute(&folder, &std::fs::read_to_string(step.join("down.sql")).unwrap());
    }
    execute(&folder, "DELETE FROM __diesel_schema_migrations");
    assert_eq!(storage.migrate().await.unwrap().len(), steps.len());
    move_in(&storage).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;

    let (storage, folder) = fresh().await;
    move_in(&storage).await.unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap()).collect();
    assert!(files.len() >= 2, "the write-ahead log is a file, too");
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn a_row_that_the_domain_refuses_is_corrupt() {
    for wrong in ["default_permissions = 'read:everything'", "redirect_uris = '[\"here\"]'"] {
        let (storage, folder) = fresh().await;
        move_in(&storage).await.unwrap();
        execute(&folder, &format!("UPDATE apps SET {wrong}"));
        let found = storage.read().await.unwrap().apps().find(client_id(1)).await;
        assert!(matches!(found, Err(StorageError::Corrupt { entity: "app", .. })), "{found:?}");
    }
}

#[tokio::test]
async fn an_id_of_another_length_is_corrupt() {
    let (storage, folder) = fresh().await;
    move_in(&storage).await.unwrap();
    execute(&folder, "PRAGMA foreign_keys = OFF; UPDATE apps SET owner_id = x'00'");
    let found = storage.read().await.unwrap().apps().find(client_id(1)).await;
    assert!(matches!(found, Err(StorageError::Corrupt { entity: "app", .. })), "{found:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = "these are not tables. ".repeat(100);
    std::fs::write(path(&folder), &text).unwrap();
    let opened = EmbeddedStorage::open(EmbeddedConfig::new(path(&folder))).await;
    assert!(matches!(opened, Err(StorageError::Unavailable(_))));
    assert_eq!(std::fs::read_to_string(path(&folder)).unwrap(), text);
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_restart() {
    let (storage, folder) = fresh().await;
    move_in(&storage).await.unwrap();
    drop(storage);
    let mut work = open(&folder).await.read().await.unwrap();
    assert_eq!(work.tenants().find(tenant_id(1)).await.unwrap(), Some(a_tenant(1)));
}

/// The sums that are kept beside the journal, of the days around it.
async fn sums(storage: &EmbeddedStorage) -> UsageSummary {
    let around = Duration::from_hours(60);
    let window = UsageWindow { from: NOW.minus(around), to: NOW.plus(around) };
    let mut work = storage.read().await.unwrap();
    work.usage().summary(tenant_id(1), window, UsageOf::All, 24, 9).await.unwrap()
}

#[tokio::test]
async fn what_was_in_the_journal_before_there_were_sums_is_in_them() {
    let (storage, folder) = fresh().await;
    let rows: Vec<_> = (0..300)
        .map(|n| UsageRow {
            status: if n % 7 == 0 { 404 } else { 200 },
            duration: Duration::from_micros(u64::from(n) * 40_000),
            provider: (n % 3 > 0).then(local),
            bytes: u64::from(n),
            ..a_usage_row(n)
        })
        .collect();
    let mut work = storage.begin().await.unwrap();
    work.usage().append(&rows).await.unwrap();
    work.commit().await.unwrap();
    let before = sums(&storage).await;
    assert_eq!(before.totals().requests, 300);
    let step = steps().into_iter().find(|it| it.ends_with("0014_usage_sums")).unwrap();
    for way in ["down.sql", "up.sql"] {
        execute(&folder, &std::fs::read_to_string(step.join(way)).unwrap());
    }
    assert_eq!(sums(&storage).await, before);
}

#[tokio::test]
async fn a_copy_is_one_state_and_a_look_at_it_changes_nothing() {
    let (storage, folder) = fresh().await;
    move_in(&storage).await.unwrap();
    let copy = folder.path().join("a copy of 100 %.db");
    // Somebody writes meanwhile, and is not waited for.
    let mut work = storage.begin().await.unwrap();
    work.tenants().add(&a_tenant(77)).await.unwrap();
    storage.copy_to(&copy).await.unwrap();
    work.commit().await.unwrap();

    let before = std::fs::read(&copy).unwrap();
    let opened = EmbeddedStorage::open_copy(&copy).await.unwrap();
    assert!(opened.faults().await.unwrap().is_empty());
    let rows = opened.count_rows().await.unwrap();
    assert_eq!(rows["tenants"] + 1, storage.count_rows().await.unwrap()["tenants"]);
    assert_eq!(rows["__diesel_schema_migrations"], u64::try_from(steps().len()).unwrap());
    let late = opened.read().await.unwrap().tenants().find(tenant_id(77)).await.unwrap();
    assert_eq!(late, None);
    assert!(opened.begin().await.is_err(), "a copy can be written");
    drop(opened);
    assert_eq!(std::fs::read(&copy).unwrap(), before);
    let beside = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name());
    let beside: Vec<_> = beside.filter(|it| it.to_string_lossy().starts_with("a copy")).collect();
    assert_eq!(beside.len(), 1, "{beside:?}");
    // Whoever reads still must not write.
    let mut reader = storage.read().await.unwrap();
    assert!(reader.tenants().add(&a_tenant(78)).await.is_err());
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_found() {
    let (storage, folder) = fresh().await;
    move_in(&storage).await.unwrap();
    execute(&folder, "PRAGMA foreign_keys = OFF; DELETE FROM tenants");
    let faults = storage.faults().await.unwrap();
    assert!(faults.iter().any(|it| it.contains("without its tenants")), "{faults:?}");
    let none = folder.path().join("none.db");
    assert!(EmbeddedStorage::open_copy(&none).await.is_err());
    assert!(EmbeddedStorage::open_existing(&EmbeddedConfig::new(&none)).await.is_err());
    assert!(!none.exists(), "it was made");
}

#[tokio::test]
async fn steps_that_are_missing_or_of_a_newer_program_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let storage = open(&folder).await;
    let state = storage.state().await.unwrap();
    assert_eq!((state.newest, state.missing.len()), (None, steps().len()));
    storage.migrate().await.unwrap();
    execute(&folder, "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')");
    let state = storage.state().await.unwrap();
    assert!(state.missing.is_empty(), "{state:?}");
    assert_eq!(state.unknown, ["9999"]);
    let newest = steps().pop().unwrap();
    assert_eq!(state.newest.as_deref(), newest.file_name().unwrap().to_str());
}

#[derive(QueryableByName)]
struct Planned {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How SQLite would answer a question, step by step.
fn plan(folder: &TempDir, question: &str) -> Vec<String> {
    let mut conn = SqliteConnection::establish(path(folder).to_str().unwrap()).unwrap();
    let plan = diesel::sql_query(format!("EXPLAIN QUERY PLAN {question}"));
    let plan: Vec<Planned> = plan.load(&mut conn).unwrap();
    plan.into_iter().map(|it| it.detail).collect()
}

#[tokio::test]
async fn an_index_has_facts_in_the_order_of_lists() {
    let (_storage, folder) = fresh().await;
    for (kind, index) in [("", "facts_by_time"), ("AND kind = 'commit'", "facts_of_kind")] {
        let question = format!(
            "SELECT at, kind, id, body FROM facts \
             WHERE tenant_id = x'01' AND project_id = x'02' {kind} AND at >= 1 AND at <= 9 \
             AND (at < 9 OR kind < 'issue' OR (kind = 'issue' AND id < '7')) \
             ORDER BY at DESC, kind DESC, id DESC LIMIT 10"
        );
        let plan = plan(&folder, &question);
        // A second step would be one that sorts.
        let [step] = plan.as_slice() else { panic!("{plan:?}") };
        assert!(step.contains(index), "{step}");
    }
}

#[tokio::test]
async fn an_index_has_reports_and_decisions_in_the_order_of_lists() {
    let (_storage, folder) = fresh().await;
    let listed = |of: &str| {
        format!(
            "SELECT * FROM reports WHERE tenant_id = x'01' {of} AND made_at <= 9 \
             AND (made_at < 9 OR id < x'07') ORDER BY made_at DESC, id DESC LIMIT 10"
        )
    };
    let old = "SELECT tenant_id, id FROM reports WHERE made_at < 9 ORDER BY made_at LIMIT 10";
    let decided = |of| format!("SELECT * FROM flag_decisions WHERE tenant_id = x'01' AND {of}");
    for (question, index) in [
        (listed(""), "reports_by_time"),
        (listed("AND course_id = x'02'"), "reports_of_course"),
        (listed("AND team_id = x'03'"), "reports_of_team"),
        (old.to_owned(), "reports_by_age"),
        (decided("course_id = x'02' ORDER BY team_id, flag"), "(tenant_id=? AND course_id=?)"),
        (decided("team_id = x'03' ORDER BY flag"), "flag_decisions_of_team"),
    ] {
        let plan = plan(&folder, &question);
        let [step] = plan.as_slice() else { panic!("{plan:?}") };
        assert!(step.contains(index), "{step}");
    }
}

#[tokio::test]
async fn a_decision_about_a_flag_outlives_whoever_took_it() {
    let (storage, folder) = fresh().await;
    move_in(&storage).await.unwrap();
    let person = a_user(2);
    let decision = FlagDecision { decided_by: Some(person.id), ..a_flag_decision(1) };
    let mut work = storage.begin().await.unwrap();
    work.users().add(&person).await.unwrap();
    work.courses().add(&a_course(1)).await.unwrap();
    work.teams().add(&a_team(1)).await.unwrap();
    work.flag_decisions().put(&decision).await.unwrap();
    work.commit().await.unwrap();
    execute(
        &folder,
        &format!("PRAGMA foreign_keys = ON; DELETE FROM users WHERE email = '{}'", person.email),
    );
    let mut work = storage.read().await.unwrap();
    let kept = work.flag_decisions().of_team(decision.tenant, decision.team).await.unwrap();
    assert_eq!(kept, [FlagDecision { decided_by: None, ..decision }]);
}
