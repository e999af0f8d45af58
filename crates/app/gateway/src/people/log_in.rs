//! Logging in: a password, and a second proof for those who have one.

use std::time::Duration;

use lodge_access::{
    Action, Actor, Membership, Secret, SecretKind, Session, User, parse_email, passkey::NoPasskeys,
    people::SESSION_LIFETIME,
};
use lodge_kernel::{Digest, SecretString, SessionId, TenantId, Timestamp, UserId, hex};
use lodge_storage::{StorageError, UnitOfWork};

use crate::{
    Gateway,
    audit::Happened,
    people::{
        AuthenticatorError, Caller, ProofError, passkeys::keep::has_second_proof, proof::Proved,
    },
};

/// How long somebody who has given the password may look for the code.
const STEP_LIFETIME: Duration = Duration::from_mins(5);
/// What the first step is sealed beside.
const STEP_CONTEXT: &[u8] = b"login|second-step";
/// The longest name of a program, in characters.
const AGENT_MOST: usize = 200;

/// What somebody says of themself.
#[derive(Clone, Debug)]
pub struct LogIn {
    /// The address.
    pub email: String,
    /// The password.
    pub password: SecretString,
    /// A code of the authenticator app, or a recovery code.
    pub code: Option<String>,
    /// Where the request comes from.
    pub caller: Caller,
    /// The session that the browser had so far. It ends.
    pub former: Option<String>,
}

/// What the second step of a login is given.
#[derive(Clone, Debug)]
pub struct SecondStep {
    /// What the first step answered.
    pub ticket: String,
    /// A code of the authenticator app, or a recovery code.
    pub code: String,
    /// Where the request comes from.
    pub caller: Caller,
    /// The session that the browser had so far. It ends.
    pub former: Option<String>,
}

