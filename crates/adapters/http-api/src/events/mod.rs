//! Events: apps subscribe and look after their subscriptions, hosts deliver.
//!
//! Reading order: [`subscribe`], [`view`], [`receive`], [`writer`].

pub(crate) mod end_subscription;
pub(crate) mod list_deliveries;
pub(crate) mod list_subscriptions;
pub(crate) mod receive;
pub(crate) mod replay_delivery;
pub(crate) mod replay_hook;
pub(crate) mod subscribe;
pub(crate) mod update_subscription;
pub(crate) mod view;
pub(crate) mod writer;

use lodge_kernel::{EventDeliveryId, SubscriptionId};

use crate::{
    caller::{Bearer, Needs},
    problem::{Code, Problem},
};

/// The subscription in the path.
fn subscription_id<P: Needs>(caller: &Bearer<P>) -> Result<SubscriptionId, Problem> {
    let parsed = caller.segment("subscriptionId").parse();
    parsed
        .map_err(|_not_an_id| Problem::new(Code::ResourceNotFound, "the subscription is not there"))
}

/// The delivery in the path.
fn delivery_id<P: Needs>(caller: &Bearer<P>) -> Result<EventDeliveryId, Problem> {
    let parsed = caller.segment("deliveryId").parse();
    parsed.map_err(|_not_an_id| Problem::new(Code::ResourceNotFound, "the delivery is not there"))
}

/// The id that a page goes on after.
fn cursor<Id: std::str::FromStr>(text: Option<&str>) -> Result<Option<Id>, Problem> {
    // Ids say nothing that their owner does not see anyway: the last one is
    // cursor enough.
    let refused =
        || Problem::new(Code::InvalidCursor, "the cursor does not belong to this request");
    text.map(|it| it.parse::<Id>().map_err(|_not_an_id| refused())).transpose()
}
