//! wrk, which loads a server as fast as it answers.

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Context, bail};

use super::http::Client;
use crate::{
    programs::{Needed, ensure, in_path},
    run::read,
};

const NEEDED: Needed =
    Needed { what: "wrk", debian_package: "wrk", elsewhere: "see https://github.com/wg/wrk" };

/// Connections at once.
const CONNECTIONS: u32 = 32;

/// What a load came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Load {
    /// Requests answered.
    pub requests: u64,
    /// Requests answered in a second.
    pub rate: f64,
    /// Answers that were neither 2xx nor 3xx.
    pub refused: u64,
}

/// Loads `url` for `window`; `script` chooses the requests.
pub(super) fn load(
    url: &str,
    bearer: &str,
    window: Duration,
    script: Option<&Path>,
) -> anyhow::Result<Load> {
    let program = ensure(&NEEDED, || in_path("wrk"))?;
    let mut wrk = Command::new(program);
    wrk.args(["--threads=1", "--timeout=10s"]);
    wrk.arg(format!("--connections={CONNECTIONS}"));
    wrk.arg(format!("--duration={}s", window.as_secs().max(1)));
    wrk.arg(format!("--header=Authorization: Bearer {bearer}"));
    if let Some(script) = script {
        wrk.arg("--script").arg(script);
    }
    parse(&read(wrk.arg(url))?)
}

/// The same, where every answer must be a success.
pub(super) fn rate(url: &str, bearer: &str, window: Duration) -> anyhow::Result<f64> {
    let load = load(url, bearer, window, None)?;
    if load.refused > 0 {
        let mut client = Client::new(url);
        client.bearer = Some(bearer.to_owned());
        let now = client.get("").map(|it| format!("{} {}", it.status, it.body));
        bail!(
            "{} of {} requests to {url} were refused; asked once more, it answers {now:?}",
            load.refused,
            load.requests
        );
    }
    Ok(load.rate)
}

/// Reads what wrk prints.
fn parse(text: &str) -> anyhow::Result<Load> {
    let line_with = |mark: &str| text.lines().map(str::trim).find(|it| it.contains(mark));
    let first = line_with(" requests in ").and_then(|it| it.split(' ').next()?.parse().ok());
    let rate = line_with("Requests/sec:").and_then(|it| it.rsplit(' ').next()?.parse().ok());
    let refused = line_with("Non-2xx or 3xx").and_then(|it| it.rsplit(' ').next()?.parse().ok());
    if let Some(errors) = line_with("Socket errors:")
        .filter(|it| !it.contains("connect 0, read 0, write 0, timeout 0"))
    {
        bail!("wrk lost connections: {errors}");
    }
    Ok(Load {
        requests: first.with_context(|| format!("wrk said something new:\n{text}"))?,
        rate: rate.with_context(|| format!("wrk said something new:\n{text}"))?,
        refused: refused.unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "Running 2s test @ http://127.0.0.1:1/\n  1 threads and 32 connections\n  \
        Thread Stats   Avg      Stdev     Max   +/- Stdev\n    Latency     1.20ms\n  \
        53211 requests in 2.00s, 250.11MB read\n  Non-2xx or 3xx responses: 17\n\
        Requests/sec:  26605.31\nTransfer/sec:    125.02MB\n";

    #[test]
    fn what_wrk_says_is_understood() {
        assert_eq!(parse(SAID).unwrap(), Load { requests: 53_211, rate: 26_605.31, refused: 17 });
    }

    #[test]
    fn lost_connections_are_no_measurement() {
        let lost = format!("  Socket errors: connect 0, read 3, write 0, timeout 0\n{SAID}");
        assert!(parse(&lost).unwrap_err().to_string().contains("read 3"));
    }
}
