//! A repository keeps its number when it gets another name.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod common;

use common::sandbox;
use lodge_pagination::{Limit, PageRequest};
use lodge_provider::RepositoryRef;
use lodge_simulators::{
    GiteaSimulator, Sandbox,
    sandbox::{account, repository_at},
};
use lodge_testkit::provider_contract::{everything, first_page};

fn at(sandbox: &Sandbox) -> RepositoryRef {
    let number = sandbox.repository("team/full").unwrap().number;
    repository_at(account(1), &number.to_string()).unwrap()
}

#[tokio::test]
async fn a_repository_is_found_by_its_number_after_it_was_renamed() {
    for redirects in [true, false] {
        let simulator = GiteaSimulator::default();
        let (host, sandbox) = sandbox(simulator.clone()).await;
        let (host, at) = (host.provider, at(&sandbox));
        let before = host.list_tags(at.clone(), first_page()).await.unwrap();
        simulator.rename(sandbox.repository("team/full").unwrap(), "other/name", redirects);
        let after = host.list_tags(at.clone(), first_page()).await.unwrap();
        assert_eq!(after, before, "redirects: {redirects}");
        assert_eq!(host.find_repository(at).await.unwrap().full_name, "other/name");
    }
}

#[tokio::test]
async fn a_listing_goes_on_after_its_repository_was_renamed() {
    let simulator = GiteaSimulator::default();
    let (host, sandbox) = sandbox(simulator.clone()).await;
    let (host, at) = (host.provider, at(&sandbox));
    let ask = async |page| host.list_commits(at.clone(), None, page).await;
    let whole = everything("100", ask).await.unwrap();
    let first =
        ask(PageRequest { from: None, limit: Limit::parse(Some("10")).unwrap() }).await.unwrap();
    simulator.rename(sandbox.repository("team/full").unwrap(), "other/name", false);
    let rest = ask(PageRequest { from: first.next, limit: Limit::MAX }).await.unwrap();
    let seen = first.items.iter().chain(&rest.items).map(|it| &it.sha);
    assert_eq!(
        seen.collect::<Vec<_>>(),
        whole.iter().take(20).map(|it| &it.sha).collect::<Vec<_>>(),
        "a position keeps its page's size, whatever is asked for later"
    );
}

#[tokio::test]
async fn an_unlike_id_is_no_repository_and_the_host_does_not_hear_of_it() {
    let (host, sandbox) = sandbox(GiteaSimulator::default()).await;
    for id in ["..%2f", "abc", "7a", "{7}"] {
        let Ok(at) = repository_at(account(1), id) else { continue };
        let error = host.provider.find_repository(at).await.unwrap_err();
        assert!(matches!(error, lodge_provider::ProviderError::RepositoryNotFound), "{error:?}");
    }
    assert_eq!(sandbox.faults().counted("gitea"), 0);
}
