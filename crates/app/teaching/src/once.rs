//! Requests that have their effect once, however often they are sent.

use std::time::Duration;

use lodge_kernel::Digest;
use lodge_storage::{KeptAnswer, StorageError};

use crate::{Caller, Teaching};

/// How long an answer is kept.
pub const KEPT: Duration = Duration::from_hours(24);

/// One key of one caller for one route.
#[derive(Clone, Copy, Debug)]
pub struct OnceKey(Digest);

/// What is known of a request with a key.
#[derive(Debug)]
pub enum Once {
    /// It is the first: do it, then keep its answer or release the key.
    Begun(OnceKey),
    /// It was done, and this was kept.
    Answered(Vec<u8>),
    /// It was begun, and its answer is not known.
    Running,
    /// The key belongs to a request with another body.
    Other,
}

impl Teaching {
    /// Takes the key of a request: `place` is its method and path with the
    /// query, `body` what it carries.
    ///
    /// A process that dies between the effect and the answer leaves the key
    /// taken: nothing is done twice, and the caller looks for themself.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    #[tracing::instrument(name = "teaching.begin_once", skip_all)]
    pub async fn begin_once(
        &self,
        caller: &Caller,
        place: &str,
        key: &str,
        body: &[u8],
    ) -> Result<Once, StorageError> {
        let whole = format!("once|{}|{}|{place}|{key}", credential(caller), place.len());
        let key = self.keys.digest(whole.as_bytes());
        let request = self.keys.digest(body);
        let now = self.now();
        let answer = KeptAnswer { key, request, sealed: None, created_at: now };
        let mut work = self.storage.begin().await?;
        let known = work.answers().reserve(&answer, now.minus(KEPT)).await?;
        work.commit().await?;
        Ok(match known {
            None => Once::Begun(OnceKey(key)),
            Some(it) if it.request != request => Once::Other,
            Some(KeptAnswer { sealed: None, .. }) => Once::Running,
            Some(KeptAnswer { sealed: Some(sealed), .. }) => {
                self.keys.open(&context(key), &sealed).map_or(Once::Running, Once::Answered)
            }
        })
    }

    /// Keeps the answer of what was done. It may hold a secret that is shown
    /// once, and is sealed.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn keep_once(&self, key: &OnceKey, answer: &[u8]) -> Result<(), StorageError> {
        let sealed = self.keys.seal(&context(key.0), answer);
        let mut work = self.storage.begin().await?;
        work.answers().keep(key.0, &sealed).await?;
        work.commit().await
    }

    /// Gives the key back: nothing was done.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn release_once(&self, key: &OnceKey) -> Result<(), StorageError> {
        let mut work = self.storage.begin().await?;
        work.answers().release(key.0).await?;
        work.commit().await
    }

    /// Forgets at most `most` answers that are older than [`KEPT`]. Answers how
    /// many.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn forget_answers(&self, most: usize) -> Result<u64, StorageError> {
        let mut work = self.storage.begin().await?;
        let forgotten = work.answers().forget(self.now().minus(KEPT), most).await?;
        work.commit().await?;
        Ok(forgotten)
    }
}

/// Whose keys they are. What a credential may not do, it is not answered either
/// by what another one of the same person did.
fn credential(caller: &Caller) -> String {
    match caller {
        // Without the organisation: the first course makes it, and is made once.
        Caller::Bootstrap { .. } => caller.actor().to_string(),
        Caller::Person(it) => {
            let kind = if it.token.is_some() { "token" } else { "session" };
            format!("{}|{}|{kind}|{}", caller.actor(), it.tenant, it.scopes)
        }
    }
}

fn context(key: Digest) -> Vec<u8> {
    [b"once.v1".as_slice(), &key.0].concat()
}

#[cfg(test)]
mod tests {
    use lodge_access::Role;
    use lodge_courses::TokenScopes;
    use lodge_testkit::builders::{personal_token_id, tenant_id, user_id};

    use super::*;
    use crate::Person;

    #[test]
    fn keys_belong_to_a_credential_and_not_to_the_organisation_that_it_makes() {
        let bootstrap = |tenant| credential(&Caller::Bootstrap { tenant });
        assert_eq!(bootstrap(None), bootstrap(Some(tenant_id(1))));

        let session = Person {
            user: user_id(1),
            tenant: tenant_id(1),
            role: Role::Developer,
            scopes: TokenScopes::ALL,
            token: None,
        };
        let token = |n| Person { token: Some(personal_token_id(n)), ..session };
        let less = Person { scopes: TokenScopes::default(), ..token(1) };
        let elsewhere = Person { tenant: tenant_id(2), ..session };
        let of = |it: Person| credential(&Caller::Person(it));
        assert_eq!(of(token(1)), of(token(2)));
        let all = [session, token(1), less, elsewhere, Person { user: user_id(2), ..session }];
        for (n, one) in all.iter().enumerate() {
            for other in &all[..n] {
                assert_ne!(of(*one), of(*other), "{one:?} {other:?}");
            }
        }
    }
}
