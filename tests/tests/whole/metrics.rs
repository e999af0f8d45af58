//! What is counted, and who may see it.

use anyhow::Context as _;
use end_to_end::{Client, Setup};

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
            name.starts_with("gitlodge_http_requests_total{")
                && labels.iter().all(|it| name.contains(it))
        });
        fitting.next().map(|(_, value)| *value)
    };
    assert_eq!(count(&["method=\"GET\"", "route=\"/health\"", "status=\"200\""]), Some(1.0));
    assert_eq!(count(&["route=\"none\"", "status=\"404\""]), Some(1.0), "{}", metrics.body);

    assert_eq!(admin.get("/health")?.status, 200);
    assert_eq!(admin.get("/v1/providers")?.status, 404, "the admin listener serves the API");
    Ok(())
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
        // Those of courses have the names that dashboards of such platforms know.
        let known = ["gitlodge_", "webhook_"].iter().any(|it| name.starts_with(it));
        anyhow::ensure!(known, "`{line}`");
        Ok((name.to_owned(), value))
    };
    lines.map(sample).collect()
}
