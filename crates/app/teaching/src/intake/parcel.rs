//! A delivery as it is kept: the headers that say what it is, and its body,
//! sealed, since nobody has looked for secrets in it.
//!
//! It is sealed with the key ring itself: one that was given up can be replayed
//! until the second rotation of keys.

use lodge_kernel::{IntakeId, Keyring, TenantId, Timestamp};
use lodge_provider::{Delivery, WebhookScheme};

/// The headers that are kept of every host's deliveries.
const HEADERS: [&str; 5] =
    ["content-type", "user-agent", "idempotency-key", "webhook-id", "webhook-timestamp"];

/// What a parcel is sealed beside, so that it opens nowhere else.
fn context(tenant: TenantId, id: IntakeId) -> Vec<u8> {
    let (tenant, id) = (tenant.as_uuid(), id.as_uuid());
    [b"intake.parcel.v1".as_slice(), tenant.as_bytes(), id.as_bytes()].concat()
}

/// The delivery with the headers alone that are kept: none that proves it.
pub(super) fn without_proof(scheme: &dyn WebhookScheme, mut delivery: Delivery) -> Delivery {
    let kept = |name: &str| HEADERS.contains(&name) || scheme.headers().contains(&name);
    delivery.headers.retain(|(name, _)| kept(name));
    delivery
}

/// Seals `delivery` as `id`.
pub(super) fn seal(
    keys: &dyn Keyring,
    tenant: TenantId,
    id: IntakeId,
    delivery: &Delivery,
) -> String {
    keys.seal(&context(tenant, id), &delivery.to_bytes())
}

/// Opens what [`seal`] made. `None` when no key fits any more.
pub(super) fn open(
    keys: &dyn Keyring,
    tenant: TenantId,
    id: IntakeId,
    sealed: &str,
    received_at: Timestamp,
) -> Option<Delivery> {
    Delivery::from_bytes(&keys.open(&context(tenant, id), sealed)?, received_at)
}
