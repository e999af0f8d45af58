//! Adding a passkey.

use lodge_access::{
    Action, Actor, Passkey, Transport,
    passkey::{MOST, NoPasskeys, PasskeyNameError, parse_name},
};
use lodge_kernel::{PasskeyId, SecretString};
use lodge_services::{Asked, NewPasskey};
use lodge_storage::StorageError;

use super::question::{Purpose, Question};
use crate::{
    Gateway,
    audit::Happened,
    people::{Caller, Person, ProofError},
};

/// A passkey was not added, or not changed.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// There are no passkeys under this address.
    #[error(transparent)]
    Off(#[from] NoPasskeys),
    /// What the person calls it.
    #[error(transparent)]
    Name(#[from] PasskeyNameError),
    /// The person has no password that could be asked for once more.
    #[error("you have no password yet: set one first")]
    NoPassword,
    /// The person has as many as there may be.
    #[error("you have 20 passkeys, and there may not be more: remove one first")]
    TooMany,
    /// Somebody has added this passkey already.
    #[error("this passkey was added already")]
    Known,
    /// The device's answer is not one to what it was asked. Begin again.
    #[error("the passkey was not taken: begin again, or use another device")]
    NotTaken,
    /// The question was answered before, or too long ago. Begin again.
    #[error("adding the passkey took too long, or was done already: begin again")]
    Ended,
    /// The person has no such passkey.
    #[error("you have no such passkey")]
    NotFound,
    /// It was tried too often, or the password is wrong.
    #[error(transparent)]
    Proof(ProofError),
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<ProofError> for PasskeyError {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Storage(error) => Self::Storage(error),
            other => Self::Proof(other),
        }
    }
}

/// What a device is asked for a new passkey.
#[derive(Debug)]
pub struct AddingPasskey {
    /// The question.
    pub question: Question,
    /// The passkeys that the person has: a device that has one of them makes no
    /// second one.
    pub known: Vec<Passkey>,
}

/// What a device answered.
#[derive(Clone, Debug)]
pub struct AddPasskey {
    /// What came with the question.
    pub ticket: String,
    /// What the person calls the passkey.
    pub name: String,
    /// The answer.
    pub answer: NewPasskey,
    /// How the browser says that it reaches the device.
    pub transports: Vec<Transport>,
}

/// A passkey was added.
#[derive(Debug)]
pub struct AddedPasskey {
    /// The passkey.
    pub passkey: Passkey,
    /// Recovery codes, shown once, for whoever had none.
    pub recovery_codes: Vec<SecretString>,
}

impl Gateway {
    /// Asks for a new passkey, of somebody who gives the password once more.
    ///
    /// # Errors
    ///
    /// [`PasskeyError`].
    #[tracing::instrument(name = "people.begin_passkey", skip_all)]
    pub async fn begin_passkey(
        &self,
        person: &Person,
        password: &SecretString,
        caller: &Caller,
    ) -> Result<AddingPasskey, PasskeyError> {
        self.relying_party()?;
        self.prove_for_passkeys(person, password, caller).await?;
        let known = self.passkeys(person).await?;
        if known.len() >= MOST {
            return Err(PasskeyError::TooMany);
        }
        let question = self.ask_passkey(Purpose::Add(person.user.id, person.session.id))?;
        Ok(AddingPasskey { question, known })
    }

    /// Adds the passkey that a device made. From now on a login with the password
    /// asks for a second proof.
    ///
    /// # Errors
    ///
    /// [`PasskeyError`].
    #[tracing::instrument(name = "people.add_passkey", skip_all)]
    pub async fn add_passkey(
        &self,
        person: &Person,
        ask: &AddPasskey,
    ) -> Result<AddedPasskey, PasskeyError> {
        let party = self.relying_party()?;
        let name = parse_name(&ask.name)?;
        let user = person.user.id;
        let question = self.opened_question(&ask.ticket).ok_or(PasskeyError::Ended)?;
        let asked_here = question.purpose == Purpose::Add(user, person.session.id);
        if !asked_here || !self.use_question(&question).await? {
            return Err(PasskeyError::Ended);
        }
        let asked = Asked { challenge: &question.challenge, party, verified: false };
        let attested = self.people.passkeys.register(&asked, &ask.answer).map_err(|error| {
            tracing::info!(error = %error, "a new passkey was not taken");
            PasskeyError::NotTaken
        })?;
        let passkey = Passkey {
            id: PasskeyId::fresh(&*self.clock, &*self.entropy),
            user,
            credential: attested.credential,
            key: attested.key,
            counter: attested.counter,
            transports: ask.transports.clone(),
            backup: attested.backup,
            name,
            created_at: self.now(),
            used_at: None,
        };
        let mut work = self.storage.begin().await?;
        if !self.is_still_in(&mut *work, &person.session).await? {
            return Err(PasskeyError::Ended);
        }
        if work.passkeys().of_user(user).await?.len() >= MOST {
            return Err(PasskeyError::TooMany);
        }
        match work.passkeys().add(&passkey).await {
            Err(StorageError::Duplicate { .. }) => return Err(PasskeyError::Known),
            other => other?,
        }
        let mut recovery_codes = Vec::new();
        if work.logins().recovery_codes(user).await? == 0 {
            let (codes, digests) = self.fresh_recovery_codes(user);
            work.logins().set_recovery_codes(user, &digests).await?;
            recovery_codes = codes;
        }
        let happened =
            Happened::new(person.session.tenant, Actor::User(user), Action::PasskeyAdded)
                .to(passkey.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(AddedPasskey { passkey, recovery_codes })
    }
}
