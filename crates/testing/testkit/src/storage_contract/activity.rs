//! Cases about what happens in course projects.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use lodge_activity::{
    ActorId, ChangedFile, Changes, Commit, Fact, FactKey, FactKind, Issue, IssueState,
};
use lodge_kernel::{Digest, ProjectId, Timestamp};
use lodge_storage::{FactFilter, FactPlace, StorageError};
use lodge_teams::Project;

use super::{Fresh, Outcome, actors::somebody, courses::open_school, facts::one_of_each, race};
use crate::builders::{
    NOW, a_course, a_project, a_team, course_id, project_id, team_id, tenant_id,
};

/// Course 1 with teams 1 and 2; projects 1 and 2 of team 1, project 3 of team 2.
pub(super) async fn open_projects(storage: &Fresh) -> Outcome {
    open_school(storage).await?;
    let mut work = storage.begin().await?;
    work.teams().add(&a_team(1)).await?;
    work.teams().add(&a_team(2)).await?;
    work.projects().add(&a_project(1)).await?;
    work.projects().add(&a_project(2)).await?;
    work.projects().add(&Project { team: team_id(2), ..a_project(3) }).await?;
    work.commit().await
}

pub(super) fn who(n: u8) -> ActorId {
    ActorId(Digest([n; 32]))
}

