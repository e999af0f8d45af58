//! Which organisation is the oldest, and who comes into one by the operator's hand.

use std::{sync::Arc, time::Duration};

use lodge_access::{Action, Actor, Chain, Role};
use lodge_storage::{AuditFilter, Storage as _};
use lodge_testkit::{FixedClock, builders::NOW};

use crate::house::House;

#[tokio::test]
async fn an_organisation_that_was_made_while_the_clock_was_ahead_stays_the_oldest() {
    let mut house = House::new();
    let ada = house.person("ada@example.org").await;
    house.gateway.clock = Arc::new(FixedClock::at(NOW.minus(Duration::from_hours(24))));
    house.person("bob@example.org").await;
    house.gateway.open_developer_session("eve@example.org", Some("Looms")).await.unwrap();
    house.gateway.create_tenant(Actor::Operator, "Cards").await.unwrap();
    let all = house.gateway.list_tenants(None, 9).await.unwrap();
    assert_eq!(all.len(), 4);
    assert_eq!(Some(all[0].id), ada.session.tenant);
    assert!(all[1..].iter().all(|it| it.created_at < all[0].created_at));
}

#[tokio::test]
async fn an_organisation_to_which_nobody_belongs_is_joined_by_its_name_and_by_one() {
    let house = House::new();
    // Organisations of other names do not count, nor do those that are not looked at at once.
    for n in 0..100 {
        house.gateway.create_tenant(Actor::Operator, &format!("Looms {n}")).await.unwrap();
    }
    let courses = house.gateway.create_tenant(Actor::Operator, "Courses").await.unwrap();
    let add = async |email: &str| {
        house.gateway.open_developer_session(email, Some("Courses")).await.unwrap()
    };
    let ada = add("ada@example.org").await;
    assert_eq!(ada.tenant, Some(courses.id));
    let mut work = house.storage.read().await.unwrap();
    let membership = work.memberships().find(courses.id, ada.user.id).await.unwrap();
    assert_eq!(membership.map(|it| it.role), Some(Role::Owner));
    let filter =
        AuditFilter { chain: Some(Chain::Tenant(courses.id)), action: Some(Action::MemberAdded) };
    let told = work.audit().newest(filter, None, 9).await.unwrap();
    let told: Vec<_> = told.iter().map(|it| (it.event.actor, it.event.subject.clone())).collect();
    assert_eq!(told, [(Actor::Operator, Some(ada.user.id.to_string()))]);
    drop(work);

    let bob = add("bob@example.org").await;
    assert_ne!(bob.tenant, ada.tenant);
    let mut work = house.storage.read().await.unwrap();
    let members = work.memberships().of_tenant(courses.id, None, 9).await.unwrap();
    assert_eq!(members.iter().map(|(it, _)| it.user).collect::<Vec<_>>(), [ada.user.id]);
}
