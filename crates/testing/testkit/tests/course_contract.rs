//! The host in memory passes the contract of those that courses come from.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use std::{sync::Arc, time::Duration};

use lodge_activity::{Actor, CiStatus, Commit, Issue, IssueState, Pipeline};
use lodge_forge::RepositoryId;
use lodge_kernel::TenantId;
use lodge_provider::{Account, RemoteGroup, RemoteMember, RemoteProject, RepositoryRef};
use lodge_testkit::{
    CourseProject, MemoryCourses, builders::NOW, course_contract, course_contract::Known,
    provider_contract::folder::SHAPE,
};

fn actor(name: &str) -> Actor {
    let email = Some(format!("{name}@example.org"));
    Actor { username: Some(name.to_owned()), email, ..Actor::default() }
}

fn project(id: &str) -> CourseProject {
    CourseProject::new(RemoteProject {
        id: RepositoryId::parse(id).unwrap(),
        name: id.to_owned(),
        path: format!("zsi-2026/{id}"),
        web_url: None,
    })
}

fn known() -> (Known, ()) {
    let mut full = project("full");
    for (nth, name) in (0..).zip(["ada", "bo", "cy"]) {
        let at = NOW.plus(Duration::from_mins(nth));
        full.members.push(RemoteMember { actor: actor(name), maintains: false, bot: false });
        full.issues.push(Issue {
            number: nth + 1,
            title: format!("Ask {name}"),
            description: None,
            author: Some(actor(name)),
            state: IssueState::Opened,
            labels: Vec::new(),
            assignees: Vec::new(),
            created_at: at,
            updated_at: at,
            closed_at: None,
            due_at: None,
            web_url: None,
        });
        full.pipelines.push(Pipeline {
            id: nth.to_string(),
            sha: "0".repeat(40),
            reference: "main".to_owned(),
            status: CiStatus::Success,
            by: None,
            created_at: at,
            updated_at: at,
            started_at: None,
            finished_at: None,
            coverage: None,
            web_url: None,
        });
    }
    full.commits = (0..SHAPE.commits)
        .map(|nth| Commit {
            sha: format!("{nth:040}"),
            parents: Some(Vec::new()),
            message: String::new(),
            author: actor("ada"),
            authored_at: NOW.minus(Duration::from_mins(u64::try_from(nth).unwrap())),
            changes: None,
            web_url: None,
        })
        .collect();
    let group = |id: &str, path: &str| RemoteGroup {
        id: id.to_owned(),
        name: id.to_owned(),
        path: path.to_owned(),
        web_url: None,
    };
    let host = MemoryCourses {
        groups: vec![group("zsi", "zsi-2026"), group("inner", "zsi-2026/inner")],
        projects: vec![full, project("empty")],
        ..MemoryCourses::default()
    };
    let account = Account::installation(TenantId::nil());
    let at = |id: &str| RepositoryRef { account, id: RepositoryId::parse(id).unwrap() };
    let known = Known {
        host: Arc::new(host),
        group: "zsi-2026".to_owned(),
        project: "zsi-2026/full".to_owned(),
        nowhere: "zsi-2026/none".to_owned(),
        elsewhere: "https://git.example.com/zsi-2026".to_owned(),
        full: at("full"),
        empty: at("empty"),
        missing: at("none"),
    };
    (known, ())
}

course_contract!(known());