fn after(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

/// A commit of which nobody knows more than a webhook tells.
fn a_commit(sha: &str, at: Timestamp) -> Commit<ActorId> {
    Commit {
        sha: sha.to_owned(),
        parents: None,
        message: "Begin".to_owned(),
        author: who(1),
        authored_at: at,
        changes: None,
        web_url: None,
    }
}

fn an_issue(number: u64, at: Timestamp) -> Issue<ActorId> {
    Issue {
        number,
        title: format!("Issue {number}"),
        description: None,
        author: None,
        state: IssueState::Opened,
        labels: Vec::new(),
        assignees: Vec::new(),
        created_at: at,
        updated_at: at,
        closed_at: None,
        due_at: None,
        web_url: None,
    }
}

fn key(kind: FactKind, id: &str) -> FactKey {
    FactKey { kind, id: id.to_owned() }
}

fn is_orphan<T>(answer: &Result<T, StorageError>) -> bool {
    matches!(answer, Err(StorageError::Orphan { .. }))
}

async fn tell(storage: &Fresh, project: ProjectId, facts: &[Fact<ActorId>]) -> Outcome {
    let mut work = storage.begin().await?;
    work.activity().tell(tenant_id(1), project, facts).await?;
    work.commit().await
}

/// Every field of every kind is kept, of one organisation and project only.
pub async fn every_fact_comes_back_as_it_was(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let facts = one_of_each(who(1), who(2));
    let mut keys: Vec<_> = facts.iter().map(Fact::key).collect();
    keys.sort();
    let mut work = storage.begin().await?;
    let project = project_id(1);
    assert_eq!(work.activity().tell(tenant_id(1), project, &facts).await?, keys);
    let elsewhere = work.activity().tell(tenant_id(2), project, &facts).await;
    assert!(is_orphan(&elsewhere), "{elsewhere:?}");
    drop(work);

    tell(&storage, project, &facts).await?;
    let mut work = storage.begin().await?;
    for fact in &facts {
        let key = fact.key();
        let found = work.activity().find(tenant_id(1), project, &key).await?;
        assert_eq!(found.as_ref(), Some(fact));
        assert_eq!(work.activity().find(tenant_id(2), project, &key).await?, None);
        assert_eq!(work.activity().find(tenant_id(1), project_id(2), &key).await?, None);
    }
    let filter = FactFilter { projects: vec![project], ..FactFilter::default() };
    assert_eq!(work.activity().list(tenant_id(1), &filter, None, 99).await?.len(), facts.len());
    assert_eq!(work.activity().list(tenant_id(2), &filter, None, 99).await?, []);
    let orphan = work.activity().tell(tenant_id(1), project_id(9), &facts).await;
    assert!(is_orphan(&orphan), "{orphan:?}");
    Ok(())
}

/// `ActivityRepository::tell` MUST merge what is known with what is told, and
/// answers what changed.
pub async fn what_is_told_is_merged_with_what_is_known(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let told = a_commit("a", NOW);
    let listed = Commit { parents: Some(vec!["0".to_owned()]), ..told.clone() };
    let read = Commit { changes: Some(Changes::default()), ..told.clone() };
    let all = Commit { changes: read.changes.clone(), ..listed.clone() };
    let open = an_issue(1, NOW);
    let closed = Issue { state: IssueState::Closed, updated_at: after(5), ..open.clone() };
    let (commit, issue) = (key(FactKind::Commit, "a"), key(FactKind::Issue, "1"));

    let mut work = storage.begin().await?;
    let mut activity = work.activity();
    let (tenant, project) = (tenant_id(1), project_id(1));
    let both = [Fact::Issue(closed.clone()), Fact::Commit(told.clone())];
    assert_eq!(activity.tell(tenant, project, &both).await?, [commit.clone(), issue.clone()]);
    // One call may tell of one thing more than once.
    let more = [Fact::Issue(open), Fact::Commit(listed), Fact::Commit(read)];
    assert_eq!(activity.tell(tenant, project, &more).await?, std::slice::from_ref(&commit));
    assert_eq!(activity.tell(tenant, project, &more).await?, []);
    assert_eq!(activity.tell(tenant, project, &[]).await?, []);
    assert_eq!(activity.find(tenant, project, &commit).await?, Some(Fact::Commit(all)));
    assert_eq!(activity.find(tenant, project, &issue).await?, Some(Fact::Issue(closed)));
    Ok(())
}

/// The same of two who tell at once: what either knows is known in the end.
pub async fn whoever_tells_at_once_is_heard(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    for round in 0..10 {
        let sha = format!("{round}");
        let (turns, turn_of) = (Arc::new(AtomicU32::new(0)), sha.clone());
        let answers = race(&storage, move |storage| {
            let (n, sha) = (turns.fetch_add(1, Ordering::Relaxed), turn_of.clone());
            async move {
                let mut it = a_commit(&sha, NOW);
                match n % 3 {
                    0 => it.parents = Some(Vec::new()),
                    1 => it.changes = Some(Changes::default()),
                    _ => it.web_url = Some("https://git.college.example/a".to_owned()),
                }
                let alone = a_commit(&format!("{sha}-{n}"), NOW);
                tell(&storage, project_id(1), &[Fact::Commit(alone), Fact::Commit(it)]).await
            }
        });
        answers.await.into_iter().collect::<Result<Vec<()>, _>>()?;
        let mut work = storage.begin().await?;
        let id = key(FactKind::Commit, &sha);
        let found = work.activity().find(tenant_id(1), project_id(1), &id).await?;
        let Some(Fact::Commit(it)) = found else { panic!("{found:?}") };
        assert!(it.parents.is_some() && it.changes.is_some() && it.web_url.is_some(), "{it:?}");
    }
    let filter = FactFilter { projects: vec![project_id(1)], ..FactFilter::default() };
    let all = storage.begin().await?.activity().list(tenant_id(1), &filter, None, 999).await?;
    assert_eq!(all.len(), 10 * 9);
    Ok(())
}

/// A long history is told at once.
pub async fn many_facts_are_told_at_once(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let many: Vec<_> =
        (0..1_200).map(|n| Fact::Commit(a_commit(&format!("{n:04}"), after(n)))).collect();
    let mut work = storage.begin().await?;
    let mut activity = work.activity();
    let (tenant, project) = (tenant_id(1), project_id(1));
    assert_eq!(activity.tell(tenant, project, &many).await?.len(), 1_200);
    assert_eq!(activity.tell(tenant, project, &many).await?, []);
    assert_eq!(activity.unread_commits(tenant, project, 2).await?, ["1199", "1198"]);
    Ok(())
}

/// Newest first, every place once, whatever the filter.
pub async fn facts_come_newest_first_in_pages_of_what_is_meant(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let one = [
        Fact::Commit(a_commit("b", NOW)),
        Fact::Commit(a_commit("a", NOW)),
        Fact::Issue(an_issue(1, NOW)),
        Fact::Issue(an_issue(2, after(9))),
    ];
    let other = [Fact::Commit(a_commit("c", NOW)), Fact::Commit(a_commit("d", after(5)))];
    tell(&storage, project_id(1), &one).await?;
    tell(&storage, project_id(2), &other).await?;
    tell(&storage, project_id(3), &other).await?;

    let both = FactFilter { projects: vec![project_id(2), project_id(1)], ..FactFilter::default() };
    let mut work = storage.begin().await?;
    let mut activity = work.activity();
    let all = activity.list(tenant_id(1), &both, None, 99).await?;
    let named: Vec<_> =
        all.iter().map(|(place, _)| (place.project, place.key.id.as_str())).collect();
    let (first, second) = (project_id(1), project_id(2));
    let order =
        [(first, "2"), (second, "d"), (second, "c"), (first, "1"), (first, "b"), (first, "a")];
    assert_eq!(named, order);
    assert!(all.iter().all(|(place, it)| place.at == it.at() && place.key == it.key()));
    assert!(all.is_sorted_by(|(one, _), (other, _)| one > other));

    // The same page by page, whether kinds are asked for one by one or not.
    for kinds in [Vec::new(), vec![FactKind::Commit, FactKind::Issue], FactKind::ALL.to_vec()] {
        let filter = FactFilter { kinds, ..both.clone() };
        let mut found = Vec::new();
        let mut last: Option<FactPlace> = None;
        loop {
            let page = activity.list(tenant_id(1), &filter, last.as_ref(), 1).await?;
            let Some((place, fact)) = page.into_iter().next() else { break };
            last = Some(place.clone());
            found.push((place, fact));
        }
        assert_eq!(found, all, "{filter:?}");
        let newest = activity.list(tenant_id(1), &filter, None, 3).await?;
        assert!(newest.iter().eq(all.iter().take(3)), "{filter:?}");
    }
    let nothing = FactFilter::default();
    assert_eq!(activity.list(tenant_id(1), &nothing, None, 99).await?, []);
    for (filter, ids) in [
        (FactFilter { kinds: vec![FactKind::Issue], ..both.clone() }, ["2", "1"].as_slice()),
        (FactFilter { since: Some(after(5)), ..both.clone() }, &["2", "d"]),
        (FactFilter { until: Some(after(5)), ..both.clone() }, &["c", "1", "b", "a"]),
        (FactFilter { since: Some(after(1)), until: Some(after(9)), ..both.clone() }, &["d"]),
    ] {
        let all = activity.list(tenant_id(1), &filter, None, 99).await?;
        let named: Vec<_> = all.iter().map(|(place, _)| place.key.id.as_str()).collect();
        assert_eq!(named, ids, "{filter:?}");
    }
    Ok(())
}

/// Until somebody has read what it changed.
pub async fn commits_that_nobody_has_read_come_newest_first(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let file = ChangedFile { path: "a.rs".to_owned(), additions: Some(3), deletions: None };
    let changes = Changes { files: vec![file], left_out: 1 };
    let told = [
        Fact::Commit(a_commit("old", NOW)),
        Fact::Commit(a_commit("new", after(9))),
        Fact::Commit(Commit { changes: Some(changes.clone()), ..a_commit("read", after(5)) }),
        Fact::Issue(an_issue(1, after(1))),
    ];
    tell(&storage, project_id(1), &told).await?;
    let mut work = storage.begin().await?;
    let mut activity = work.activity();
    let (tenant, project) = (tenant_id(1), project_id(1));
    assert_eq!(activity.unread_commits(tenant, project, 9).await?, ["new", "old"]);
    assert_eq!(activity.unread_commits(tenant, project, 1).await?, ["new"]);
    assert_eq!(activity.unread_commits(tenant_id(2), project, 9).await?, [""; 0]);
    let read = Commit { changes: Some(changes), ..a_commit("new", after(9)) };
    activity.tell(tenant, project, &[Fact::Commit(read)]).await?;
    assert_eq!(activity.unread_commits(tenant, project, 9).await?, ["old"]);
    Ok(())
}

/// What happened goes with its project, however the project goes.
pub async fn facts_go_with_their_project_team_and_course(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let tenant = tenant_id(1);
    for n in [1, 2, 3] {
        tell(&storage, project_id(n), &[Fact::Commit(a_commit("a", NOW))]).await?;
    }
    let mut work = storage.begin().await?;
    work.courses().add(&a_course(2)).await?;
    work.activity().meet(tenant, course_id(1), &[somebody(1, None, None)]).await?;
    work.activity().meet(tenant, course_id(2), &[somebody(1, None, None)]).await?;
    work.commit().await?;
    let all = FactFilter { projects: (1..4).map(project_id).collect(), ..FactFilter::default() };

    let mut work = storage.begin().await?;
    assert!(!work.projects().remove(tenant_id(2), project_id(1), 1).await?);
    assert_eq!(work.activity().list(tenant, &all, None, 9).await?.len(), 3);
    assert!(work.projects().remove(tenant, project_id(1), 1).await?);
    // The same project, made again, knows nothing.
    work.projects().add(&a_project(1)).await?;
    assert_eq!(work.activity().list(tenant, &all, None, 9).await?.len(), 2);
    assert!(work.teams().remove(tenant, team_id(2), 1).await?);
    assert_eq!(work.activity().list(tenant, &all, None, 9).await?.len(), 1);
    assert!(work.courses().remove(tenant, course_id(1), 1).await?);
    assert_eq!(work.activity().list(tenant, &all, None, 9).await?, []);
    assert_eq!(work.activity().actors(tenant, course_id(1)).await?, []);
    assert_eq!(work.activity().actors(tenant, course_id(2)).await?.len(), 1);
    work.commit().await
}
