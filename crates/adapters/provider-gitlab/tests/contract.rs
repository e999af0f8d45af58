//! GitLab passes the contract of every Git host.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use common::GitLab;
use lodge_testkit::{provider_contract, provider_contract::Known};

async fn known() -> (Known, GitLab) {
    let gitlab = GitLab::start().await;
    let number = |it: &lodge_simulators::WorldRepository| it.number.to_string();
    let known = gitlab.sandbox.known(gitlab.host.provider.clone(), number, "9999").unwrap();
    (known, gitlab)
}

provider_contract!(known().await);
