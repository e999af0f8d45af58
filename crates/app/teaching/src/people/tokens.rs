//! A person's tokens for their own programs.

use std::time::Duration;

use lodge_access::{Action, Secret, SecretKind, parse_name};
use lodge_courses::{
    PersonalToken, TokenScope, TokenScopes,
    token::{LONGEST_LIFE, MOST_TOKENS},
};
use lodge_kernel::PersonalTokenId;

use crate::{Caller, Person, Teaching, TeachingError};

/// A token that is to be made.
#[derive(Clone, Debug)]
pub struct TokenDraft {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: TokenScopes,
    /// How long it lives: at most [`LONGEST_LIFE`].
    pub life: Duration,
}

/// A new token with its text, which is shown once.
#[derive(Debug)]
pub struct MadeToken {
    /// The token.
    pub token: PersonalToken,
    /// Its text.
    pub secret: Secret,
}

impl Teaching {
    /// The caller's live tokens, oldest first.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.list_tokens", skip_all)]
    pub async fn list_tokens(&self, caller: &Caller) -> Result<Vec<PersonalToken>, TeachingError> {
        let Person { tenant, user, .. } = owner(caller)?;
        let mut work = self.storage.read().await?;
        let found = work.personal_tokens().live_of(tenant, user, self.now()).await?;
        Ok(found)
    }

    /// Makes a token of the caller's. A token makes none that may do more than
    /// itself.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.make_token", skip_all)]
    pub async fn make_token(
        &self,
        caller: &Caller,
        draft: TokenDraft,
    ) -> Result<MadeToken, TeachingError> {
        let Person { tenant, user, .. } = owner(caller)?;
        let name = parse_name(&draft.name);
        let name = name.map_err(|error| TeachingError::invalid("name", error.to_string()))?;
        if draft.scopes.is_empty() {
            return Err(TeachingError::invalid("scopes", "a token has at least one scope"));
        }
        if draft.life.is_zero() || draft.life > LONGEST_LIFE {
            let problem = "a token lives for 1 to 366 days";
            return Err(TeachingError::invalid("expires_in_days", problem));
        }
        let now = self.now();
        let mut work = self.storage.begin().await?;
        if work.personal_tokens().live_of(tenant, user, now).await?.len() >= MOST_TOKENS {
            return Err(TeachingError::Blocked("a person has at most 50 tokens: end one first"));
        }
        let secret = Secret::fresh(SecretKind::PersonalToken, &*self.entropy);
        let token = PersonalToken {
            id: PersonalTokenId::fresh(&*self.clock, &*self.entropy),
            tenant,
            user,
            name,
            digest: self.keys.digest(secret.expose().as_bytes()),
            scopes: draft.scopes,
            created_at: now,
            expires_at: now.plus(draft.life),
            last_used_at: None,
            revoked_at: None,
        };
        work.personal_tokens().add(&token).await?;
        let what = format!("{}: {}", token.name, token.scopes);
        let made = Action::PersonalTokenMade;
        self.audit(&mut *work, (tenant, caller), made, |it| it.to(token.id).because(what)).await?;
        work.commit().await?;
        Ok(MadeToken { token, secret })
    }

    /// Ends a token of the caller's at once.
    ///
    /// # Errors
    ///
    /// [`TeachingError`].
    #[tracing::instrument(name = "teaching.end_token", skip_all)]
    pub async fn end_token(
        &self,
        caller: &Caller,
        id: PersonalTokenId,
    ) -> Result<(), TeachingError> {
        let Person { tenant, user, .. } = owner(caller)?;
        let mut work = self.storage.begin().await?;
        if !work.personal_tokens().revoke(tenant, user, id, self.now()).await? {
            return Err(TeachingError::NotFound("token of yours"));
        }
        let ended = Action::PersonalTokenEnded;
        self.audit(&mut *work, (tenant, caller), ended, |it| it.to(id)).await?;
        Ok(work.commit().await?)
    }
}

/// The person whose tokens are meant.
fn owner(caller: &Caller) -> Result<Person, TeachingError> {
    caller.check_scope(TokenScope::Admin)?;
    match caller {
        Caller::Person(person) => Ok(*person),
        Caller::Bootstrap { .. } => Err(TeachingError::PersonOnly),
    }
}
