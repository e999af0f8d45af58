//! Reports in every format, and a gradebook for spreadsheets, on both databases.

use std::io::Cursor;

use anyhow::Context as _;
use calamine::{Data, Reader as _, Xlsx};
use end_to_end::{
    Setup,
    client::{Answer, Client},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    postgres::Schema,
    teaching_import::{TEAMS, repositories, result, wish},
};

const TOKEN: &str = "77c1a90be2f34d58a6c4e1f0b3d2957e";

#[test]
fn reports_are_made_on_the_embedded_database() -> anyhow::Result<()> {
    let (data, folder) = (tempfile::tempdir()?, repositories()?);
    are_made(Setup::new(data.path())?, &folder)
}

#[test]
fn reports_are_made_on_postgresql() -> anyhow::Result<()> {
    let (data, folder, schema) = (tempfile::tempdir()?, repositories()?, Schema::new()?);
    are_made(Setup::new(data.path())?.variable("GITLODGE_DATABASE_URL", &schema.url), &folder)
}

/// What a file of that format has first.
fn is_one(format: &str, file: &Answer) -> bool {
    match format {
        "pdf" => file.bytes.starts_with(b"%PDF-"),
        "xlsx" => file.bytes.starts_with(b"PK\x03\x04"),
        "json" => serde_json::from_slice::<Value>(&file.bytes).is_ok(),
        "html" => file.body.starts_with("<!doctype html>"),
        "markdown" => file.body.starts_with("# "),
        _ => file.body.lines().count() > 20,
    }
}

fn are_made(setup: Setup, folder: &TempDir) -> anyhow::Result<()> {
    let setup = setup.repositories(folder.path()).variable("TEACHER_API_TOKEN", TOKEN);
    let server = setup.start()?;
    let mut teacher = server.client().bearing(TOKEN);
    let made = teacher.post("/api/v1/courses/import/gitlab", &wish("pv"))?;
    let course = made.json()?["data"]["course"]["id"].as_str().context("no course")?.to_owned();
    result(&mut teacher, made.location()?)?;
    let teams = teacher.get(&format!("/api/v1/courses/{course}/teams"))?.json()?;
    let team = teams["data"][0]["id"].as_str().context("no team")?.to_owned();
    let reports = format!("/api/v1/teams/{team}/report");

    // A formula of somebody who is in the team by what they go by.
    let of_team = teacher.get(&format!("/api/v1/teams/{team}/members"))?.json()?;
    let student = of_team["data"][0]["id"].as_str().context("no member")?.to_owned();
    let evil = json!({ "name": "=cmd|'/c calc'!A1" });
    let renamed = teacher.send(
        "PATCH",
        &format!("/api/v1/students/{student}"),
        &[("content-type", "application/json")],
        Some(&evil.to_string()),
    )?;
    assert_eq!(renamed.status, 200, "{}", renamed.body);

    for format in ["pdf", "xlsx", "csv", "json", "markdown", "html"] {
        let asked = teacher.post(&reports, &json!({ "format": format }))?;
        assert_eq!(asked.status, 202, "{format}: {}", asked.body);
        let made = result(&mut teacher, asked.location()?)?;
        let url = made["url"].as_str().context("no file")?;
        let file = teacher.get(url)?;
        assert_eq!(file.status, 200, "{format}: {}", file.body);
        assert!(is_one(format, &file), "{format}: {}", file.body);
        assert_eq!(Some(u64::try_from(file.bytes.len())?), made["bytes"].as_u64(), "{made}");
        let is_formula = |it: &str| it.starts_with("=cmd") || it.contains(",=cmd");
        assert!(format != "csv" || !file.body.lines().any(is_formula), "{}", file.body);
    }
    let listed = teacher.get(&reports)?.json()?;
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(6), "{listed}");
    gradebook(&mut teacher, &course)?;

    // Who is erased stands in no file any more.
    let erased =
        teacher.send("DELETE", &format!("/api/v1/students/{student}/personal-data"), &[], None)?;
    assert_eq!(erased.status, 200, "{}", erased.body);
    assert_eq!(teacher.get(&reports)?.json()?["data"], json!([]));
    server.stop()?;
    Ok(())
}

/// A row for each student under the names of the columns.
fn gradebook(teacher: &mut Client, course: &str) -> anyhow::Result<()> {
    let path = format!("/api/v1/courses/{course}/gradebook");
    let rows = teacher.get(&path)?.json()?["data"]["rows"].as_array().map_or(0, Vec::len);
    assert!(rows >= usize::try_from(TEAMS)?, "{rows}");
    let csv = teacher.get(&format!("{path}?format=csv"))?;
    assert!(
        csv.body.starts_with("Number,Name,E-mail,Team,Score,R01 Issue assigned"),
        "{}",
        csv.body
    );
    assert_eq!(csv.body.lines().count(), rows + 1);
    let xlsx = teacher.get(&format!("{path}?format=xlsx"))?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx.bytes))?;
    let name = book.sheet_names().last().cloned().context("no sheet")?;
    let sheet = book.worksheet_range(&name)?;
    let names =
        sheet.rows().filter(|it| it.iter().any(|it| *it == Data::String("Team".to_owned())));
    assert_eq!(names.count(), 1, "{:?}", sheet.rows().next());
    let evil = |it: &Data| matches!(it, Data::String(text) if text.contains("=cmd"));
    assert!(sheet.rows().any(|row| row.iter().any(evil)));
    let formulas = book.worksheet_formula(&name)?;
    assert!(formulas.used_cells().next().is_none(), "{formulas:?}");
    Ok(())
}
