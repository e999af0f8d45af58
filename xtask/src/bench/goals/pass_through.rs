//! P2: a page of repositories of a host behind HTTP, normalised and firewalled,
//! beside nginx that passes that host's bytes on as they are.

use std::fs;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::{Outcome, throughput::BODY};
use crate::{
    bench::{
        Bench, build,
        gateway::{Gateway, StartError},
        http::Client,
        nginx::Nginx,
        wrk,
    },
    scratch::Scratch,
};

const PATH: &str = "/v1/repositories?provider=gitea&limit=100";

pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let binary = build::server(bench)?;
    let folder = Scratch::open("repositories", 200)?;
    let upstream_body = repositories()?;
    let nginx = Nginx::serve(&upstream_body, &beside(count(&upstream_body)?))?;
    let hosts = folder.folder.join("hosts.toml");
    let host = format!("[[host]]\nkind = \"gitea\"\naddress = \"{}\"\n", nginx.upstream);
    fs::write(&hosts, host).context("the file of hosts cannot be written")?;
    let hosts = format!("--hosts={}", hosts.display());
    let gateway = Gateway::start_with(bench, &binary, &folder.folder, &[&hosts], Some("gitea"));
    let gateway = gateway.map_err(StartError::into_error)?;

    let mut client = Client::new(&gateway.url);
    client.bearer = Some(gateway.token.clone());
    let answer = client.get(PATH)?;
    let listed = answer.json().context("the page of repositories was refused")?;
    let listed = listed.get("data").and_then(Value::as_array).map_or(0, Vec::len);
    ensure!(listed == count(&upstream_body)?, "only {listed} repositories came through");

    let (ours, theirs) = (format!("{}{PATH}", gateway.url), format!("{}/", nginx.url));
    let series = bench.protocol.compare(
        bench,
        |window| wrk::rate(&ours, &gateway.token, window),
        |window| wrk::rate(&theirs, &gateway.token, window),
    )?;
    Ok(Outcome::Measured {
        figure: series.figure(),
        details: format!(
            "{}; {} bytes of the host became {}, identical questions shared, 304 believed; {}",
            series.spread(),
            upstream_body.len(),
            answer.body.len(),
            if bench.postgres { "PostgreSQL" } else { "embedded store" }
        ),
    })
}

/// What a Gitea answers to `GET /user/repos`, as many as fit the agreed size.
fn repositories() -> anyhow::Result<String> {
    let mut all = Vec::new();
    loop {
        all.push(repository(all.len() + 1));
        let body = serde_json::to_string(&all)?;
        if body.len() >= BODY {
            return Ok(body);
        }
    }
}

/// What it answers where an account is connected and repositories are chosen,
/// below `/api/v1/`.
fn beside(repositories: usize) -> Vec<(String, String)> {
    let mut answers = vec![
        ("user".to_owned(), json!({"id": 7, "login": "bench"}).to_string()),
        ("settings/api".to_owned(), json!({"max_response_items": 50}).to_string()),
    ];
    let each = (1..=repositories)
        .map(|number| (format!("repositories/{number}"), repository(number).to_string()));
    answers.extend(each);
    answers
}

fn repository(number: usize) -> Value {
    let name = format!("service-{number:02}");
    json!({
        "id": number,
        "owner": {"id": 7, "login": "bench", "full_name": "Bench", "email": "bench@example.com"},
        "name": name,
        "full_name": format!("bench/{name}"),
        "description": "One of the services of the bench",
        "empty": false,
        "private": true,
        "fork": false,
        "archived": false,
        "size": 4_096,
        "language": "Rust",
        "html_url": format!("https://git.example.com/bench/{name}"),
        "clone_url": format!("https://git.example.com/bench/{name}.git"),
        "default_branch": "main",
        "created_at": "2025-03-04T05:06:07Z",
        "updated_at": "2026-03-04T05:06:07Z",
        "permissions": {"admin": false, "push": true, "pull": true},
        "object_format_name": "sha1",
    })
}

fn count(body: &str) -> anyhow::Result<usize> {
    Ok(serde_json::from_str::<Vec<Value>>(body)?.len())
}
