//! A second proof: codes of an authenticator app.

use lodge_access::{Action, Actor, Authenticator, Secret, SecretKind, totp};
use lodge_kernel::{SecretString, UserId};
use lodge_storage::StorageError;

use crate::{
    Gateway,
    audit::Happened,
    people::{
        Caller, PasswordChangeError, Person, ProofError, Visitor, passkeys::keep::has_second_proof,
    },
    sealing::{self, Place},
};

/// A second proof was not given, or not set up.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticatorError {
    /// The code is wrong, or was used before.
    #[error("the code is wrong, or was used before: wait for the next one")]
    WrongCode,
    /// The person has no authenticator app, or none that waits for its first
    /// code.
    #[error("there is no authenticator app to be confirmed or removed")]
    None,
    /// It was tried too often, or the password is wrong.
    #[error(transparent)]
    Proof(ProofError),
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<ProofError> for AuthenticatorError {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Storage(error) => Self::Storage(error),
            other => Self::Proof(other),
        }
    }
}

/// What an authenticator app is told, once.
#[derive(Debug)]
pub struct Enrolment {
    /// The key, to be typed: base32.
    pub key: SecretString,
    /// The key, to be scanned.
    /// <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>
    pub uri: SecretString,
}

impl Gateway {
    /// A login of this person needs a code.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn has_authenticator(&self, user: UserId) -> Result<bool, StorageError> {
        let known = self.storage.read().await?.logins().authenticator(user).await?;
        Ok(known.is_some_and(|it| it.confirmed_at.is_some()))
    }

    /// Makes a key for a person's authenticator app. Nothing asks for its codes
    /// before [`confirm_authenticator`](Self::confirm_authenticator); one that
    /// is in use is not replaced.
    ///
    /// # Errors
    ///
    /// [`AuthenticatorError::Proof`] when the password is wrong, and
    /// [`AuthenticatorError::None`] when there is one in use: remove it first.
    #[tracing::instrument(name = "people.enrol_authenticator", skip_all)]
    pub async fn enrol_authenticator(
        &self,
        visitor: &Visitor,
        password: &SecretString,
        caller: &Caller,
    ) -> Result<Enrolment, AuthenticatorError> {
        let user = &visitor.user;
        self.prove_again(&visitor.clone().person(), password, caller).await?;
        if self.has_authenticator(user.id).await? {
            return Err(AuthenticatorError::None);
        }
        let mut key = [0; totp::KEY_BYTES];
        self.entropy.fill(&mut key);
        let text = totp::base32(&key);
        let place = (visitor.tenant, Place::Authenticator(user.id));
        let vault = self.accounts.vault();
        let mut work = self.storage.begin().await?;
        if !self.is_still_in(&mut *work, &visitor.session).await? {
            return Err(ProofError::Wrong.into());
        }
        let hex = lodge_kernel::hex::encode(&key);
        let sealed = sealing::seal(vault, &mut *work, self.now(), place, &hex).await?;
        let authenticator = Authenticator {
            tenant: visitor.tenant,
            key: sealed,
            confirmed_at: None,
            last_step: None,
        };
        work.logins().set_authenticator(user.id, Some(&authenticator)).await?;
        work.commit().await?;
        // An address has no character that must be escaped in a path but these.
        let label = user.email.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        let uri = format!("otpauth://totp/Gitlodge:{label}?secret={text}&issuer=Gitlodge");
        Ok(Enrolment { key: text.into(), uri: uri.into() })
    }

    /// The app shows the right codes: from now on a login asks for one. Answers
    /// the recovery codes, which are shown once.
    ///
    /// # Errors
    ///
    /// [`AuthenticatorError`].
    #[tracing::instrument(name = "people.confirm_authenticator", skip_all)]
    pub async fn confirm_authenticator(
        &self,
        person: &Person,
        code: &str,
        caller: &Caller,
    ) -> Result<Vec<SecretString>, AuthenticatorError> {
        let user = person.user.id;
        let known = self.storage.read().await?.logins().authenticator(user).await?;
        let known = known.filter(|it| it.confirmed_at.is_none()).ok_or(AuthenticatorError::None)?;
        let attempt = self.attempt(&format!("code|{user}"), caller).await?;
        let step = self.step_of_code(user, &known, code).await?;
        let step = step.ok_or(AuthenticatorError::WrongCode)?;
        let confirmed =
            Authenticator { confirmed_at: Some(self.now()), last_step: Some(step), ..known };
        let (codes, digests) = self.fresh_recovery_codes(user);
        let mut work = self.storage.begin().await?;
        if !self.is_still_in(&mut *work, &person.session).await? {
            return Err(AuthenticatorError::None);
        }
        work.logins().set_authenticator(user, Some(&confirmed)).await?;
        work.logins().set_recovery_codes(user, &digests).await?;
        let happened =
            Happened::new(person.session.tenant, Actor::User(user), Action::SecondFactorAdded)
                .to(user);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        self.succeed(attempt).await?;
        Ok(codes)
    }

    /// Forgets a person's authenticator app; with the last second proof, the
    /// recovery codes end.
    ///
    /// # Errors
    ///
    /// [`AuthenticatorError`].
    #[tracing::instrument(name = "people.remove_authenticator", skip_all)]
    pub async fn remove_authenticator(
        &self,
        person: &Person,
        password: &SecretString,
        caller: &Caller,
    ) -> Result<(), AuthenticatorError> {
        self.prove_again(person, password, caller).await?;
        let user = person.user.id;
        let mut work = self.storage.begin().await?;
        if !self.is_still_in(&mut *work, &person.session).await? {
            return Err(ProofError::Wrong.into());
        }
        work.logins().set_authenticator(user, None).await?;
        if !has_second_proof(&mut *work, user).await? {
            work.logins().set_recovery_codes(user, &[]).await?;
        }
        let happened = Happened::new(None, Actor::User(user), Action::SecondFactorRemoved);
        self.audit(&mut *work, happened.to(user)).await?;
        work.commit().await?;
        Ok(())
    }

    /// Forgets every second proof of somebody who has lost them, by the
    /// operator's hand: authenticator app, passkeys and recovery codes. The
    /// password ends at once, too, and so do all sessions and their tokens for
    /// courses: a link is the only way in then, and whoever has stolen the
    /// password does not come in first.
    ///
    /// # Errors
    ///
    /// [`PasswordChangeError::Proof`] and [`PasswordChangeError::Storage`];
    /// nothing has changed then.
    pub async fn forget_second_proofs(&self, user: UserId) -> Result<(), PasswordChangeError> {
        // A password that nobody knows. Whoever has none at all would have to
        // prove nothing.
        let unknown = Secret::fresh(SecretKind::PasswordLink, &*self.entropy);
        let hash = self.people.passwords.hash(unknown.expose().to_owned().into()).await?;
        let now = self.now();
        let mut work = self.storage.begin().await?;
        work.users().hold(user).await?;
        work.logins().set_password(user, &hash, now).await?;
        work.sessions().revoke_of_user(user, None, now).await?;
        let memberships = work.memberships().of_user(user).await?;
        for membership in memberships {
            work.personal_tokens().revoke_all(membership.tenant, user, now).await?;
        }
        work.logins().set_authenticator(user, None).await?;
        let passkeys = work.passkeys().of_user(user).await?;
        for passkey in passkeys {
            work.passkeys().remove(user, passkey.id).await?;
        }
        work.logins().set_recovery_codes(user, &[]).await?;
        for action in [Action::SecondFactorRemoved, Action::PasswordChanged] {
            let happened = Happened::new(None, Actor::Operator, action).to(user);
            self.audit(&mut *work, happened).await?;
        }
        work.commit().await?;
        Ok(())
    }

    /// Takes a code of the app, or a recovery code, and uses it up.
    pub(super) async fn check_second_factor(
        &self,
        user: UserId,
        code: &str,
        caller: &Caller,
    ) -> Result<(), AuthenticatorError> {
        let known = self.storage.read().await?.logins().authenticator(user).await?;
        let known = known.filter(|it| it.confirmed_at.is_some());
        let attempt = self.attempt(&format!("code|{user}"), caller).await?;
        // Whoever has passkeys only has recovery codes, too.
        let step = match known {
            Some(known) => self.step_of_code(user, &known, code).await?,
            None => None,
        };
        let mut work = self.storage.begin().await?;
        let taken = if let Some(step) = step {
            work.logins().use_step(user, step).await?
        } else {
            let digest = self.recovery_digest(user, code);
            work.logins().use_recovery_code(user, digest).await?
        };
        if !taken {
            return Err(AuthenticatorError::WrongCode);
        }
        if step.is_none() {
            let happened =
                Happened::new(None, Actor::User(user), Action::RecoveryCodeUsed).to(user);
            self.audit(&mut *work, happened).await?;
        }
        work.commit().await?;
        self.succeed(attempt).await?;
        Ok(())
    }

    async fn step_of_code(
        &self,
        user: UserId,
        known: &Authenticator,
        code: &str,
    ) -> Result<Option<u64>, StorageError> {
        let place = (known.tenant, Place::Authenticator(user));
        let mut work = self.storage.read().await?;
        let key = sealing::open(self.accounts.vault(), &mut *work, place, &known.key).await?;
        let key = unhex(&key).ok_or_else(|| StorageError::Corrupt {
            entity: "authenticator",
            source: "its key is not hexadecimal".into(),
        })?;
        let codes = &self.people.codes;
        Ok(totp::step_of(code, self.now(), known.last_step, |step| codes.code(&key, step)))
    }
}

fn unhex(text: &SecretString) -> Option<Vec<u8>> {
    use lodge_kernel::ExposeSecret as _;
    let text = text.expose_secret();
    (0..text.len() / 2).map(|n| u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()).collect()
}
