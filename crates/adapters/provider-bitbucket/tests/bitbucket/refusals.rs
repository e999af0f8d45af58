//! What is not there, and what is not allowed.

use lodge_forge::{EventKind, Resource};
use lodge_provider::{
    CheckFilter, DeploymentFilter, ProviderError, PullRequestFilter, RepositoryRef, TreeFilter,
};
use lodge_simulators::{
    Fault,
    sandbox::{account, repository_at},
};
use lodge_testkit::provider_contract::first_page;

use crate::bench::{Bench, MISSING};

fn answer(status: u16, body: &str) -> Fault {
    Fault::Answer {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.as_bytes().to_vec(),
    }
}

#[tokio::test]
async fn a_missing_repository_is_told_from_a_missing_part() {
    let bench = Bench::new().await;
    let (host, page) = (bench.provider(), first_page);
    let missing = || repository_at(account(1), MISSING).unwrap();
    let answers = [
        host.list_pull_requests(missing(), PullRequestFilter::default(), page()).await.map(drop),
        host.pull_request_diff(missing(), 1).await.map(drop),
        host.list_checks(missing(), CheckFilter::default(), page()).await.map(drop),
        host.list_checks(missing(), of("main"), page()).await.map(drop),
        host.list_deployments(missing(), DeploymentFilter::default(), page()).await.map(drop),
    ];
    for answer in answers {
        let error = answer.unwrap_err();
        assert!(matches!(error.cause(), ProviderError::RepositoryNotFound), "{error:?}");
    }
    let part = |answer: Result<(), ProviderError>| match answer.unwrap_err().cause() {
        ProviderError::NotFound { what } => *what,
        other => panic!("{other:?}"),
    };
    let full = || bench.full(1);
    assert_eq!(part(host.pull_request_diff(full(), 99).await.map(drop)), "pull request");
    assert_eq!(part(host.list_checks(full(), of("none"), page()).await.map(drop)), "ref");
    assert_eq!(part(host.list_checks(full(), of(&"0".repeat(40)), page()).await.map(drop)), "ref");
    let file = TreeFilter { path: Some("README.md".to_owned()), ..TreeFilter::default() };
    assert_eq!(part(host.list_tree(full(), file, page()).await.map(drop)), "path");
}

fn of(reference: &str) -> CheckFilter {
    CheckFilter { reference: Some(reference.to_owned()) }
}

#[tokio::test]
async fn an_id_that_is_no_uuid_is_not_asked_for() {
    let bench = Bench::new().await;
    for id in ["full", "team", "{}", "{full}", "7", "{../../../../../../../../../../../x}"] {
        let Ok(it) = repository_at(account(1), id) else { continue };
        let error = bench.provider().find_repository(it).await.unwrap_err();
        assert!(matches!(error, ProviderError::RepositoryNotFound), "{id}: {error:?}");
    }
    assert_eq!(bench.sandbox.faults().counted("bitbucket"), 0);
}

#[tokio::test]
async fn what_bitbucket_says_no_with_is_understood() {
    let bench = Bench::new().await;
    let scopes = r#"{"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes.","detail":{"granted":["account"],"required":["repository"]}}}"#;
    let rights = r#"{"type":"error","error":{"message":"Access denied. You must have write or admin access."}}"#;
    let gone =
        r#"{"type":"error","error":{"message":"CHANGE-2770 - Functionality has been deprecated"}}"#;
    let told = async |fault: Fault| {
        bench.sandbox.faults().order("bitbucket", fault);
        let repository: RepositoryRef = bench.full(1);
        bench.provider().find_repository(repository).await.unwrap_err()
    };
    let lacks = told(answer(403, scopes)).await;
    assert!(matches!(lacks.cause(), ProviderError::InsufficientScope), "{lacks:?}");
    let denied = told(answer(403, rights)).await;
    assert!(matches!(denied.cause(), ProviderError::Forbidden), "{denied:?}");
    // It is tried again before it is given up.
    for _ in 0..2 {
        bench.sandbox.faults().order("bitbucket", answer(410, gone));
    }
    let withdrawn = told(answer(410, gone)).await;
    assert!(matches!(withdrawn.cause(), ProviderError::Unreachable { .. }), "{withdrawn:?}");
    let wrong =
        told(answer(400, r#"{"type":"error","error":{"message":"Invalid pagelen"}}"#)).await;
    assert!(matches!(wrong.cause(), ProviderError::Invalid { .. }), "{wrong:?}");
    let ProviderError::Answered { status, .. } = wrong else { panic!("{wrong:?}") };
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_workspace_that_shuts_us_out_hides_only_its_own_repositories() {
    let bench = Bench::new().await;
    let host = bench.provider();
    // The workspaces; then the first of them, which has nothing anyway.
    bench.sandbox.faults().order("bitbucket", Fault::Late(0));
    bench.sandbox.faults().order("bitbucket", answer(403, "{}"));
    let page = host.list_repositories(account(1), first_page()).await.unwrap();
    assert_eq!(page.items.len(), 2);
}

#[tokio::test]
async fn releases_are_unsupported_and_no_hook_tells_them() {
    let bench = Bench::new().await;
    let releases = bench.provider().list_releases(bench.full(1), first_page()).await;
    assert!(matches!(releases, Err(ProviderError::Unsupported { resource: Resource::Releases })));
    let kinds = bench.host.webhooks.as_ref().unwrap().events();
    assert!(!kinds.contains(&EventKind::ReleasePublished));
}
