//! Recovery codes, for the day on which authenticator app and passkeys are lost.

use lodge_access::{Action, Actor, totp};
use lodge_kernel::{Digest, Entropy, SecretString, UserId};
use lodge_storage::StorageError;

use crate::{
    Gateway,
    audit::Happened,
    people::{AuthenticatorError, Caller, Person, ProofError, passkeys::keep::has_second_proof},
};

/// How many recovery codes a person gets.
pub const RECOVERY_CODES: usize = 10;
/// How many random bytes a recovery code has: 120 bits, so that its plain
/// SHA-256 can be kept (ASVS 5.0, 6.5.2).
const RECOVERY_BYTES: usize = 15;
/// How many letters stand together in a recovery code.
const GROUP: usize = 6;

impl Gateway {
    /// How many recovery codes a person has left.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn recovery_codes_left(&self, user: UserId) -> Result<u64, StorageError> {
        self.storage.read().await?.logins().recovery_codes(user).await
    }

    /// Makes new recovery codes; the old ones end.
    ///
    /// # Errors
    ///
    /// [`AuthenticatorError`].
    #[tracing::instrument(name = "people.renew_recovery_codes", skip_all)]
    pub async fn renew_recovery_codes(
        &self,
        person: &Person,
        password: &SecretString,
        caller: &Caller,
    ) -> Result<Vec<SecretString>, AuthenticatorError> {
        self.prove_again(person, password, caller).await?;
        if !has_second_proof(&mut *self.storage.read().await?, person.user.id).await? {
            return Err(AuthenticatorError::None);
        }
        let (codes, digests) = self.fresh_recovery_codes(person.user.id);
        let mut work = self.storage.begin().await?;
        if !self.is_still_in(&mut *work, &person.session).await? {
            return Err(ProofError::Wrong.into());
        }
        work.logins().set_recovery_codes(person.user.id, &digests).await?;
        let happened = Happened::new(
            person.session.tenant,
            Actor::User(person.user.id),
            Action::RecoveryCodesMade,
        )
        .to(person.user.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(codes)
    }

    /// New codes, and what is kept of them.
    pub(super) fn fresh_recovery_codes(&self, user: UserId) -> (Vec<SecretString>, Vec<Digest>) {
        let codes = (0..RECOVERY_CODES).map(|_| recovery_code(&*self.entropy));
        codes
            .map(|code| {
                let digest = self.recovery_digest(user, &code);
                (SecretString::from(code), digest)
            })
            .unzip()
    }

    /// What is kept of a recovery code, however it is typed.
    pub(super) fn recovery_digest(&self, user: UserId, code: &str) -> Digest {
        let letters = code.chars().filter(char::is_ascii_alphanumeric).take(64);
        let letters: String = letters.map(|it| it.to_ascii_uppercase()).collect();
        self.digest(&format!("recovery|{user}|{letters}"))
    }
}

/// A recovery code: four groups of six letters and digits.
fn recovery_code(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; RECOVERY_BYTES];
    entropy.fill(&mut bytes);
    let mut text = String::new();
    for (place, letter) in totp::base32(&bytes).chars().enumerate() {
        if place > 0 && place % GROUP == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    text
}
