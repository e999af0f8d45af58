//! The local host passes the contract of every Git host.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::sync::Arc;

use common::{Folder, at};
use lodge_testkit::{
    conformance::watched,
    provider_contract,
    provider_contract::{Known, folder},
};

fn known() -> (Known, Folder) {
    let folder = Folder::new();
    folder::make_known(&folder.root(), "team/full.git").unwrap();
    folder::make_empty(&folder.root(), "empty.git").unwrap();
    let known = Known {
        host: watched(Arc::new(folder.host())),
        full: at("team/full.git"),
        empty: at("empty.git"),
        missing: at("team/none.git"),
    };
    (known, folder)
}

provider_contract!(known());
