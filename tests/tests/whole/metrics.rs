//! What is counted, and who may see it.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use end_to_end::{Client, Server, Setup};
use serde_json::{Value, json};

use crate::teaching_intake::{SECRET, TEACHER};

const TOKEN: &str = "a-scrape-token-of-at-least-32-characters";

#[test]
fn the_operator_sees_what_is_counted_and_the_public_does_not() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Setup::new(data.path())?.start()?;
    let mut public = server.client();
    assert_eq!(public.get("/health")?.status, 200);
    assert_eq!(public.get("/nowhere")?.status, 404);
    assert_eq!(public.get("/metrics")?.refusal()?, (404, "RESOURCE_NOT_FOUND".to_owned()));

    let mut admin = Client::new(&server.admin_url);
    let metrics = admin.get("/metrics")?;
    assert_eq!(metrics.status, 200);
    let kind = metrics.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let samples = samples(&metrics.body)?;
    let count = |labels: &[&str]| {
        let mut fitting = samples.iter().filter(|(name, _)| {
            name.starts_with("http_requests_total{") && labels.iter().all(|it| name.contains(it))
        });
        fitting.next().map(|(_, value)| *value)
    };
    assert_eq!(count(&["method=\"GET\"", "path=\"/health\"", "status=\"200\""]), Some(1.0));
    assert_eq!(count(&["path=\"none\"", "status=\"404\""]), Some(1.0), "{}", metrics.body);

    assert_eq!(admin.get("/health")?.status, 200);
    assert_eq!(admin.get("/v1/providers")?.status, 404, "the admin listener serves the API");
    Ok(())
}

/// The names in the first column of the tables of docs/operating.md.
fn documented() -> anyhow::Result<BTreeSet<String>> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/operating.md");
    let text = fs::read_to_string(page)?;
    let after = text.split_once("## What is counted").context("no chapter on what is counted")?.1;
    let rows = after.lines().take_while(|it| !it.starts_with("## "));
    let names = rows.filter_map(|it| it.strip_prefix("| `")?.split_once('`'));
    Ok(names.map(|(name, _)| name.to_owned()).collect())
}

/// The names that are printed, as a program asks for them.
fn printed(server: &Server) -> anyhow::Result<BTreeSet<String>> {
    let metrics = Client::new(&server.admin_url).get("/metrics")?.body;
    let types = metrics.lines().filter_map(|it| it.strip_prefix("# TYPE ")?.split_once(' '));
    let name = |(name, kind): (&str, &str)| match kind {
        "counter" => format!("{name}_total"),
        _ => name.to_owned(),
    };
    Ok(types.map(name).collect())
}

#[test]
fn every_metric_is_documented_and_every_documented_one_is_there() -> anyhow::Result<()> {
    let (data, folder) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let server = Setup::new(data.path())?
        .with("--demo")
        .with("--simulate=gitlab")
        .repositories(folder.path())
        .variable("TEACHER_API_TOKEN", TEACHER)
        .variable("GITLAB_TOKEN", "personal-gitlab")
        .variable("GITLODGE_GITLAB_WEBHOOK_SECRET", SECRET)
        .start()?;
    // What was never counted is not printed: a host is asked, and delivers.
    let mut teacher = server.client().bearing(TEACHER);
    teacher.get("/api/v1/gitlab/parse-url?host=gitlab&url=nothing/there")?;
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Gitlab-Event", "Push Hook"),
        ("X-Gitlab-Token", SECRET),
    ];
    let push = r#"{"object_kind":"push","project_id":1}"#;
    let left = teacher.send("POST", "/api/v1/webhooks/gitlab", &headers, Some(push))?;
    assert_eq!(left.status, 202, "{}", left.body);
    // And a teacher asks for results as a file.
    let wish = json!({
        "code": "PV", "name": "Programming", "academic_year": "2026/2027", "semester": "winter",
    });
    let course = teacher.post("/api/v1/courses/", &wish)?.json()?;
    let course = course["data"]["id"].as_str().context("no course")?;
    let book = teacher.get(&format!("/api/v1/courses/{course}/gradebook?format=csv"))?;
    assert_eq!(book.status, 200, "{}", book.body);
    let (began, documented) = (Instant::now(), documented()?);
    // The delivery is taken in a moment later.
    while printed(&server)? != documented && began.elapsed() < Duration::from_secs(10) {
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(printed(&server)?, documented);
    Ok(())
}

