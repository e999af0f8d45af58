//! PostgreSQL is held to the contract, and to what only it promises.
#![expect(clippy::unwrap_used, reason = "what cannot be prepared ends the test")]

mod schema;

use std::{sync::Arc, time::Duration};

use lodge_access::{UsageOf, UsageRow, UsageSummary, UsageWindow};
use lodge_storage::{FlagDecision, Storage as _, StorageError};
use lodge_store::{PostgresConfig, PostgresStorage};
use lodge_testkit::{
    builders::{
        NOW, a_course, a_flag_decision, a_team, a_tenant, a_usage_row, a_user, client_id, local,
        move_in, tenant_id,
    },
    storage_contract,
};
use schema::Schema;

async fn open(schema: &Schema) -> PostgresStorage {
    PostgresStorage::connect(schema.config()).await.unwrap()
}

async fn fresh() -> (PostgresStorage, Schema) {
    let schema = Schema::create();
    let storage = open(&schema).await;
    storage.migrate().await.unwrap();
    (storage, schema)
}

storage_contract!(fresh().await);

/// The folders of the migrations, in order.
fn steps() -> Vec<std::path::PathBuf> {
    let all = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../migrations/postgres");
    let mut steps: Vec<_> = std::fs::read_dir(all).unwrap().map(|it| it.unwrap().path()).collect();
    steps.sort();
    steps
}

