//! Gitea passes the contract of every Git host: a server of today, and one
//! that cannot list runs and does not count tags.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use common::sandbox;
use lodge_simulators::{GiteaSimulator, Sandbox};
use lodge_testkit::{provider_contract, provider_contract::Known};

async fn known(simulator: GiteaSimulator) -> (Known, Sandbox) {
    let (host, sandbox) = sandbox(simulator).await;
    let known = sandbox.known(host.provider, |it| it.number.to_string(), "999999").unwrap();
    (known, sandbox)
}

mod today {
    use super::*;

    provider_contract!(known(GiteaSimulator::default()).await);
}

mod some_years_ago {
    use super::*;

    provider_contract!(known(GiteaSimulator::older()).await);
}
