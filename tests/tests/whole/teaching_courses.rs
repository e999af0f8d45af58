//! A teacher's first hour with the binary: with the token of the environment
//! alone, on both databases, and across a restart.

use end_to_end::{Setup, client::Client};
use serde_json::{Value, json};

use crate::postgres::Schema;

const TOKEN: &str = "5b1f9c27e6d84a30b7c2f8e1d09a6c43";

#[test]
fn a_course_of_thirty_teams_is_there_after_a_restart_on_the_embedded_database() -> anyhow::Result<()>
{
    let data = tempfile::tempdir()?;
    let setup = || anyhow::Ok(Setup::new(data.path())?.variable("TEACHER_API_TOKEN", TOKEN));
    a_first_hour(setup)
}

#[test]
fn a_course_of_thirty_teams_is_there_after_a_restart_on_postgresql() -> anyhow::Result<()> {
    let (data, schema) = (tempfile::tempdir()?, Schema::new()?);
    let setup = || {
        let setup = Setup::new(data.path())?.variable("TEACHER_API_TOKEN", TOKEN);
        anyhow::Ok(setup.variable("GITLODGE_DATABASE_URL", &schema.url))
    };
    a_first_hour(setup)
}

fn a_first_hour(setup: impl Fn() -> anyhow::Result<Setup>) -> anyhow::Result<()> {
    let server = setup()?.variable("GITLODGE_LOG", "info").start()?;
    let mut teacher = server.client().bearing(TOKEN);
    assert_eq!(teacher.get("/api/v1/courses/")?.json()?["data"], json!([]));
    let course = json!({
        "code": "PV-2026", "name": "Programming", "academic_year": "2026/2027",
        "semester": "winter", "time_zone": "Europe/Bratislava",
    });
    // It makes the organisation as well, and is the same request afterwards.
    let text = course.to_string();
    let keyed = [("Content-Type", "application/json"), ("Idempotency-Key", "first")];
    let mut once = || teacher.send("POST", "/api/v1/courses/", &keyed, Some(&text));
    let made = once()?;
    assert_eq!(made.status, 201, "{}", made.body);
    let again = once()?;
    assert_eq!((again.status, &again.body), (201, &made.body));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let course = made.header("location").unwrap_or_default().to_owned();
    let taken = teacher.post(
        "/api/v1/courses/",
        &json!({
            "code": "pv-2026", "name": "Other", "academic_year": "2026/2027", "semester": "winter",
        }),
    )?;
    assert_eq!(taken.refusal()?, (409, "conflict".to_owned()));

    let lines = (1..=90)
        .map(|n| format!("{n};Student {n};s{n}@college.example;Team {};user{n}\r\n", n % 30));
    let lines: Vec<String> = lines.collect();
    let head = "\u{feff}student_number;name;email;team;usernames\r\n";
    let import = |teacher: &mut Client, text: &str| {
        let kind = [("Content-Type", "text/csv")];
        teacher.send("POST", &format!("{course}/roster"), &kind, Some(text))
    };
    let mut broken = lines.clone();
    "16;Student 16\r\n".clone_into(&mut broken[15]);
    let refused = import(&mut teacher, &(head.to_owned() + &broken.concat()))?;
    assert_eq!(refused.refusal()?, (422, "unprocessable".to_owned()));
    let told: Value = serde_json::from_str(&refused.body)?;
    assert_eq!(told["error"]["details"][0]["field"], "line 17", "{told}");
    let file = head.to_owned() + &lines.concat();
    let done = import(&mut teacher, &file)?.json()?;
    assert_eq!(done["data"]["teams_created"], 30, "{done}");
    assert_eq!(done["data"]["created"], 90);
    let other = server.client().bearing("5b1f9c27e6d84a30b7c2f8e1d09a6c44").get(&course)?;
    assert_eq!(other.refusal()?.0, 401);
    // What is refused is logged without what was sent: it may name somebody.
    let log = server.stop()?.log;
    assert!(log.contains("refused") && !log.contains("pv-2026"), "{log}");

    let server = setup()?.start()?;
    let mut teacher = server.client().bearing(TOKEN);
    let again = import(&mut teacher, &file)?.json()?;
    assert_eq!(again["data"]["unchanged"], 90, "{again}");
    let page = teacher.get(&format!("{course}/teams?sort=name&limit=100"))?.json()?;
    assert_eq!(page["data"].as_array().map(Vec::len), Some(30));
    assert_eq!(page["data"][0]["name"], "Team 0");
    let found = teacher.get(&format!("{course}/students?q=s90@college"))?.json()?;
    assert_eq!(found["data"].as_array().map(Vec::len), Some(1), "{found}");
    server.stop()?;
    Ok(())
}
