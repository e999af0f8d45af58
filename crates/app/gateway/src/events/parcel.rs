//! A webhook as it came, sealed: it has not passed the firewall.
//!
//! It is sealed with the key ring itself, since it waits for moments: one that was given up can be replayed
//! until the second rotation of keys.

use lodge_kernel::{Keyring, SubscriptionId, TenantId, Timestamp};
use lodge_provider::Delivery;

/// What a webhook is sealed beside, so that it opens nowhere else.
fn context(tenant: TenantId, subscription: SubscriptionId) -> Vec<u8> {
    let (tenant, subscription) = (tenant.as_uuid(), subscription.as_uuid());
    [b"inbox.parcel.v1".as_slice(), tenant.as_bytes(), subscription.as_bytes()].concat()
}

/// Seals `delivery` for its subscription.
pub(super) fn seal(
    keys: &dyn Keyring,
    tenant: TenantId,
    subscription: SubscriptionId,
    delivery: &Delivery,
) -> String {
    keys.seal(&context(tenant, subscription), &delivery.to_bytes())
}

/// Opens what [`seal`] made. `None` when no key fits any more.
pub(super) fn open(
    keys: &dyn Keyring,
    tenant: TenantId,
    subscription: SubscriptionId,
    sealed: &str,
    received_at: Timestamp,
) -> Option<Delivery> {
    Delivery::from_bytes(&keys.open(&context(tenant, subscription), sealed)?, received_at)
}
