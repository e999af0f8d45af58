//! The local host passes the contract of every host that courses come from.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use std::{fs, sync::Arc};

use common::{Folder, account, at};
use lodge_provider::{Community, CourseHost, Depth, Located, ProviderError};
use lodge_testkit::{
    course_contract,
    course_contract::Known,
    provider_contract::{everything, first_page, folder},
};

fn known() -> (Known, Folder) {
    let folder = Folder::new();
    let root = folder.root();
    folder::make_known(&root, "zsi-2026/team-1.git").unwrap();
    folder::make_empty(&root, "zsi-2026/team-2.git").unwrap();
    for team in ["team-3/notes", "team-4", "team-5"] {
        fs::create_dir_all(root.join("zsi-2026").join(team)).unwrap();
    }
    let known = Known {
        host: Arc::new(folder.host()),
        group: "local:zsi-2026/".to_owned(),
        project: format!("file://{}/zsi-2026/team-1", root.display()),
        nowhere: "zsi-2026/team-9".to_owned(),
        elsewhere: "https://git.example.com/zsi-2026".to_owned(),
        full: at("zsi-2026/team-1.git"),
        empty: at("zsi-2026/team-2.git"),
        missing: at("zsi-2026/none.git"),
    };
    (known, folder)
}

course_contract!(known());

#[tokio::test]
async fn the_root_is_a_group_too() {
    let (known, _folder) = known();
    let Located::Group(root) = known.host.locate(account(), ".").await.unwrap() else { panic!() };
    assert_eq!(root.name, "Local folder");
    let groups = known.host.list_groups(account(), &root.id, first_page()).await.unwrap().items;
    assert_eq!(groups.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(), ["zsi-2026"]);
    let projects = |depth| known.host.list_projects(account(), &root.id, depth, first_page());
    assert_eq!(projects(Depth::Direct).await.unwrap().items, []);
    let all = projects(Depth::All).await.unwrap().items;
    let paths: Vec<_> = all.iter().map(|it| (it.path.as_str(), it.name.as_str())).collect();
    assert_eq!(paths, [("zsi-2026/team-1", "team-1"), ("zsi-2026/team-2", "team-2")]);
}

#[tokio::test]
async fn hostile_paths_lead_nowhere() {
    let (known, folder) = known();
    let beside = folder.dir.path().join("beside");
    folder::make_known(&beside, "secret.git").unwrap();
    std::os::unix::fs::symlink(&beside, folder.root().join("link")).unwrap();
    for wrong in [
        "../beside",
        "zsi-2026/../../beside",
        "zsi-2026//team-1",
        "./zsi-2026",
        "link",
        "link/secret",
        "zsi-2026/team-1.git/objects",
        "zsi-2026/team-1.git/refs",
        "1/2/3/4/5/6/7",
        "zsi-2026\0",
    ] {
        let answer = known.host.locate(account(), wrong).await;
        let missing = |it: &ProviderError| matches!(it.cause(), ProviderError::RepositoryNotFound);
        assert!(answer.as_ref().is_err_and(missing), "{wrong}: {answer:?}");
    }
}

#[tokio::test]
async fn people_are_those_who_wrote_commits_as_the_mailmap_has_them() {
    let folder = Folder::new();
    let mut stream = folder::Stream::default();
    stream.commit("main", "Ada <ada@old.example>", "Begin");
    stream.file(".mailmap", "Ada Lovelace <ada@example.org> <ada@old.example>\n");
    stream.commit("side", "Bo <BO@example.org>", "Try");
    stream.file("try", "1\n");
    stream.commit("side", "bot[bot] <1+bot[bot]@users.example>", "Tidy");
    stream.file("try", "2\n");
    folder::make(&folder.root(), "a.git", stream.as_bytes()).unwrap();
    let host = folder.host();
    let of = Community::Project(at("a.git").id);
    let ask = async |page| host.list_members(account(), &of, page).await;
    let members = everything("1", ask).await.unwrap();
    let told: Vec<_> = members
        .iter()
        .map(|it| (it.actor.email.as_deref().unwrap(), it.actor.name.as_deref().unwrap(), it.bot))
        .collect();
    assert_eq!(
        told,
        [
            ("1+bot[bot]@users.example", "bot[bot]", true),
            ("ada@example.org", "Ada Lovelace", false),
            ("BO@example.org", "Bo", false),
        ]
    );
    let ask = async |page| host.list_all_commits(at("a.git"), None, page).await;
    let commits = everything("1", ask).await.unwrap();
    let emails: Vec<_> = commits.iter().map(|it| it.author.email.as_deref().unwrap()).collect();
    assert_eq!(emails, ["1+bot[bot]@users.example", "BO@example.org", "ada@example.org"]);
}
