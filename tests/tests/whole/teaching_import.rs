//! A course of thirty teams is brought in from a folder of real repositories, on
//! both databases, and from an imitated GitLab.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use end_to_end::{History, Setup, client::Client};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::postgres::Schema;

const TOKEN: &str = "5b1f9c27e6d84a30b7c2f8e1d09a6c43";
pub(crate) const TEAMS: u64 = 30;
const COMMITS: u64 = 12;
/// How long an import may take on a machine that does other things, too.
const PATIENCE: Duration = Duration::from_mins(3);

#[test]
fn a_folder_of_thirty_teams_comes_in_on_the_embedded_database() -> anyhow::Result<()> {
    let (data, folder) = (tempfile::tempdir()?, repositories()?);
    comes_in(Setup::new(data.path())?, &folder)
}

#[test]
fn a_folder_of_thirty_teams_comes_in_on_postgresql() -> anyhow::Result<()> {
    let (data, folder, schema) = (tempfile::tempdir()?, repositories()?, Schema::new()?);
    comes_in(Setup::new(data.path())?.variable("GITLODGE_DATABASE_URL", &schema.url), &folder)
}

#[test]
fn the_same_teams_come_in_from_an_imitated_gitlab() -> anyhow::Result<()> {
    let (data, folder) = (tempfile::tempdir()?, repositories()?);
    let mut server = Setup::new(data.path())?
        .repositories(folder.path())
        .with("--demo")
        .with("--simulate=gitlab")
        .variable("TEACHER_API_TOKEN", TOKEN)
        .variable("GITLAB_TOKEN", "personal-gitlab")
        .start()?;
    let simulated = server.wait_for_line("simulated hosts on ")?;
    let mut teacher = server.client().bearing(TOKEN);
    let mut wish = wish(&format!("{simulated}/gitlab/pv"));
    wish["host"] = json!("gitlab");
    let made = teacher.post("/api/v1/courses/import/gitlab", &wish)?;
    assert_eq!(made.status, 202, "{}", made.body);
    let result = result(&mut teacher, made.location()?)?;
    assert_eq!(result["teams"]["created"], TEAMS, "{result}");
    assert_eq!(result["projects"]["created"], TEAMS, "{result}");
    assert_eq!(result["projects"]["failures"], 0, "{result}");
    server.stop()?;
    Ok(())
}

/// `pv/team-01/app` to `pv/team-30/app`.
pub(crate) fn repositories() -> anyhow::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    for n in 1..=TEAMS {
        let team = folder.path().join(format!("pv/team-{n:02}"));
        std::fs::create_dir_all(&team)?;
        History::with_merges(COMMITS).write(&team.join("app.git"))?;
    }
    Ok(folder)
}

fn comes_in(setup: Setup, folder: &TempDir) -> anyhow::Result<()> {
    let setup = setup.repositories(folder.path()).variable("TEACHER_API_TOKEN", TOKEN);
    let server = setup.start()?;
    let mut teacher = server.client().bearing(TOKEN);
    let preview = teacher.get("/api/v1/gitlab/parse-url?url=pv&host=local")?.json()?;
    let would = &preview["data"]["would_import"];
    assert_eq!(*would, json!({ "teams": TEAMS, "projects": TEAMS, "more": false }), "{preview}");

    let wrong = teacher.post("/api/v1/courses/import/gitlab", &wish("nowhere"))?;
    assert_eq!(wrong.refusal()?, (422, "unprocessable".to_owned()));
    assert_eq!(teacher.get("/api/v1/courses/")?.json()?["data"], json!([]));

    let made = teacher.post("/api/v1/courses/import/gitlab", &wish("pv"))?;
    assert_eq!(made.status, 202, "{}", made.body);
    let job = made.location()?.to_owned();
    let course = made.json()?["data"]["course"]["id"].as_str().context("no course")?.to_owned();
    let result = result(&mut teacher, &job)?;
    assert_eq!(result["teams"]["created"], TEAMS, "{result}");
    assert_eq!(result["projects"]["created"], TEAMS, "{result}");
    assert_eq!(result["projects"]["failures"], 0, "{result}");
    assert_eq!(result["facts"]["commits_read"], TEAMS * COMMITS, "{result}");

    let taken = teacher.post("/api/v1/courses/import/gitlab", &wish("pv"))?;
    assert_eq!(taken.refusal()?, (409, "conflict".to_owned()));

    let projects = teacher.get(&format!("/api/v1/courses/{course}/projects?limit=100"))?.json()?;
    assert_eq!(projects["data"].as_array().map(Vec::len), Some(30), "{projects}");
    let project = projects["data"][0]["id"].as_str().context("no project")?.to_owned();
    let commits = |teacher: &mut Client, query: &str| {
        teacher.get(&format!("/api/v1/projects/{project}/commits?{query}"))?.json()
    };
    let first = commits(&mut teacher, "limit=10")?;
    assert_eq!(first["data"].as_array().map(Vec::len), Some(10), "{first}");
    let cursor = first["page_info"]["next_cursor"].as_str().context("no cursor")?;
    let rest = commits(&mut teacher, &format!("limit=10&cursor={cursor}"))?;
    assert_eq!(rest["data"].as_array().map(Vec::len), Some(2), "{rest}");

    // The second time, nothing changes.
    let again =
        teacher.post(&format!("/api/v1/courses/{course}/sync-all?full=true"), &json!({}))?;
    let again = self::result(&mut teacher, again.location()?)?;
    assert_eq!(again["teams"]["unchanged"], TEAMS, "{again}");
    assert_eq!(again["projects"]["unchanged"], TEAMS, "{again}");
    assert_eq!(again["facts"]["changed"], 0, "{again}");
    let summary = teacher.get(&format!("/api/v1/courses/{course}/summary"))?.json()?;
    assert_eq!(summary["data"]["teams"], TEAMS, "{summary}");
    assert!(summary["data"]["last_sync_at"].is_string(), "{summary}");

    // There are no issues and merge requests in a folder: nobody fails for it.
    let book = teacher.get(&format!("/api/v1/courses/{course}/gradebook"))?.json()?;
    let row = &book["data"]["rows"][0];
    for code in ["R01", "R03", "I03", "I06"] {
        assert_eq!(row["results"][code], Value::Null, "{code}: {row}");
    }
    assert_eq!((&row["score"], &row["results"]["I01"]), (&Value::Null, &json!(100.0)), "{row}");
    server.stop()?;
    Ok(())
}

pub(crate) fn wish(url: &str) -> Value {
    json!({
        "url": url, "host": "local", "code": "PV-2026", "name": "Programming",
        "academic_year": "2026/2027", "semester": "winter",
    })
}

/// What came of a job, once it has ended well.
pub(crate) fn result(teacher: &mut Client, job: &str) -> anyhow::Result<Value> {
    let begun = Instant::now();
    loop {
        let told = teacher.get(job)?.json()?;
        match told["data"]["state"].as_str() {
            Some("done") => return Ok(told["data"]["result"].clone()),
            Some("queued" | "running") => {}
            _ => anyhow::bail!("the job did not end well: {told}"),
        }
        ensure!(begun.elapsed() < PATIENCE, "the job never ends: {told}");
        thread::sleep(Duration::from_millis(100));
    }
}
