//! Grants: an administrator lets an app read a connection without a consent
//! page.
//!
//! A grant is an approval that an administrator gave in the place of the
//! customer: its rights are worked out, shown and taken back like any other's.
//! A token that an app gets on its own behalf reads under it.

use std::{collections::BTreeSet, time::Duration};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use lodge_access::{
    Action, Actor, App, Authorization, AuthorizationState, Connection, PermissionSet,
    PlatformGrant, RepositoryConsent,
};
use lodge_forge::RepositoryId;
use lodge_kernel::{AuthorizationId, ClientId, ConnectionId, GrantId, TenantId, Timestamp};
use lodge_pagination::{Limit, PageRequest};
use lodge_provider::{Account, ProviderError, RepositoryRef};
use lodge_storage::{GrantFilter, StorageError, UnitOfWork};

use super::live_grants::details;
use crate::{Gateway, audit::Happened, oauth::answer::LONGEST_DAYS};

/// How many repositories one grant may have.
pub const MOST_REPOSITORIES: usize = 1_000;
/// How many repositories the host is asked about at the same time.
const AT_ONCE: usize = 8;

/// A grant that is to be made.
#[derive(Clone, Debug)]
pub struct GrantDraft {
    /// The organisation of app and connection.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// The connection.
    pub connection: ConnectionId,
    /// Which repositories; all that the account sees at this moment when
    /// absent. Those that come later are never part of it.
    pub repositories: Option<Vec<String>>,
    /// What may be read of each.
    pub permissions: PermissionSet,
    /// For how many days: 1 to [`LONGEST_DAYS`].
    pub days: u32,
    /// Why: 1 to 500 characters.
    pub reason: String,
}

/// A grant cannot be made or taken back.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The draft.
    #[error("{problem}")]
    Invalid {
        /// What to correct.
        problem: String,
    },
    /// There is no such thing, or it is another organisation's.
    #[error("there is no such {what}")]
    NotFound {
        /// What is not there.
        what: &'static str,
    },
    /// The host did not say what there is.
    #[error("the host cannot be asked about its repositories at the moment: try again")]
    Host(#[source] ProviderError),
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A grant, and the approval that it is.
#[derive(Clone, Debug)]
pub struct GrantDetails {
    /// The grant.
    pub grant: PlatformGrant,
    /// Its approval.
    pub authorization: Authorization,
}

impl GrantDetails {
    /// The app can read under it at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        matches!(self.authorization.state, AuthorizationState::Active { .. })
            && now < self.authorization.expires_at
    }
}

fn invalid(problem: impl Into<String>) -> GrantError {
    GrantError::Invalid { problem: problem.into() }
}

impl Gateway {
    /// Makes a grant, after the host said which repositories there are.
    ///
    /// # Errors
    ///
    /// [`GrantError`]; nothing has changed then.
    #[tracing::instrument(name = "gateway.make_grant", skip_all)]
    pub async fn make_grant(
        &self,
        by: Actor,
        draft: GrantDraft,
    ) -> Result<GrantDetails, GrantError> {
        check(&draft)?;
        let mut work = self.storage.read().await?;
        let connection = work.connections().find(draft.connection).await?;
        let connection = connection.filter(|it| it.tenant == draft.tenant && it.status.is_kept());
        let connection = connection.ok_or(GrantError::NotFound { what: "connection" })?;
        let app = find_app(&mut *work, &draft).await?;
        drop(work); // No transaction is open while we wait for a host.

        let now = self.now();
        let expires_at = now.plus(Duration::from_hours(24) * draft.days);
        let found = match &draft.repositories {
            Some(ids) => self.named(&connection, ids).await?,
            None => self.everything(&connection).await?,
        };
        if found.is_empty() {
            return Err(invalid("the account sees no repository"));
        }
        let consent = |(repository, full_name)| RepositoryConsent {
            connection: connection.id,
            provider: connection.provider.clone(),
            repository,
            full_name,
            permissions: draft.permissions,
            expires_at,
        };
        let account = draft.permissions.iter().filter(|it| it.is_of_account());
        let authorization = Authorization {
            id: AuthorizationId::fresh(&*self.clock, &*self.entropy),
            tenant: app.tenant,
            client: app.id,
            customer: connection.customer,
            state: AuthorizationState::Active { since: now },
            purpose: Some(draft.reason.clone()),
            account_permissions: account.collect(),
            connections: vec![(connection.id, connection.provider.clone())],
            repositories: found.into_iter().map(consent).collect(),
            expires_at,
            created_at: now,
            updated_at: now,
        };
        let grant = PlatformGrant {
            id: GrantId::fresh(&*self.clock, &*self.entropy),
            tenant: app.tenant,
            client: app.id,
            connection: connection.id,
            authorization: authorization.id,
            reason: draft.reason.clone(),
            created_at: now,
        };
        let mut work = self.storage.begin().await?;
        // It may have been deleted while the host was asked.
        find_app(&mut *work, &draft).await?;
        work.authorizations().add(&authorization).await?;
        work.grants().add(&grant).await?;
        let made = Happened::new(grant.tenant, by, Action::GrantMade);
        self.audit(&mut *work, made.to(grant.id).because(&draft.reason)).await?;
        work.commit().await?;
        Ok(GrantDetails { grant, authorization })
    }

