//! Repositories that are larger or stranger than most.

use lodge_forge::PatchState;
use lodge_provider::{HostTokenKind, TreeFilter};
use lodge_provider_kit::KitConfig;
use lodge_simulators::{
    AzureSimulator, Sandbox,
    sandbox::{account, repository_at},
};
use lodge_testkit::provider_contract::{everything, folder, folder::Stream};

use crate::scene::{Scene, id};

/// One commit with more files than have patches, and some that have none.
#[tokio::test]
async fn a_diff_says_where_its_patches_end() {
    let mut stream = Stream::default();
    stream.commit("main", "Ada <ada@example.org>", "Begin");
    stream.file("a binary one", "a\0b");
    stream.file("a long one", &"long\n".repeat(300_000));
    stream.file("a strange one, größe?#%2f&+.txt", "strange\n");
    for number in 0..330 {
        stream.file(&format!("f{number:03}"), "one\n");
    }
    let make = |root: &std::path::Path| folder::make(root, "team/wide.git", stream.as_bytes());
    let sandbox = Sandbox::start_over(AzureSimulator::default(), make).await.unwrap();
    let scene = Scene::over(sandbox, HostTokenKind::OAuth, KitConfig::default(), &[]);
    let known = scene.sandbox.repository("team/wide").unwrap();
    let wide = repository_at(account(1), &id(known)).unwrap();
    let head = known.head().await.unwrap();

    let diff = scene.provider().commit_diff(wide.clone(), head).await.unwrap();
    assert_eq!(diff.totals.files, 333);
    assert_eq!(diff.truncated.as_deref(), Some("only the first 320 files have patches"));
    let told = |path: &str| {
        let file = diff.files.iter().find(|it| it.path == path).unwrap();
        (file.binary, file.additions, file.patch_state, file.patch.is_some())
    };
    assert_eq!(told("a binary one"), (Some(true), None, PatchState::Omitted, false));
    assert_eq!(told("a long one"), (None, None, PatchState::Omitted, false));
    let computed = (Some(false), Some(1), PatchState::Computed, true);
    assert_eq!(told("a strange one, größe?#%2f&+.txt"), computed);
    assert_eq!(told("f316"), computed);
    assert_eq!(told("f317"), (None, None, PatchState::Omitted, false));
    assert_eq!(diff.totals.additions, 318);

    let filter = TreeFilter { recursive: true, ..TreeFilter::default() };
    let ask = async |page| scene.provider().list_tree(wide.clone(), filter.clone(), page).await;
    assert_eq!(everything("100", ask).await.unwrap().len(), 333);
}
