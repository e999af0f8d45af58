//! Cases about webhooks of ours at the hosts of projects.

use lodge_storage::{Listing, ProjectFilter, ProjectHook, StorageError};

use super::{Fresh, Outcome, activity::open_projects, race};
use crate::builders::{NOW, course_id, hook_id, project_id, tenant_id};

fn a_hook() -> ProjectHook {
    ProjectHook {
        tenant: tenant_id(1),
        project: project_id(1),
        hook: hook_id(1),
        remote_ids: vec!["17".to_owned()],
        created_at: NOW,
    }
}

/// `SourceRepository::add_hook` MUST refuse a second one.
pub async fn a_project_has_one_webhook(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let (tenant, project) = (tenant_id(1), project_id(1));
    let answers = race(&storage, |storage| async move {
        let mut work = storage.begin().await?;
        let added = work.sources().add_hook(&a_hook()).await;
        match added {
            Ok(()) => work.commit().await.map(|()| true),
            Err(StorageError::Duplicate { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    });
    let answers: Result<Vec<_>, _> = answers.await.into_iter().collect();
    assert_eq!(answers?.into_iter().filter(|it| *it).count(), 1);

    let mut work = storage.begin().await?;
    assert_eq!(work.sources().hook_of(tenant, project).await?, Some(a_hook()));
    assert_eq!(work.sources().hook_of(tenant_id(2), project).await?, None);
    assert_eq!(work.sources().hook_of(tenant, project_id(2)).await?, None);
    let renewed = ProjectHook { remote_ids: vec!["18".to_owned(), "19".to_owned()], ..a_hook() };
    work.sources().update_hook(&a_hook(), &renewed).await?;
    assert_eq!(work.sources().hook_of(tenant, project).await?, Some(renewed.clone()));
    let (all, hooked) = (Listing::first(9), ProjectFilter { hooked: true, ..Default::default() });
    let listed = work.projects().list(tenant, course_id(1), hooked, &all).await?;
    assert_eq!(listed.iter().map(|it| it.id).collect::<Vec<_>>(), [project]);
    // What is meant for one that it had before leaves this one alone.
    let before = ProjectHook { hook: hook_id(2), remote_ids: Vec::new(), ..a_hook() };
    let lost = work.sources().update_hook(&before, &renewed).await;
    assert!(matches!(lost, Err(StorageError::Orphan { .. })), "{lost:?}");
    assert!(!work.sources().remove_hook(&before).await?);
    let stale = work.sources().remove_hook(&a_hook()).await;
    assert!(matches!(stale, Err(StorageError::Conflict(_))), "{stale:?}");
    let theirs = ProjectHook { tenant: tenant_id(2), ..renewed.clone() };
    assert!(!work.sources().remove_hook(&theirs).await?);
    assert_eq!(work.sources().hook_of(tenant, project).await?, Some(renewed.clone()));
    assert!(work.sources().remove_hook(&renewed).await?);
    assert!(!work.sources().remove_hook(&renewed).await?);
    assert_eq!(work.projects().list(tenant, course_id(1), hooked, &all).await?, []);
    let lost = work.sources().update_hook(&renewed, &a_hook()).await;
    assert!(matches!(lost, Err(StorageError::Orphan { .. })), "{lost:?}");
    work.sources().add_hook(&a_hook()).await?;
    assert!(work.projects().remove(tenant, project, 1).await?);
    assert_eq!(work.sources().hook_of(tenant, project).await?, None);
    Ok(())
}

/// `SourceRepository::update_hook` MUST change nothing that was not read.
pub async fn of_two_changes_to_the_webhook_of_a_project_one_counts(storage: Fresh) -> Outcome {
    open_projects(&storage).await?;
    let with = |ids: &[&str]| {
        let remote_ids = ids.iter().map(|it| (*it).to_owned()).collect();
        ProjectHook { remote_ids, ..a_hook() }
    };
    // One that the host has not made yet.
    let mut work = storage.begin().await?;
    work.sources().add_hook(&with(&[])).await?;
    work.commit().await?;
    let (unmade, both) = (with(&[]), with(&["18", "a \"19\" of ü"]));
    let (from, to) = (unmade.clone(), both.clone());
    let answers = race(&storage, move |storage| {
        let (from, to) = (from.clone(), to.clone());
        async move {
            let mut work = storage.begin().await?;
            let noted = work.sources().update_hook(&from, &to).await;
            match noted {
                Ok(()) => work.commit().await.map(|()| true),
                Err(StorageError::Conflict(_)) => Ok(false),
                Err(error) => Err(error),
            }
        }
    });
    let answers: Result<Vec<_>, _> = answers.await.into_iter().collect();
    assert_eq!(answers?.into_iter().filter(|it| *it).count(), 1);

    let mut work = storage.begin().await?;
    for stale in [&unmade, &with(&["18"])] {
        let lost = work.sources().update_hook(stale, &with(&["20"])).await;
        assert!(matches!(lost, Err(StorageError::Conflict(_))), "{lost:?}");
    }
    let (tenant, project) = (both.tenant, both.project);
    assert_eq!(work.sources().hook_of(tenant, project).await?, Some(both.clone()));
    let one = with(&["20"]);
    work.sources().update_hook(&both, &one).await?;
    assert_eq!(work.sources().hook_of(tenant, project).await?, Some(one));
    Ok(())
}
