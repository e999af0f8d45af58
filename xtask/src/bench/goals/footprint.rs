//! P12: memory when idle, and what a million requests leave behind.

use std::{fs, time::Duration};

use anyhow::Context;
use serde_json::Value;

use super::{Outcome, throughput::fill};
use crate::{
    bench::{
        Bench, build,
        gateway::{Gateway, StartError},
        http::{Client, text_at},
        repositories, wrk,
    },
    scratch::Scratch,
    terminal::note,
};

/// What the server may hold before its first request, in MiB: must and stretch.
const IDLE_MIB: (f64, f64) = (45.0, 30.0);

pub(super) fn measure(bench: &Bench<'_>) -> anyhow::Result<Outcome> {
    let binary = build::server(bench)?;
    let folder = Scratch::open("repositories", 200)?;
    fill(&folder)?;
    repositories::make(&folder.folder.join("large.git"), 2_000)?;
    let gateway =
        Gateway::start(bench, &binary, &folder.folder, &[]).map_err(StartError::into_error)?;
    let script = folder.folder.join("mixed.lua");
    fs::write(&script, mixed(&paths(&gateway)?)).context("wrk's script cannot be written")?;

    let (few, many) = if bench.quick { (2_000, 20_000) } else { (10_000, 1_000_000) };
    let mut done = 0_u64;
    let mut ask_until = |bound: u64, step: Duration| -> anyhow::Result<f64> {
        while done < bound {
            done += wrk::load(&gateway.url, &gateway.token, step, Some(&script))?.requests;
            note(&format!("{done} requests, {:.1} MiB", gateway.memory_mib()?));
        }
        gateway.memory_mib()
    };
    let early = ask_until(few, Duration::from_secs(1))?;
    let late = ask_until(many, Duration::from_secs(10))?;
    let (must, stretch) = IDLE_MIB;
    Ok(Outcome::Measured {
        figure: late / early,
        details: format!(
            "idle {:.1} MiB, must ≤ {must:.0}{}, stretch ≤ {stretch:.0}{}; after {done} requests {late:.1} MiB",
            gateway.idle_mib,
            if gateway.idle_mib <= must { " ✓" } else { " ✗" },
            if gateway.idle_mib <= stretch { " ✓" } else { " ✗" },
        ),
    })
}

/// Every kind of read, and some that are refused.
fn paths(gateway: &Gateway) -> anyhow::Result<Vec<String>> {
    let mut client = Client::new(&gateway.url);
    client.bearer = Some(gateway.token.clone());
    let listed = client.get("/v1/repositories?provider=local&limit=100")?.json()?;
    let repositories =
        listed.get("data").and_then(Value::as_array).context("no repositories are listed")?;
    let mut paths = vec!["/health".to_owned(), "/v1/providers".to_owned(), "/v1/me".to_owned()];
    for repository in repositories.iter().rev().take(5) {
        let id = text_at(repository, "id").context("a repository has no id")?;
        let base = format!("/v1/repositories/local/{id}");
        let commits = client.get(&format!("{base}/commits?limit=1"))?.json()?;
        let sha = text_at(&commits, "sha")
            .or_else(|| text_at(&commits, "id"))
            .context("a commit has no id")?;
        paths.push(format!("{base}/commits/{sha}/diff"));
        let kinds =
            ["", "/branches", "/commits?limit=25", "/file-tree?limit=100", "/tags", "/releases"];
        paths.extend(kinds.iter().map(|it| format!("{base}{it}")));
    }
    // A cursor that was tampered with, an unknown repository, a limit out of range.
    paths.extend(
        ["?provider=local&cursor=AAAA", "/local/bm9uZQ", "?provider=local&limit=0"]
            .iter()
            .map(|it| format!("/v1/repositories{it}")),
    );
    Ok(paths)
}

/// A script for wrk that asks for each path in turn.
fn mixed(paths: &[String]) -> String {
    let list: Vec<String> = paths.iter().map(|it| format!("  {it:?},")).collect();
    format!(
        "local paths = {{\n{}\n}}\nlocal turn = 0\nrequest = function()\n  turn = turn + 1\n  \
         return wrk.format(\"GET\", paths[turn % #paths + 1])\nend\n",
        list.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_holds_every_path() {
        let script = mixed(&["/health".to_owned(), "/v1/me?a=\"b\"".to_owned()]);
        assert!(script.contains("  \"/health\",\n  \"/v1/me?a=\\\"b\\\"\",\n}"), "{script}");
    }
}
