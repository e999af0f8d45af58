//! GitHub passes the contract of every Git host.

use std::sync::Arc;

use lodge_simulators::Sandbox;
use lodge_testkit::{provider_contract, provider_contract::Known};

use crate::common;

async fn known() -> (Known, Sandbox) {
    let (host, sandbox) = common::github().await;
    let known = sandbox.known(Arc::clone(&host.provider), common::number, "999999").unwrap();
    (known, sandbox)
}

provider_contract!(known().await);
