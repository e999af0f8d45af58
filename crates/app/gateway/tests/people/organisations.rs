//! Which organisation is the oldest.

use std::{sync::Arc, time::Duration};

use lodge_access::Actor;
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
