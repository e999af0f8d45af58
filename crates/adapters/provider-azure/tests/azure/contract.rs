//! Azure DevOps passes the contract of every Git host.

use crate::scene::{MISSING, Scene, id};
use lodge_testkit::{provider_contract, provider_contract::Known};

async fn known() -> (Known, Scene) {
    let scene = Scene::new().await;
    let known = scene.sandbox.known(scene.provider(), id, MISSING).unwrap();
    (known, scene)
}

provider_contract!(known().await);
