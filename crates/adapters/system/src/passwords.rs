//! Passwords, hashed with Argon2id (RFC 9106), a few at a time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use async_trait::async_trait;
use lodge_kernel::{Entropy, ExposeSecret as _, SecretString};
use lodge_services::{HashError, PasswordHasher, Verdict};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// Memory of one hash, in KiB: 19 MiB. With two passes and one lane it is the
/// least that OWASP advises:
/// <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>.
const MEMORY: u32 = 19 * 1_024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// How many wait for a thread, for each that there is: two seconds' worth.
const WAITING: usize = 64;

/// Hashes on all cores but one, so that logins never take the last from those
/// who read.
pub struct Argon2Passwords {
    entropy: Arc<dyn Entropy>,
    params: Params,
    turns: Arc<Semaphore>,
    inside: Arc<AtomicUsize>,
    most: usize,
    /// What somebody without a password is compared with.
    nobody: String,
}

impl Argon2Passwords {
    /// The hasher with the parameters of this product.
    ///
    /// # Errors
    ///
    /// [`HashError::Broken`] when the library does not take them.
    pub fn new(entropy: Arc<dyn Entropy>) -> Result<Self, HashError> {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        let threads = cores.saturating_sub(1).max(1);
        let params = Params::new(MEMORY, PASSES, LANES, None).map_err(|error| broken(&error))?;
        Self::with(entropy, params, threads)
    }

    fn with(entropy: Arc<dyn Entropy>, params: Params, threads: usize) -> Result<Self, HashError> {
        let nobody = hash_of_nobody(&params, &*entropy)?;
        Ok(Self {
            entropy,
            params,
            turns: Arc::new(Semaphore::new(threads)),
            inside: Arc::default(),
            most: threads * (WAITING + 1),
            nobody,
        })
    }

    /// Works on a thread of its own when it is this one's turn.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let _inside = Inside::enter(&self.inside, self.most)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|error| broken(&error))?;
        let done = spawn_blocking(move || {
            // Held until the work is done, even when nobody waits for it any more.
            let _turn = turn;
            work()
        });
        done.await.map_err(|error| broken(&error))?
    }
}

/// One of those who work or wait.
struct Inside(Arc<AtomicUsize>);

impl Inside {
    fn enter(inside: &Arc<AtomicUsize>, most: usize) -> Result<Self, HashError> {
        let entered = Self(Arc::clone(inside));
        if inside.fetch_add(1, Ordering::AcqRel) < most {
            Ok(entered)
        } else {
            Err(HashError::Busy)
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[async_trait]
impl PasswordHasher for Argon2Passwords {
    async fn hash(&self, password: SecretString) -> Result<String, HashError> {
        let (params, entropy) = (self.params.clone(), Arc::clone(&self.entropy));
        self.work(move || hash_now(&params, &*entropy, &password)).await
    }

    async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<Verdict, HashError> {
        let there = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let params = self.params.clone();
        let verdict = self.work(move || verify_now(&params, &hash, &password)).await?;
        Ok(if there { verdict } else { Verdict::Wrong })
    }
}

fn hash_now(
    params: &Params,
    entropy: &dyn Entropy,
    password: &SecretString,
) -> Result<String, HashError> {
    let mut salt = [0; Salt::RECOMMENDED_LENGTH];
    entropy.fill(&mut salt);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let password = password.expose_secret().as_bytes();
    let hash = argon2.hash_password_with_salt(password, &salt).map_err(|error| broken(&error))?;
    Ok(hash.to_string())
}

/// A hash that no password has, and that costs as much to compare with as any
/// other. It is made of chance, not of work: work would cost each start its time
/// and 19 MiB.
fn hash_of_nobody(params: &Params, entropy: &dyn Entropy) -> Result<String, HashError> {
    let (mut salt, mut output) = ([0; Salt::RECOMMENDED_LENGTH], [0; Params::DEFAULT_OUTPUT_LEN]);
    entropy.fill(&mut salt);
    entropy.fill(&mut output);
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(|error| broken(&error))?,
        salt: Some(Salt::new(&salt).map_err(|error| broken(&error))?),
        hash: Some(Output::new(&output).map_err(|error| broken(&error))?),
    };
    Ok(hash.to_string())
}

/// The parameters are those of the hash, so that old hashes stay good.
fn verify_now(params: &Params, hash: &str, password: &SecretString) -> Result<Verdict, HashError> {
    let hash = PasswordHash::new(hash).map_err(|error| broken(&error))?;
    let theirs = Params::try_from(&hash).map_err(|error| broken(&error))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, theirs.clone());
    if argon2.verify_password(password.expose_secret().as_bytes(), &hash).is_err() {
        return Ok(Verdict::Wrong);
    }
    let cost = |it: &Params| (it.m_cost(), it.t_cost(), it.p_cost());
    Ok(if cost(&theirs) == cost(params) { Verdict::Right } else { Verdict::RightButOld })
}

fn broken(error: &dyn std::fmt::Display) -> HashError {
    HashError::Broken { problem: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsEntropy;

    fn cheap(memory: u32, threads: usize) -> Argon2Passwords {
        let params = Params::new(memory, 1, 1, None).unwrap();
        Argon2Passwords::with(Arc::new(OsEntropy), params, threads).unwrap()
    }

    fn secret(text: &str) -> SecretString {
        text.to_owned().into()
    }

    #[tokio::test]
    async fn a_hash_says_how_it_was_made_and_no_two_are_the_same() {
        let passwords = Argon2Passwords::new(Arc::new(OsEntropy)).unwrap();
        let hash = passwords.hash(secret("seven brown otters")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(passwords.hash(secret("seven brown otters")).await.unwrap(), hash);
        let verdict = passwords.verify(secret("seven brown otters"), Some(hash)).await.unwrap();
        assert_eq!(verdict, Verdict::Right);
    }

    #[tokio::test]
    async fn only_the_right_password_fits_and_a_cheap_hash_is_to_be_made_again() {
        let (old, new) = (cheap(64, 1), cheap(128, 1));
        let hash = Some(old.hash(secret("right")).await.unwrap());
        let verdict =
            async |it: &Argon2Passwords, text| it.verify(secret(text), hash.clone()).await.unwrap();
        assert_eq!(verdict(&old, "right").await, Verdict::Right);
        assert_eq!(verdict(&new, "right").await, Verdict::RightButOld);
        assert_eq!(verdict(&new, "wrong").await, Verdict::Wrong);
        assert_eq!(new.verify(secret("nobody"), None).await.unwrap(), Verdict::Wrong);
        assert!(new.nobody.starts_with("$argon2id$v=19$m=128,t=1,p=1$"), "{}", new.nobody);
        let broken = new.verify(secret("x"), Some("?".to_owned())).await;
        assert!(matches!(broken, Err(HashError::Broken { .. })), "{broken:?}");
    }

    #[tokio::test]
    async fn a_flood_of_logins_is_turned_away_and_leaves_nothing_behind() {
        let passwords = Arc::new(cheap(8_192, 1));
        let crowd: Vec<_> = (0..200)
            .map(|_| {
                let passwords = Arc::clone(&passwords);
                tokio::spawn(async move { passwords.hash(secret("guess")).await })
            })
            .collect();
        let mut busy = 0;
        for one in crowd {
            busy += usize::from(matches!(one.await.unwrap(), Err(HashError::Busy)));
        }
        assert_eq!(busy, 200 - (WAITING + 1));
        assert!(passwords.hash(secret("guess")).await.is_ok());
        assert_eq!(passwords.inside.load(Ordering::Acquire), 0);
    }
}
