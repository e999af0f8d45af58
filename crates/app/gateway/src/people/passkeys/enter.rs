//! Logging in with a passkey.

use lodge_access::{Action, Actor, CredentialId, Passkey, passkey::NoPasskeys};
use lodge_kernel::{UserId, hex};
use lodge_services::{Asked, Assertion};

use super::question::{Opened, Purpose, Question};
use crate::{
    Gateway,
    audit::Happened,
    people::{Caller, LogInError, LoggedIn, proof::Proved},
};

/// What a device answered.
#[derive(Clone, Debug)]
pub struct PasskeyLogIn {
    /// What came with the question.
    pub ticket: String,
    /// Which passkey answered.
    pub credential: CredentialId,
    /// The answer.
    pub answer: Assertion,
    /// Whose the device says that the passkey is: the 16 bytes of a person's id.
    /// It must say so where nothing else tells who is there.
    pub user_handle: Option<Vec<u8>>,
    /// Where the request comes from.
    pub caller: Caller,
    /// The session that the browser had so far. It ends.
    pub former: Option<String>,
}

/// How somebody who has given the password may go on.
#[derive(Debug)]
pub struct Offered {
    /// With a code of the authenticator app. A recovery code is always taken.
    pub authenticator: bool,
    /// With one of these passkeys.
    pub passkeys: Option<(Question, Vec<Passkey>)>,
}

/// Why an answer is not taken: for the audit trail, and for nobody who asks.
struct Refusal {
    user: Option<UserId>,
    action: Action,
    why: &'static str,
}

impl Gateway {
    /// Asks for any passkey that a device has for this gateway.
    ///
    /// # Errors
    ///
    /// [`NoPasskeys`].
    pub fn begin_passkey_log_in(&self) -> Result<Question, NoPasskeys> {
        self.ask_passkey(Purpose::Alone)
    }

    /// How whoever has the ticket of a first step may go on.
    ///
    /// # Errors
    ///
    /// [`LogInError::StepEnded`] and [`LogInError::Storage`].
    pub async fn second_step(&self, ticket: &str) -> Result<Offered, LogInError> {
        let step = self.opened_step(ticket).await?;
        let authenticator = self.has_authenticator(step.user).await?;
        let known = self.storage.read().await?.passkeys().of_user(step.user).await?;
        let question = self.ask_passkey(Purpose::Second(step)).ok();
        let passkeys = question.filter(|_| !known.is_empty()).map(|it| (it, known));
        Ok(Offered { authenticator, passkeys })
    }

    /// Logs somebody in whose device has answered: as the second proof after the
    /// password, or, when it has verified the person, alone.
    ///
    /// # Errors
    ///
    /// [`LogInError`]; every answer that is not taken is refused in the same
    /// words.
    #[tracing::instrument(name = "people.log_in_with_passkey", skip_all)]
    pub async fn log_in_with_passkey(&self, ask: PasskeyLogIn) -> Result<LoggedIn, LogInError> {
        self.relying_party()?;
        let question = self.opened_question(&ask.ticket).ok_or(LogInError::StepEnded)?;
        let account = match question.purpose {
            Purpose::Second(step) => format!("code|{}", step.user),
            Purpose::Alone => format!("passkey|{}", hex::encode(ask.credential.as_bytes())),
            Purpose::Add(..) => return Err(LogInError::StepEnded),
        };
        let attempt = self.attempt(&account, &ask.caller).await?;
        if !self.use_question(&question).await? {
            return Err(LogInError::StepEnded);
        }
        match self.check_passkey(&question, &ask).await? {
            Ok(proved) => {
                self.succeed(attempt).await?;
                let former = ask.former.as_deref();
                let opened = self.open_session(proved, &ask.caller, former).await?;
                opened.ok_or(LogInError::StepEnded)
            }
            Err(Refusal { user, action, why }) => {
                let happened = Happened::new(None, Actor::Stranger, action).refused().because(why);
                self.audit_alone(match user {
                    Some(user) => happened.to(user),
                    None => happened,
                })
                .await?;
                Err(LogInError::WrongPasskey)
            }
        }
    }

    /// Whose answer it is, and beside which password it counts. Steps 5 to 7 and
    /// 21 to 25 of WebAuthn, 7.2, are here; the others are behind the port.
    async fn check_passkey(
        &self,
        question: &Opened,
        ask: &PasskeyLogIn,
    ) -> Result<Result<Proved, Refusal>, LogInError> {
        let refused = |user, why| Ok(Err(Refusal { user, action: Action::LoggedIn, why }));
        let mut work = self.storage.read().await?;
        let known = work.passkeys().find(&ask.credential).await?;
        let Some(known) = known else { return refused(None, "nobody has this passkey") };
        let (user, whom) = (known.user, Some(known.user));
        let now = self.with_password_now(&mut *work, user).await?;
        drop(work);
        let handle = ask.user_handle.as_deref();
        let is_theirs = |handle: &[u8]| handle == user.as_uuid().as_bytes();
        let proved = match question.purpose {
            Purpose::Second(step) => {
                (user == step.user && handle.is_none_or(is_theirs)).then_some(step)
            }
            Purpose::Alone => handle.is_some_and(is_theirs).then_some(now),
            Purpose::Add(..) => None,
        };
        let Some(proved) = proved else {
            return refused(whom, "the passkey is another person's");
        };
        let asked = Asked {
            challenge: &question.challenge,
            party: self.relying_party()?,
            verified: question.purpose == Purpose::Alone,
        };
        let asserted = match self.people.passkeys.check(&asked, &known.key, &ask.answer) {
            Ok(asserted) => asserted,
            Err(not_taken) => return refused(whom, not_taken.0),
        };
        if asserted.backup.is_eligible() != known.backup.is_eligible() {
            return refused(whom, "whether a passkey can be backed up never changes");
        }
        let mut work = self.storage.begin().await?;
        let (counter, backup) = (asserted.counter, asserted.backup);
        if !work.passkeys().seen(user, known.id, counter, backup, self.now()).await? {
            // One that was removed in the meantime is no copy.
            let still = work.passkeys().find(&ask.credential).await?;
            if still.is_none_or(|it| it.id != known.id) {
                return refused(whom, "nobody has this passkey");
            }
            let (action, why) = (Action::PasskeyDoubted, "the passkey's counter went backwards");
            return Ok(Err(Refusal { user: whom, action, why }));
        }
        work.commit().await?;
        Ok(Ok(proved))
    }
}
