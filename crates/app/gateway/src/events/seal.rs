//! The secrets of a subscription, sealed for it alone.

use lodge_kernel::{ExposeSecret as _, Keyring, SecretString, SubscriptionId, TenantId};

/// Which of a subscription's secrets.
#[derive(Clone, Copy)]
pub(super) enum Sealed {
    /// What deliveries to the app are signed with.
    Callback,
    /// What the host proves its deliveries with.
    Hook,
    /// A webhook that came.
    Parcel,
}

/// What a text is sealed beside, so that it opens nowhere else.
fn context(what: Sealed, tenant: TenantId, subscription: SubscriptionId) -> Vec<u8> {
    let what: &[u8] = match what {
        Sealed::Callback => b"subscription.callback.v1",
        Sealed::Hook => b"subscription.hook.v1",
        Sealed::Parcel => b"subscription.parcel.v1",
    };
    [what, tenant.as_uuid().as_bytes(), subscription.as_uuid().as_bytes()].concat()
}

pub(super) fn seal(
    keys: &dyn Keyring,
    what: Sealed,
    tenant: TenantId,
    subscription: SubscriptionId,
    plain: &[u8],
) -> String {
    keys.seal(&context(what, tenant, subscription), plain)
}

pub(super) fn open(
    keys: &dyn Keyring,
    what: Sealed,
    tenant: TenantId,
    subscription: SubscriptionId,
    sealed: &str,
) -> Option<Vec<u8>> {
    keys.open(&context(what, tenant, subscription), sealed)
}

pub(super) fn seal_secret(
    keys: &dyn Keyring,
    what: Sealed,
    tenant: TenantId,
    subscription: SubscriptionId,
    secret: &SecretString,
) -> String {
    seal(keys, what, tenant, subscription, secret.expose_secret().as_bytes())
}

pub(super) fn open_secret(
    keys: &dyn Keyring,
    what: Sealed,
    tenant: TenantId,
    subscription: SubscriptionId,
    sealed: &str,
) -> Option<SecretString> {
    let plain = open(keys, what, tenant, subscription, sealed)?;
    String::from_utf8(plain).ok().map(SecretString::from)
}
