//! Changing a password, and setting one by a link.

use lodge_access::{
    Action, Actor, PasswordError, PasswordLink, Secret, SecretKind, User,
    invitation::PASSWORD_LINK_LIFETIME, password,
};
use lodge_kernel::{ExposeSecret as _, SecretString};
use lodge_services::HashError;
use lodge_storage::StorageError;

use crate::{
    Gateway,
    audit::Happened,
    people::{Caller, Person, ProofError},
};

/// A password was not changed.
#[derive(Debug, thiserror::Error)]
pub enum PasswordChangeError {
    /// The link is not one of ours, was used, or is too old.
    #[error("this link was used already, or is too old: ask for a new one")]
    Link,
    /// The new password.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The password so far is wrong.
    #[error("the password that you have so far is wrong")]
    Wrong,
    /// It was tried too often, or nobody could hash.
    #[error(transparent)]
    Proof(ProofError),
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<ProofError> for PasswordChangeError {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Wrong => Self::Wrong,
            ProofError::Storage(error) => Self::Storage(error),
            other => Self::Proof(other),
        }
    }
}

impl From<HashError> for PasswordChangeError {
    fn from(error: HashError) -> Self {
        Self::Proof(error.into())
    }
}

impl Gateway {
    /// Proves again that a person is who the session says, before something
    /// changes by which they come in. Whoever has no password yet has proved it
    /// by the link or the command that opened the session.
    ///
    /// # Errors
    ///
    /// [`ProofError`].
    pub(super) async fn prove_again(
        &self,
        person: &Person,
        password: &SecretString,
        caller: &Caller,
    ) -> Result<(), ProofError> {
        if !self.has_password(person).await? {
            return Ok(());
        }
        let (user, email) = (Some(person.user.id), &person.user.email);
        self.prove_password(user, email, password, caller).await?;
        Ok(())
    }

    /// The person has a password.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn has_password(&self, person: &Person) -> Result<bool, StorageError> {
        let known = self.storage.read().await?.logins().password(person.user.id).await?;
        Ok(known.is_some())
    }

    /// Changes a person's password. All other sessions end.
    ///
    /// # Errors
    ///
    /// [`PasswordChangeError`]; nothing has changed then.
    #[tracing::instrument(name = "people.change_password", skip_all)]
    pub async fn change_password(
        &self,
        person: &Person,
        old: &SecretString,
        new: SecretString,
        caller: &Caller,
    ) -> Result<(), PasswordChangeError> {
        password::check(new.expose_secret(), &person.user.email)?;
        self.prove_again(person, old, caller).await?;
        let hash = self.people.passwords.hash(new).await?;
        let now = self.now();
        let (user, spared) = (person.user.id, Some(person.session.id));
        let mut work = self.storage.begin().await?;
        if !self.is_still_in(&mut *work, &person.session).await? {
            return Err(PasswordChangeError::Wrong);
        }
        work.logins().set_password(user, &hash, now).await?;
        work.sessions().revoke_of_user(user, spared, now).await?;
        let happened =
            Happened::new(person.session.tenant, Actor::User(user), Action::PasswordChanged)
                .to(user);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(())
    }

    /// Makes a link with which the person with that address sets a password;
    /// the links before it end. `None` when there is nobody.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    #[tracing::instrument(name = "people.make_password_link", skip_all)]
    pub async fn make_password_link(&self, email: &str) -> Result<Option<Secret>, StorageError> {
        let now = self.now();
        let email = email.trim().to_lowercase();
        let mut work = self.storage.begin().await?;
        let Some(user) = work.users().find_by_email(&email).await? else { return Ok(None) };
        let secret = Secret::fresh(SecretKind::PasswordLink, &*self.entropy);
        let link = PasswordLink {
            digest: self.digest(secret.expose()),
            user: user.id,
            created_at: now,
            expires_at: now.plus(PASSWORD_LINK_LIFETIME),
            used_at: None,
        };
        work.password_links().add(&link).await?;
        work.commit().await?;
        Ok(Some(secret))
    }

    /// Whose password the link sets.
    ///
    /// # Errors
    ///
    /// [`PasswordChangeError::Link`] and [`PasswordChangeError::Storage`].
    pub async fn password_link(&self, text: &str) -> Result<User, PasswordChangeError> {
        let secret = Secret::parse(SecretKind::PasswordLink, text);
        let secret = secret.ok_or(PasswordChangeError::Link)?;
        let mut work = self.storage.read().await?;
        let link = work.password_links().find(self.digest(secret.expose())).await?;
        let link = link.filter(|it| it.is_open(self.now())).ok_or(PasswordChangeError::Link)?;
        work.users().find(link.user).await?.ok_or(PasswordChangeError::Link)
    }

    /// Sets a password by a link. All sessions of the person end.
    ///
    /// # Errors
    ///
    /// [`PasswordChangeError`]; nothing has changed then, and the link is good
    /// for another try.
    #[tracing::instrument(name = "people.set_password", skip_all)]
    pub async fn set_password(
        &self,
        text: &str,
        new: SecretString,
    ) -> Result<User, PasswordChangeError> {
        let user = self.password_link(text).await?;
        password::check(new.expose_secret(), &user.email)?;
        let hash = self.people.passwords.hash(new).await?;
        let now = self.now();
        let mut work = self.storage.begin().await?;
        work.users().hold(user.id).await?;
        if !work.password_links().take(self.digest(text), now).await? {
            return Err(PasswordChangeError::Link);
        }
        work.logins().set_password(user.id, &hash, now).await?;
        work.sessions().revoke_of_user(user.id, None, now).await?;
        let happened = Happened::new(None, Actor::User(user.id), Action::PasswordChanged)
            .to(user.id)
            .because("by a link");
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(user)
    }
}
