//! Secrets as they are kept: sealed with a data key of their organisation,
//! beside the place that they belong to.

use lodge_access::DataKey;
use lodge_kernel::{
    ConnectionId, Digest, HookId, Sealed, SecretString, SubscriptionId, TenantId, Timestamp,
    UserId, Vault, WrappedKey, hex,
};
use lodge_storage::{StorageError, UnitOfWork};

/// Which field of which row a secret is.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// The access token of a connection.
    Access(ConnectionId),
    /// The refresh token of a connection.
    Refresh(ConnectionId),
    /// The PKCE verifier of a login.
    Verifier(Digest),
    /// What deliveries to an app are signed with.
    Callback(SubscriptionId),
    /// What a host proves its webhooks with.
    Hook(SubscriptionId),
    /// What a host proves its deliveries to courses with.
    CourseHook(HookId),
    /// The key of a person's authenticator app.
    Authenticator(UserId),
}

impl Place {
    /// What the secret is sealed beside: a secret that is copied into another
    /// row, or another organisation, does not open.
    fn context(self, tenant: TenantId, key: u32) -> Vec<u8> {
        let place = match self {
            Self::Access(id) => format!("credentials|{tenant}|{id}|access|{key}"),
            Self::Refresh(id) => format!("credentials|{tenant}|{id}|refresh|{key}"),
            Self::Verifier(digest) => {
                format!("login_attempts|{tenant}|{}|verifier|{key}", hex::encode(&digest.0))
            }
            Self::Callback(id) => format!("subscriptions|{tenant}|{id}|secret|{key}"),
            Self::Hook(id) => format!("subscriptions|{tenant}|{id}|hook_secret|{key}"),
            Self::CourseHook(id) => format!("hooks|{tenant}|{id}|secret|{key}"),
            Self::Authenticator(id) => format!("authenticators|{tenant}|{id}|key|{key}"),
        };
        place.into_bytes()
    }

    const fn entity(self) -> &'static str {
        match self {
            Self::Access(_) | Self::Refresh(_) => "credential",
            Self::Verifier(_) => "login attempt",
            Self::Callback(_) | Self::Hook(_) => "subscription",
            Self::CourseHook(_) => "hook",
            Self::Authenticator(_) => "authenticator",
        }
    }
}

/// What a data key is wrapped beside.
pub(crate) fn key_context(tenant: TenantId, number: u32) -> Vec<u8> {
    format!("data_keys|{tenant}|{number}").into_bytes()
}

/// Seals `plain` with the newest data key of `tenant`, which is made at the
/// first time.
///
/// # Errors
///
/// [`StorageError`]; a data key that does not open is
/// [`StorageError::Corrupt`].
pub async fn seal(
    vault: &dyn Vault,
    work: &mut dyn UnitOfWork,
    now: Timestamp,
    (tenant, place): (TenantId, Place),
    plain: &str,
) -> Result<Sealed, StorageError> {
    let newest = work.data_keys().newest(tenant).await?;
    let key = match newest {
        Some(key) => key,
        None => first_key(vault, work, now, tenant).await?,
    };
    let context = key_context(tenant, key.number);
    let wrapped = WrappedKey { context: &context, text: &key.wrapped };
    let text = vault.seal_with(&wrapped, &place.context(tenant, key.number), plain);
    let text = text.ok_or_else(|| unopened("data key"))?;
    Ok(Sealed { key: key.number, text })
}

/// Opens what [`seal`] made.
///
/// # Errors
///
/// [`StorageError`]; what does not open is [`StorageError::Corrupt`].
pub async fn open(
    vault: &dyn Vault,
    work: &mut dyn UnitOfWork,
    (tenant, place): (TenantId, Place),
    sealed: &Sealed,
) -> Result<SecretString, StorageError> {
    let key = work.data_keys().find(tenant, sealed.key).await?;
    let key = key.ok_or_else(|| StorageError::Corrupt {
        entity: place.entity(),
        source: "its data key is not there".into(),
    })?;
    let context = key_context(tenant, key.number);
    let wrapped = WrappedKey { context: &context, text: &key.wrapped };
    let plain = vault.open_with(&wrapped, &place.context(tenant, key.number), &sealed.text);
    plain.ok_or_else(|| unopened(place.entity()))
}

async fn first_key(
    vault: &dyn Vault,
    work: &mut dyn UnitOfWork,
    now: Timestamp,
    tenant: TenantId,
) -> Result<DataKey, StorageError> {
    let key = DataKey {
        tenant,
        number: 1,
        wrapped: vault.fresh_key(&key_context(tenant, 1)),
        master: vault.master(),
        created_at: now,
    };
    let added = work.data_keys().add(&key).await;
    match added {
        Ok(()) => Ok(key),
        // Another request of the same organisation was faster.
        Err(duplicate @ StorageError::Duplicate { .. }) => {
            work.data_keys().newest(tenant).await?.ok_or(duplicate)
        }
        Err(error) => Err(error),
    }
}

fn unopened(entity: &'static str) -> StorageError {
    let source = "no master key of this installation opens it, or it belongs elsewhere".into();
    StorageError::Corrupt { entity, source }
}