    /// Grants that are meant, oldest first, ended ones too: at most `limit`
    /// after `after`.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn list_grants(
        &self,
        filter: GrantFilter,
        after: Option<GrantId>,
        limit: usize,
    ) -> Result<Vec<GrantDetails>, StorageError> {
        let mut work = self.storage.read().await?;
        let grants = work.grants().list(filter, after, limit).await?;
        details(&mut *work, grants).await
    }

    /// Takes a grant back, with its approval and every token under it.
    /// Doing so again changes nothing.
    ///
    /// # Errors
    ///
    /// [`GrantError`]; nothing has changed then.
    #[tracing::instrument(name = "gateway.revoke_grant", skip_all)]
    pub async fn revoke_grant(&self, by: Actor, id: GrantId) -> Result<(), GrantError> {
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let grant = work.grants().find(id).await?;
        let grant = grant.ok_or(GrantError::NotFound { what: "grant" })?;
        let approval = work.authorizations().find(grant.authorization).await?;
        let active = |it: &Authorization| !matches!(it.state, AuthorizationState::Revoked { .. });
        let Some(approval) = approval.filter(active) else { return Ok(()) };
        work.authorizations().update(&approval.revoke(now)).await?;
        work.tokens().revoke_of_authorization(grant.authorization, now).await?;
        work.touch_access().await?;
        self.audit(&mut *work, Happened::new(grant.tenant, by, Action::GrantRevoked).to(id))
            .await?;
        work.commit().await?;
        self.grants.forget();
        Ok(())
    }

    /// The repositories of these ids, each once.
    async fn named(
        &self,
        connection: &Connection,
        ids: &[String],
    ) -> Result<Vec<(RepositoryId, String)>, GrantError> {
        let host = self.providers.get(&connection.provider);
        let host = host.ok_or(GrantError::NotFound { what: "host any more" })?;
        let ids: Result<BTreeSet<_>, _> = ids.iter().map(|it| RepositoryId::parse(it)).collect();
        let ids = ids.map_err(|error| invalid(error.to_string()))?;
        let asked: Vec<_> = ids
            .into_iter()
            .map(|id| {
                let account = Account { tenant: connection.tenant, connection: connection.id };
                host.find_repository(RepositoryRef { account, id })
            })
            .collect();
        let found = stream::iter(asked).buffered(AT_ONCE).map_ok(|it| (it.id, it.full_name));
        found.try_collect().await.map_err(|error: ProviderError| match error.cause() {
            ProviderError::RepositoryNotFound => invalid("the account sees no such repository"),
            _ => GrantError::Host(error),
        })
    }

    /// Every repository that the account sees at this moment.
    async fn everything(
        &self,
        connection: &Connection,
    ) -> Result<Vec<(RepositoryId, String)>, GrantError> {
        let host = self.providers.get(&connection.provider);
        let host = host.ok_or(GrantError::NotFound { what: "host any more" })?;
        let account = Account { tenant: connection.tenant, connection: connection.id };
        let (mut all, mut from) = (Vec::new(), None);
        loop {
            let page = PageRequest { from, limit: Limit::MAX };
            let page = host.list_repositories(account, page).await.map_err(GrantError::Host)?;
            all.extend(page.items.into_iter().map(|it| (it.id, it.full_name)));
            if all.len() > MOST_REPOSITORIES {
                return Err(invalid("the account sees more than 1,000 repositories: name them"));
            }
            from = page.next;
            if from.is_none() {
                return Ok(all);
            }
        }
    }
}

fn check(draft: &GrantDraft) -> Result<(), GrantError> {
    if draft.permissions.is_empty() {
        return Err(invalid("`permissions` names none"));
    }
    if !(1..=LONGEST_DAYS).contains(&draft.days) {
        return Err(invalid("`expiresInDays` is 1 to 366"));
    }
    let length = draft.reason.trim().chars().count();
    if !(1..=500).contains(&length) || draft.reason.contains(char::is_control) {
        return Err(invalid("`reason` has 1 to 500 characters, and no control character"));
    }
    match draft.repositories.as_ref().map(Vec::len) {
        Some(0) => Err(invalid("`repositories` names none: leave it out for all")),
        Some(n) if n > MOST_REPOSITORIES => Err(invalid("a grant has at most 1,000 repositories")),
        _ => Ok(()),
    }
}

async fn find_app(work: &mut dyn UnitOfWork, draft: &GrantDraft) -> Result<App, GrantError> {
    let app = work.apps().find(draft.client).await?;
    let app = app.filter(|it| it.is_active() && it.tenant == draft.tenant);
    app.ok_or(GrantError::NotFound { what: "app" })
}