/// Nobody was logged in.
#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    /// Who they are was not proved.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The password is right; now the second proof.
    #[error("a code of your authenticator app is needed, a passkey, or a recovery code")]
    CodeNeeded {
        /// What the second step needs: good for five minutes.
        ticket: String,
    },
    /// The code is wrong, or was used before.
    #[error("the code is wrong, or was used before: wait for the next one")]
    WrongCode,
    /// What a device answered is not taken. Why is not said.
    #[error("the passkey was not taken: try again, or sign in another way")]
    WrongPasskey,
    /// There are no passkeys under this address.
    #[error(transparent)]
    NoPasskeys(#[from] NoPasskeys),
    /// The password was given too long ago, or is another one by now, or the
    /// question was answered before.
    #[error("the login took too long: begin again")]
    StepEnded,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Somebody who is in.
#[derive(Debug)]
pub struct LoggedIn {
    /// Who.
    pub user: User,
    /// The session.
    pub session: Session,
    /// Its token, shown once.
    pub token: Secret,
}

impl Gateway {
    /// Logs somebody in.
    ///
    /// # Errors
    ///
    /// [`LogInError`].
    #[tracing::instrument(name = "people.log_in", skip_all)]
    pub async fn log_in(&self, ask: LogIn) -> Result<LoggedIn, LogInError> {
        // What is no address has no account either, and takes as long.
        let email = parse_email(&ask.email).unwrap_or_default();
        let known = self.storage.read().await?.users().find_by_email(&email).await?;
        let known = known.map(|it| it.id);
        let proved = self.prove_password(known, &email, &ask.password, &ask.caller).await;
        if matches!(proved, Err(ProofError::Wrong)) {
            self.note_refusal(known).await?;
        }
        let proved = proved?;
        if has_second_proof(&mut *self.storage.read().await?, proved.user).await? {
            let Some(code) = ask.code.filter(|it| !it.trim().is_empty()) else {
                return Err(LogInError::CodeNeeded { ticket: self.step_ticket(proved) });
            };
            self.prove_code(proved.user, &code, &ask.caller).await?;
        }
        let opened = self.open_session(proved, &ask.caller, ask.former.as_deref()).await?;
        opened.ok_or(LogInError::Proof(ProofError::Wrong))
    }

    /// Logs somebody in who has given the password already.
    ///
    /// # Errors
    ///
    /// [`LogInError`].
    #[tracing::instrument(name = "people.log_in_with_code", skip_all)]
    pub async fn log_in_with_code(&self, ask: SecondStep) -> Result<LoggedIn, LogInError> {
        let proved = self.opened_step(&ask.ticket).await?;
        self.prove_code(proved.user, &ask.code, &ask.caller).await?;
        let opened = self.open_session(proved, &ask.caller, ask.former.as_deref()).await?;
        opened.ok_or(LogInError::StepEnded)
    }

    async fn prove_code(
        &self,
        user: UserId,
        code: &str,
        caller: &Caller,
    ) -> Result<(), LogInError> {
        let checked = self.check_second_factor(user, code, caller).await;
        if matches!(checked, Err(AuthenticatorError::WrongCode)) {
            self.note_refusal(Some(user)).await?;
        }
        checked.map_err(|error| match error {
            AuthenticatorError::WrongCode | AuthenticatorError::None => LogInError::WrongCode,
            AuthenticatorError::Proof(error) => error.into(),
            AuthenticatorError::Storage(error) => error.into(),
        })
    }

    /// Somebody was not who they said. What was typed as an address is not
    /// written down: it may be a password.
    async fn note_refusal(&self, user: Option<UserId>) -> Result<(), StorageError> {
        let happened = Happened::new(None, Actor::Stranger, Action::LoggedIn).refused();
        self.audit_alone(match user {
            Some(user) => happened.to(user),
            None => happened,
        })
        .await
    }

    /// Says that somebody has given the password, for five minutes, or until
    /// there is another one.
    fn step_ticket(&self, Proved { user, mark }: Proved) -> String {
        let until = self.now().plus(STEP_LIFETIME).as_micros();
        let mark = hex::encode(&mark.0);
        self.keys.seal(STEP_CONTEXT, format!("{user} {until} {mark}").as_bytes())
    }

    pub(super) async fn opened_step(&self, ticket: &str) -> Result<Proved, LogInError> {
        let step = self.step_in_time(ticket).ok_or(LogInError::StepEnded)?;
        let now = self.with_password_now(&mut *self.storage.read().await?, step.user).await?;
        if now == step { Ok(step) } else { Err(LogInError::StepEnded) }
    }

    fn step_in_time(&self, ticket: &str) -> Option<Proved> {
        let plain = String::from_utf8(self.keys.open(STEP_CONTEXT, ticket)?).ok()?;
        let (user, rest) = plain.split_once(' ')?;
        let (until, mark) = rest.split_once(' ')?;
        let until = Timestamp::from_micros(until.parse().ok()?);
        let step = Proved { user: user.parse().ok()?, mark: Digest(hex::decode(mark)?) };
        (self.now() < until).then_some(step)
    }

    /// Opens a session, and ends the one that the browser had. `None` when the
    /// password is another one by now: whoever has set it has ended what was
    /// begun before, too.
    pub(super) async fn open_session(
        &self,
        proved: Proved,
        caller: &Caller,
        former: Option<&str>,
    ) -> Result<Option<LoggedIn>, StorageError> {
        let now = self.now();
        let mut work = self.storage.begin().await?;
        // Held, so that sessions that end meanwhile end with this one.
        let user = work.users().hold(proved.user).await?;
        let user = user.ok_or(StorageError::Orphan { entity: "session" })?;
        if self.with_password_now(&mut *work, user.id).await? != proved {
            drop(work);
            self.note_refusal(Some(user.id)).await?;
            return Ok(None);
        }
        if let Some(former) = former {
            let former = work.sessions().find_by_digest(self.digest(former)).await?;
            if let Some(former) = former {
                work.sessions().revoke(former.id, now).await?;
            }
        }
        let memberships = work.memberships().of_user(user.id).await?;
        let tenant = memberships.first().map(|it: &Membership| it.tenant);
        let until = now.plus(SESSION_LIFETIME);
        let opened = self.add_session(&mut *work, user, tenant, caller, until).await?;
        let happened = Happened::new(tenant, Actor::User(opened.user.id), Action::LoggedIn)
            .to(opened.session.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        Ok(Some(opened))
    }

    /// Adds a session that ends `until` then.
    pub(crate) async fn add_session(
        &self,
        work: &mut dyn UnitOfWork,
        user: User,
        tenant: Option<TenantId>,
        caller: &Caller,
        until: Timestamp,
    ) -> Result<LoggedIn, StorageError> {
        let now = self.now();
        let token = Secret::fresh(SecretKind::UserSession, &*self.entropy);
        let agent = caller.agent.as_deref().map(|it| {
            it.chars().filter(|it| !it.is_control()).take(AGENT_MOST).collect::<String>()
        });
        let session = Session {
            id: SessionId::fresh(&*self.clock, &*self.entropy),
            digest: self.digest(token.expose()),
            user: user.id,
            tenant,
            agent,
            created_at: now,
            seen_at: now,
            expires_at: until,
            revoked_at: None,
        };
        work.sessions().add(&session).await?;
        Ok(LoggedIn { user, session, token })
    }
}
