//! What a device is asked.

use lodge_access::{
    RelyingParty,
    passkey::{CHALLENGE_BYTES, CHALLENGE_LIFETIME, NoPasskeys},
};
use lodge_kernel::{Digest, SessionId, Timestamp, UserId, hex};
use lodge_storage::StorageError;

use crate::{Gateway, people::proof::Proved};

/// What a question is sealed beside.
const CONTEXT: &[u8] = b"passkey|question";

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To add a passkey, in this session.
    Add(UserId, SessionId),
    /// To be a second proof of somebody who has given the password.
    Second(Proved),
    /// To log in with nothing else.
    Alone,
}

/// A question to a device. Nothing is kept of it until it is answered, so that
/// strangers can ask for as many as they like.
#[derive(Clone, Debug)]
pub struct Question {
    /// What must come back with the answer: good for five minutes, and once.
    pub ticket: String,
    /// What the device signs.
    pub challenge: [u8; CHALLENGE_BYTES],
    /// Who asks.
    pub party: RelyingParty,
}

/// A question that has come back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opened {
    pub(super) purpose: Purpose,
    pub(super) challenge: [u8; CHALLENGE_BYTES],
    until: Timestamp,
}

impl Gateway {
    /// Whether there are passkeys here.
    ///
    /// # Errors
    ///
    /// [`NoPasskeys`] says why there are none.
    pub fn relying_party(&self) -> Result<&RelyingParty, NoPasskeys> {
        self.people.party.as_ref().map_err(|it| *it)
    }

    pub(super) fn ask_passkey(&self, purpose: Purpose) -> Result<Question, NoPasskeys> {
        let party = self.relying_party()?.clone();
        let mut challenge = [0; CHALLENGE_BYTES];
        self.entropy.fill(&mut challenge);
        let purpose = match purpose {
            Purpose::Add(user, session) => format!("add {user} {session}"),
            Purpose::Second(Proved { user, mark }) => {
                format!("second {user} {}", hex::encode(&mark.0))
            }
            Purpose::Alone => "alone".to_owned(),
        };
        let until = self.now().plus(CHALLENGE_LIFETIME).as_micros();
        let plain = format!("{} {until} {purpose}", hex::encode(&challenge));
        Ok(Question { ticket: self.keys.seal(CONTEXT, plain.as_bytes()), challenge, party })
    }

    /// `None` for what is no question of ours, or was asked too long ago.
    pub(super) fn opened_question(&self, ticket: &str) -> Option<Opened> {
        let plain = String::from_utf8(self.keys.open(CONTEXT, ticket)?).ok()?;
        let mut words = plain.split(' ');
        let challenge = hex::decode(words.next()?)?;
        let until = Timestamp::from_micros(words.next()?.parse().ok()?);
        let purpose = match words.next()? {
            "add" => Purpose::Add(words.next()?.parse().ok()?, words.next()?.parse().ok()?),
            "second" => {
                let user = words.next()?.parse().ok()?;
                Purpose::Second(Proved { user, mark: Digest(hex::decode(words.next()?)?) })
            }
            "alone" => Purpose::Alone,
            _ => return None,
        };
        (self.now() < until).then_some(Opened { purpose, challenge, until })
    }

    /// Uses a question up, before its answer is looked at: a wrong answer has no
    /// second try.
    pub(super) async fn use_question(&self, question: &Opened) -> Result<bool, StorageError> {
        let digest = self.keys.digest(&question.challenge);
        let mut work = self.storage.begin().await?;
        let first = work.passkeys().answer(digest, question.until).await?;
        work.commit().await?;
        Ok(first)
    }
}