// A schema is dropped on the test's own thread: another one must be there to
// roll back what the schema waits for.

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_that_start_at_once_take_every_step_once() {
    let schema = Schema::create();
    let start = || async { open(&schema).await.migrate().await.unwrap() };
    let (one, two, three) = tokio::join!(start(), start(), start());
    assert_eq!([one, two, three].concat().len(), steps().len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_step_can_be_taken_back_and_taken_again() {
    let (storage, schema) = fresh().await;
    let steps = steps();
    for step in steps.iter().rev() {
        schema.execute(std::fs::read_to_string(step.join("down.sql")).unwrap());
    }
    schema.execute("DELETE FROM __diesel_schema_migrations".to_owned());
    assert_eq!(storage.migrate().await.unwrap().len(), steps.len());
    move_in(&storage).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_the_domain_refuses_is_corrupt() {
    for wrong in ["default_permissions = 'read:everything'", "redirect_uris = '[\"here\"]'"] {
        let (storage, schema) = fresh().await;
        move_in(&storage).await.unwrap();
        schema.execute(format!("UPDATE apps SET {wrong}"));
        let found = storage.read().await.unwrap().apps().find(client_id(1)).await;
        assert!(matches!(found, Err(StorageError::Corrupt { entity: "app", .. })), "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_to_what_another_has_changed_since_is_a_conflict() {
    let (storage, _schema) = fresh().await;
    move_in(&storage).await.unwrap();
    let mut slow = storage.begin().await.unwrap();
    let app = slow.apps().find(client_id(1)).await.unwrap().unwrap();
    let mut fast = storage.begin().await.unwrap();
    fast.apps().update(&app).await.unwrap();
    fast.commit().await.unwrap();
    let lost = slow.apps().update(&app).await;
    assert!(matches!(lost, Err(StorageError::Conflict(_))), "{lost:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_the_server_has_closed_are_replaced() {
    let (storage, schema) = fresh().await;
    move_in(&storage).await.unwrap();
    schema.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE pid <> pg_backend_pid() AND query LIKE '%SELECT 1; COMMIT%'"
            .to_owned(),
    );
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let mut work = storage.read().await.unwrap();
    assert_eq!(work.tenants().find(tenant_id(1)).await.unwrap(), Some(a_tenant(1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_tls_is_refused_when_tls_is_asked_for() {
    let schema = Schema::create();
    let url = format!("{}&sslmode=require", schema.url());
    let refused = PostgresStorage::connect(PostgresConfig::new(url)).await;
    assert!(matches!(refused, Err(StorageError::Unavailable(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counting_takes_longer_than_a_statement_may() {
    let (_, schema) = fresh().await;
    let schema = Arc::new(schema);
    let statement_timeout = Duration::from_millis(250);
    let config = PostgresConfig { statement_timeout, ..schema.config() };
    let storage = PostgresStorage::connect(config).await.unwrap();
    let held = tokio::task::spawn_blocking({
        let schema = Arc::clone(&schema);
        move || {
            schema.execute("BEGIN; LOCK TABLE users; SELECT pg_sleep(1); COMMIT".to_owned());
        }
    });
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert_eq!(storage.count_rows().await.unwrap().get("users"), Some(&0));
    held.await.unwrap();
}

#[test]
fn the_password_is_not_printed() {
    let config = PostgresConfig::new("postgresql://lodge:hunter2@db.example/lodge");
    assert!(!format!("{config:?}").contains("hunter2"));
}

/// The sums that are kept beside the journal, of the days around it.
async fn sums(storage: &PostgresStorage) -> UsageSummary {
    let around = Duration::from_hours(60);
    let window = UsageWindow { from: NOW.minus(around), to: NOW.plus(around) };
    let mut work = storage.read().await.unwrap();
    work.usage().summary(tenant_id(1), window, UsageOf::All, 24, 9).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_in_the_journal_before_there_were_sums_is_in_them() {
    let (storage, schema) = fresh().await;
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
        schema.execute(std::fs::read_to_string(step.join(way)).unwrap());
    }
    assert_eq!(sums(&storage).await, before);
}

/// PostgreSQL answers the question from the index, without sorting.
fn assert_in_order(schema: &Schema, question: &str, index: &str) {
    let question = question.replace('\'', "''");
    // Of an empty table the planner would read all there is.
    schema.execute(format!(
        "SET enable_seqscan = off; SET enable_bitmapscan = off; \
         DO $$ DECLARE step TEXT; plan TEXT := ''; BEGIN \
         FOR step IN EXECUTE 'EXPLAIN {question}' \
         LOOP plan := plan || step || E'\\n'; END LOOP; \
         IF plan LIKE '%Sort%' OR plan NOT LIKE '%{index}%' THEN \
         RAISE EXCEPTION '%', plan; END IF; END $$"
    ));
}

const ID: &str = "00000000-0000-0000-0000-000000000001";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_has_facts_in_the_order_of_lists() {
    let (_storage, schema) = fresh().await;
    for (kind, index) in [("", "facts_by_time"), ("AND kind = 'commit'", "facts_of_kind")] {
        let question = format!(
            "SELECT at, kind, id, body FROM facts \
             WHERE tenant_id = '{ID}' AND project_id = '{ID}' {kind} \
             AND at >= 1 AND at <= 9 \
             AND (at < 9 OR kind < 'issue' OR (kind = 'issue' AND id < '7')) \
             ORDER BY at DESC, kind DESC, id DESC LIMIT 10"
        );
        assert_in_order(&schema, &question, index);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_has_reports_and_decisions_in_the_order_of_lists() {
    let (_storage, schema) = fresh().await;
    let listed = |of: &str| {
        format!(
            "SELECT * FROM reports WHERE tenant_id = '{ID}' {of} AND made_at <= 9 \
             AND (made_at < 9 OR id < '{ID}') ORDER BY made_at DESC, id DESC LIMIT 10"
        )
    };
    let old = "SELECT tenant_id, id FROM reports WHERE made_at < 9 ORDER BY made_at LIMIT 10";
    let decided = |of: &str, order: &str| {
        format!(
            "SELECT * FROM flag_decisions WHERE tenant_id = '{ID}' AND {of} = '{ID}' \
             ORDER BY {order}"
        )
    };
    for (question, index) in [
        (listed(""), "reports_by_time"),
        (listed(&format!("AND course_id = '{ID}'")), "reports_of_course"),
        (listed(&format!("AND team_id = '{ID}'")), "reports_of_team"),
        (old.to_owned(), "reports_by_age"),
        (decided("course_id", "team_id, flag"), "flag_decisions_pkey"),
        (decided("team_id", "flag"), "flag_decisions_of_team"),
    ] {
        assert_in_order(&schema, &question, index);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_about_a_flag_outlives_whoever_took_it() {
    let (storage, schema) = fresh().await;
    move_in(&storage).await.unwrap();
    let person = a_user(2);
    let decision = FlagDecision { decided_by: Some(person.id), ..a_flag_decision(1) };
    let mut work = storage.begin().await.unwrap();
    work.users().add(&person).await.unwrap();
    work.courses().add(&a_course(1)).await.unwrap();
    work.teams().add(&a_team(1)).await.unwrap();
    work.flag_decisions().put(&decision).await.unwrap();
    work.commit().await.unwrap();
    schema.execute(format!("DELETE FROM users WHERE email = '{}'", person.email));
    let mut work = storage.read().await.unwrap();
    let kept = work.flag_decisions().of_team(decision.tenant, decision.team).await.unwrap();
    assert_eq!(kept, [FlagDecision { decided_by: None, ..decision }]);
}