/// What the dashboard and the alerts ask for, in the language of Prometheus.
fn asked_for() -> anyhow::Result<Vec<String>> {
    let deploy = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy"));
    let dashboard = fs::read_to_string(deploy.join("grafana/gitlodge.json"))?;
    let dashboard: Value = serde_json::from_str(&dashboard)?;
    let panels = dashboard["panels"].as_array().context("no panels")?;
    let targets =
        panels.iter().flat_map(|it| it["targets"].as_array().cloned().unwrap_or_default());
    let mut asked: Vec<_> =
        targets.filter_map(|it| it["expr"].as_str().map(str::to_owned)).collect();
    ensure!(asked.len() > 10, "the dashboard asks for little");
    let alerts = fs::read_to_string(deploy.join("prometheus/alerts.yml"))?;
    // The file is written so that each expression is a line, or a block that is
    // indented further.
    let mut lines = alerts.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((indent, expression)) = line.split_once("expr:") else { continue };
        let mut text = expression.trim().trim_start_matches('|').to_owned();
        while let Some(more) =
            lines.next_if(|it| it.len() > indent.len() && it.starts_with(&format!("{indent}  ")))
        {
            text.push_str(more);
        }
        asked.push(text);
    }
    Ok(asked)
}

#[test]
fn the_dashboard_and_the_alerts_ask_for_what_there_is() -> anyhow::Result<()> {
    let mut known = documented()?;
    // Prometheus itself says this one.
    known.insert("up".to_owned());
    for expression in asked_for()? {
        let mut names = 0;
        for name in metrics_in(&expression) {
            // Others have metrics of these names, too.
            let is_ours = name.starts_with("gitlodge_");
            assert!(
                is_ours || expression.contains(&format!("{name}{{job=\"gitlodge\"")),
                "`{name}` in `{expression}` is of every job"
            );
            let base = ["_bucket", "_count", "_sum"].iter().find_map(|it| name.strip_suffix(it));
            assert!(
                known.contains(name) || base.is_some_and(|it| known.contains(it)),
                "`{name}` in `{expression}`"
            );
            names += 1;
        }
        assert!(names > 0, "`{expression}` asks for nothing");
    }
    Ok(())
}

/// The words of an expression that are metrics: neither functions, nor labels,
/// nor keywords.
fn metrics_in(expression: &str) -> Vec<&str> {
    const KEYWORDS: [&str; 8] = ["by", "and", "or", "on", "unless", "bool", "ignoring", "without"];
    let is_word = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == ':';
    let mut names = Vec::new();
    let (mut depth, mut rest) = (0_u32, expression);
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|it| !is_word(it)).unwrap_or(rest.len());
        if end > 0 {
            let (word, after) = rest.split_at(end);
            rest = after;
            // What stands in braces, brackets or a list of labels is no metric.
            let next = after.trim_start();
            let is_call = ["(", "by ", "without "].iter().any(|it| next.starts_with(it));
            if KEYWORDS.contains(&word) && is_call {
                let close = after.find(')').map_or(after.len(), |it| it + 1);
                rest = &after[close..];
            } else if depth == 0 && !is_call && !first.is_ascii_digit() && !KEYWORDS.contains(&word)
            {
                names.push(word);
            }
            continue;
        }
        match first {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            _ => {}
        }
        rest = &rest[first.len_utf8()..];
    }
    names
}

#[test]
fn a_scraper_with_the_token_is_let_in() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Setup::new(data.path())?.variable("GITLODGE_METRICS_TOKEN", TOKEN).start()?;
    assert_eq!(server.client().get("/metrics")?.refusal()?.0, 401);
    let wrong =
        server.client().bearing("another-token-of-at-least-32-characters").get("/metrics")?;
    assert_eq!(wrong.refusal()?, (401, "INVALID_CREDENTIALS".to_owned()));
    let right = server.client().bearing(TOKEN).get("/metrics")?;
    assert_eq!(right.status, 200);
    assert!(!samples(&right.body)?.is_empty());
    Ok(())
}

/// Every sample: its name with labels, and its value. All else must be a
/// comment of the format, and the last line its end:
/// <https://prometheus.io/docs/specs/om/open_metrics_spec/>.
fn samples(text: &str) -> anyhow::Result<Vec<(String, f64)>> {
    let comments = ["# HELP ", "# TYPE ", "# UNIT "];
    let body = text.strip_suffix("# EOF\n").context("the end is missing")?;
    let lines = body.lines().filter(|line| !comments.iter().any(|it| line.starts_with(it)));
    let sample = |line: &str| {
        let (name, value) = line.rsplit_once(' ').with_context(|| format!("`{line}`"))?;
        let value = value.parse().with_context(|| format!("`{line}`"))?;
        Ok((name.to_owned(), value))
    };
    lines.map(sample).collect()
}
