//! Proving to be somebody: how often that may be tried, and the password.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    time::Duration,
};

use lodge_access::{Subject, Throttle};
use lodge_kernel::{Digest, SecretString, UserId};
use lodge_services::{HashError, Verdict};
use lodge_storage::{StorageError, UnitOfWork};

use crate::Gateway;

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// The address, when it is known.
    pub address: Option<IpAddr>,
    /// What the program calls itself.
    pub agent: Option<String>,
}

/// Nobody was proved to be anybody.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The account or the password. Which of them is not said.
    #[error("the e-mail address or the password is wrong")]
    Wrong,
    /// It was tried too often. Ask again after `wait`.
    #[error("too many attempts: wait {} seconds", .wait.as_secs())]
    TooMany {
        /// How long, rounded up to whole seconds.
        wait: Duration,
    },
    /// Passwords could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Somebody who has proved to be `user`, for as long as the password is the
/// same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proved {
    pub(super) user: UserId,
    /// Changes with the password, and tells nothing of it.
    pub(super) mark: Digest,
}

/// What an attempt was counted for.
pub(super) struct Attempt {
    network: Option<Digest>,
    account: Digest,
}

impl Attempt {
    /// Nothing is held against the account any more.
    pub(super) async fn forget(&self, work: &mut dyn UnitOfWork) -> Result<(), StorageError> {
        work.throttles().hold(self.account).await?;
        work.throttles().write(self.account, &Throttle::NONE).await
    }
}

impl Gateway {
    /// Takes note of an attempt to be `account`, before it is known how it ends.
    ///
    /// # Errors
    ///
    /// [`ProofError::TooMany`]; nothing is counted then.
    pub(super) async fn attempt(
        &self,
        account: &str,
        caller: &Caller,
    ) -> Result<Attempt, ProofError> {
        let now = self.now();
        let network = caller.address.map(|it| self.digest(&format!("network|{}", network_of(it))));
        let account = self.digest(&format!("account|{account}"));
        let mut work = self.storage.begin().await?;
        // Networks before accounts, so that no two wait for each other.
        let subjects = network.map(|it| (Subject::Network, it));
        for (subject, digest) in subjects.into_iter().chain([(Subject::Account, account)]) {
            let known = work.throttles().hold(digest).await?;
            let counted = known.attempt(subject, now);
            let counted = counted.map_err(|wait| ProofError::TooMany { wait: whole(wait) })?;
            work.throttles().write(digest, &counted).await?;
        }
        work.commit().await?;
        Ok(Attempt { network, account })
    }

    /// The attempt was none: the person is who they said.
    pub(super) async fn succeed(&self, attempt: Attempt) -> Result<(), StorageError> {
        let mut work = self.storage.begin().await?;
        if let Some(network) = attempt.network {
            let known = work.throttles().hold(network).await?;
            work.throttles().write(network, &known.forgive()).await?;
        }
        attempt.forget(&mut *work).await?;
        work.commit().await
    }

    /// Checks the password of somebody who may not be there. It takes as long
    /// for nobody as for a wrong password.
    ///
    /// # Errors
    ///
    /// [`ProofError`].
    pub(super) async fn prove_password(
        &self,
        user: Option<UserId>,
        account: &str,
        password: &SecretString,
        caller: &Caller,
    ) -> Result<Proved, ProofError> {
        let attempt = self.attempt(account, caller).await?;
        let hash = match user {
            Some(user) => self.storage.read().await?.logins().password(user).await?,
            None => None,
        };
        let verdict = self.people.passwords.verify(password.clone(), hash.clone()).await?;
        let known = user.zip(hash).filter(|_| verdict != Verdict::Wrong);
        let (user, mut hash) = known.ok_or(ProofError::Wrong)?;
        if verdict == Verdict::RightButOld {
            hash = self.hashed_again(user, &hash, password).await?.ok_or(ProofError::Wrong)?;
        }
        self.succeed(attempt).await?;
        Ok(Proved { user, mark: self.password_mark(user, Some(&hash)) })
    }

    /// Hashes a right password again whose hash is `known`; answers the hash
    /// that there is then. `None` when there is another password by now.
    async fn hashed_again(
        &self,
        user: UserId,
        known: &str,
        password: &SecretString,
    ) -> Result<Option<String>, ProofError> {
        let hash = self.people.passwords.hash(password.clone()).await?;
        let mut work = self.storage.begin().await?;
        if work.logins().replace_hash(user, known, &hash, self.now()).await? {
            work.commit().await?;
            return Ok(Some(hash));
        }
        drop(work);
        // Another login of theirs was faster, or the password is another one.
        let hash = self.storage.read().await?.logins().password(user).await?;
        let verdict = self.people.passwords.verify(password.clone(), hash.clone()).await?;
        Ok(hash.filter(|_| verdict != Verdict::Wrong))
    }

    /// `user` with the password that there is now, for whoever proves to be
    /// them in another way.
    pub(super) async fn with_password_now(
        &self,
        work: &mut dyn UnitOfWork,
        user: UserId,
    ) -> Result<Proved, StorageError> {
        let hash = work.logins().password(user).await?;
        Ok(Proved { user, mark: self.password_mark(user, hash.as_deref()) })
    }

    fn password_mark(&self, user: UserId, hash: Option<&str>) -> Digest {
        self.digest(&format!("step|{user}|{}", hash.unwrap_or_default()))
    }
}

/// What counts as one network.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(it) => {
            let [a, b, c, _] = it.octets();
            Ipv4Addr::new(a, b, c, 0).into()
        }
        IpAddr::V6(it) => {
            let [a, b, c, d, ..] = it.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

/// Rounded up to whole seconds: who waits that long is not turned away again.
fn whole(wait: Duration) -> Duration {
    Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_256_addresses_or_64_bits() {
        let network = |text: &str| network_of(text.parse().unwrap()).to_string();
        assert_eq!(network("192.0.2.77"), "192.0.2.0");
        assert_eq!(network("::ffff:192.0.2.77"), "192.0.2.0");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }

    #[test]
    fn a_wait_is_rounded_up() {
        assert_eq!(whole(Duration::from_millis(1_001)), Duration::from_secs(2));
        assert_eq!(whole(Duration::from_secs(1)), Duration::from_secs(1));
    }
}
