//! A person's passkeys: which there are, their names, and their ends.

use lodge_access::{Action, Actor, Passkey, passkey::parse_name};
use lodge_kernel::{PasskeyId, SecretString, UserId};
use lodge_storage::{StorageError, UnitOfWork};

use super::PasskeyError;
use crate::{
    Gateway,
    audit::Happened,
    people::{Caller, Person, ProofError},
};

/// A passkey was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemovedPasskey {
    /// It was the last second proof: the recovery codes have ended, too, and
    /// the password alone opens the account.
    pub was_last: bool,
}

impl Gateway {
    /// A person's passkeys, oldest first.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn passkeys(&self, person: &Person) -> Result<Vec<Passkey>, StorageError> {
        self.storage.read().await?.passkeys().of_user(person.user.id).await
    }

    /// Gives a passkey another name.
    ///
    /// # Errors
    ///
    /// [`PasskeyError::Name`] and [`PasskeyError::NotFound`]: another person's
    /// passkey looks like none.
    #[tracing::instrument(name = "people.rename_passkey", skip_all)]
    pub async fn rename_passkey(
        &self,
        person: &Person,
        id: PasskeyId,
        name: &str,
    ) -> Result<(), PasskeyError> {
        let (name, user) = (parse_name(name)?, person.user.id);
        let mut work = self.storage.begin().await?;
        if !work.passkeys().rename(user, id, &name).await? {
            return Err(PasskeyError::NotFound);
        }
        let happened =
            Happened::new(person.session.tenant, Actor::User(user), Action::PasskeyRenamed).to(id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(())
    }

    /// Removes a passkey, of somebody who gives the password once more.
    ///
    /// # Errors
    ///
    /// [`PasskeyError::NoPassword`], [`PasskeyError::Proof`] and
    /// [`PasskeyError::NotFound`].
    #[tracing::instrument(name = "people.remove_passkey", skip_all)]
    pub async fn remove_passkey(
        &self,
        person: &Person,
        id: PasskeyId,
        password: &SecretString,
        caller: &Caller,
    ) -> Result<RemovedPasskey, PasskeyError> {
        self.prove_for_passkeys(person, password, caller).await?;
        let user = person.user.id;
        let mut work = self.storage.begin().await?;
        if !self.is_still_in(&mut *work, &person.session).await? {
            return Err(ProofError::Wrong.into());
        }
        if !work.passkeys().remove(user, id).await? {
            return Err(PasskeyError::NotFound);
        }
        let was_last = !has_second_proof(&mut *work, user).await?;
        if was_last {
            work.logins().set_recovery_codes(user, &[]).await?;
        }
        let happened =
            Happened::new(person.session.tenant, Actor::User(user), Action::PasskeyRemoved).to(id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(RemovedPasskey { was_last })
    }

    /// Asks for the password once more. A passkey opens the account for ever, a
    /// session for a day: whoever has no password cannot prove enough.
    pub(super) async fn prove_for_passkeys(
        &self,
        person: &Person,
        password: &SecretString,
        caller: &Caller,
    ) -> Result<(), PasskeyError> {
        if !self.has_password(person).await? {
            return Err(PasskeyError::NoPassword);
        }
        self.prove_again(person, password, caller).await?;
        Ok(())
    }
}

/// A login with the password asks for something more.
pub(in crate::people) async fn has_second_proof(
    work: &mut dyn UnitOfWork,
    user: UserId,
) -> Result<bool, StorageError> {
    let authenticator = work.logins().authenticator(user).await?;
    if authenticator.is_some_and(|it| it.confirmed_at.is_some()) {
        return Ok(true);
    }
    Ok(!work.passkeys().of_user(user).await?.is_empty())
}
