//! A person's sessions: which there are, and their ends.

use lodge_access::{Action, Actor, Secret, SecretKind, Session};
use lodge_kernel::{SessionId, TenantId};
use lodge_storage::{StorageError, UnitOfWork};

use crate::{Gateway, audit::Happened, people::Person};

/// How many sessions are shown.
const MOST_SHOWN: usize = 100;

impl Gateway {
    /// Holds the person until the end of `work`, and says whether the session
    /// is still open. Whatever changes by what they come in asks here first: a
    /// new password ends sessions, and what was begun in one of those must not
    /// be finished afterwards.
    pub(super) async fn is_still_in(
        &self,
        work: &mut dyn UnitOfWork,
        session: &Session,
    ) -> Result<bool, StorageError> {
        work.users().hold(session.user).await?;
        let known = work.sessions().find_by_digest(session.digest).await?;
        Ok(known.is_some_and(|it| it.is_live(self.now())))
    }

    /// A person's live sessions, newest first.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn sessions(&self, person: &Person) -> Result<Vec<Session>, StorageError> {
        let now = self.now();
        let mut work = self.storage.read().await?;
        let mut all = work.sessions().of_user(person.user.id, now, MOST_SHOWN).await?;
        all.retain(|it| it.is_live(now));
        Ok(all)
    }

    /// Ends one of a person's sessions. `false` when there is none: another
    /// person's looks like none.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    #[tracing::instrument(name = "people.end_session", skip_all)]
    pub async fn end_session(&self, person: &Person, id: SessionId) -> Result<bool, StorageError> {
        if !self.sessions(person).await?.iter().any(|it| it.id == id) {
            return Ok(false);
        }
        let mut work = self.storage.begin().await?;
        let ended = work.sessions().revoke(id, self.now()).await?;
        let action =
            if id == person.session.id { Action::LoggedOut } else { Action::SessionRevoked };
        let actor = Actor::User(person.user.id);
        let happened = Happened::new(person.session.tenant, actor, action).to(id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(ended)
    }

    /// Ends all of a person's sessions but this one. Answers how many.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    #[tracing::instrument(name = "people.end_other_sessions", skip_all)]
    pub async fn end_other_sessions(&self, person: &Person) -> Result<u64, StorageError> {
        let mut work = self.storage.begin().await?;
        // A login that is under way ends with the others.
        work.users().hold(person.user.id).await?;
        let spared = Some(person.session.id);
        let ended = work.sessions().revoke_of_user(person.user.id, spared, self.now()).await?;
        let happened = Happened::new(
            person.session.tenant,
            Actor::User(person.user.id),
            Action::SessionRevoked,
        )
        .to(person.user.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(ended)
    }

    /// Ends the session `text`. What is none is none afterwards, too.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    #[tracing::instrument(name = "people.log_out", skip_all)]
    pub async fn log_out(&self, text: &str) -> Result<(), StorageError> {
        let Some(secret) = Secret::parse(SecretKind::UserSession, text) else { return Ok(()) };
        let mut work = self.storage.begin().await?;
        let session = work.sessions().find_by_digest(self.digest(secret.expose())).await?;
        let Some(session) = session else { return Ok(()) };
        work.sessions().revoke(session.id, self.now()).await?;
        let happened = Happened::new(session.tenant, Actor::User(session.user), Action::LoggedOut)
            .to(session.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await
    }

    /// Moves a session into another of the person's organisations. `false` when
    /// the person does not belong there.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    #[tracing::instrument(name = "people.enter_organisation", skip_all)]
    pub async fn enter_organisation(
        &self,
        person: &Person,
        tenant: TenantId,
    ) -> Result<bool, StorageError> {
        if !person.memberships.iter().any(|it| it.tenant == tenant) {
            return Ok(false);
        }
        let mut work = self.storage.begin().await?;
        let entered = work.sessions().enter(person.session.id, Some(tenant)).await?;
        work.commit().await?;
        Ok(entered)
    }
}
