//! Bitbucket passes the contract of every Git host.

use lodge_testkit::{provider_contract, provider_contract::Known};

use crate::bench::{Bench, MISSING, id_of};

async fn known() -> (Known, Bench) {
    let bench = Bench::new().await;
    let host = bench.provider().clone();
    let known = bench.sandbox.known(host, id_of, MISSING).unwrap();
    (known, bench)
}

provider_contract!(known().await);
