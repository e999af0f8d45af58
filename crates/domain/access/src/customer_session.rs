//! A customer's session on the access page.

use std::time::Duration;

use lodge_kernel::{ClientId, CustomerId, Digest, TenantId, Timestamp};

/// How long a session lasts while nobody uses it.
pub const IDLE: Duration = Duration::from_hours(8);
/// How long a session lasts at most.
pub const LONGEST: Duration = Duration::from_hours(7 * 24);
/// A session whose end would move by less is not written again.
const WORTH_WRITING: Duration = Duration::from_mins(5);

/// One browser that may see and change what one customer shares with one app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerSession {
    /// SHA-256 of the browser's cookie.
    pub digest: Digest,
    /// The app's organisation.
    pub tenant: TenantId,
    /// The app.
    pub client: ClientId,
    /// The customer.
    pub customer: CustomerId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends, unless it is used before.
    pub expires_at: Timestamp,
    /// When somebody ended it.
    pub ended_at: Option<Timestamp>,
}

impl CustomerSession {
    /// It can be used at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }

    /// Its new end when it is used at `now`; `None` when that is not worth
    /// writing down.
    pub fn extended(&self, now: Timestamp) -> Option<Timestamp> {
        let end = now.plus(IDLE).min(self.created_at.plus(LONGEST));
        (end > self.expires_at.plus(WORTH_WRITING)).then_some(end)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn begun() -> CustomerSession {
        CustomerSession {
            digest: Digest([0; 32]),
            tenant: TenantId::from_uuid(Uuid::nil()),
            client: ClientId::from_uuid(Uuid::nil()),
            customer: CustomerId::from_uuid(Uuid::nil()),
            created_at: Timestamp::EPOCH,
            expires_at: Timestamp::EPOCH.plus(IDLE),
            ended_at: None,
        }
    }

    #[test]
    fn a_session_lives_while_it_is_used_and_a_week_at_most() {
        let mut session = begun();
        let mut now = Timestamp::EPOCH;
        for _ in 0..200 {
            now = now.plus(Duration::from_hours(1));
            if !session.is_live(now) {
                break;
            }
            session.expires_at = session.extended(now).unwrap_or(session.expires_at);
        }
        assert_eq!(now, Timestamp::EPOCH.plus(LONGEST));
        assert!(!begun().is_live(Timestamp::EPOCH.plus(IDLE)));
    }

    #[test]
    fn a_session_that_is_used_twice_in_a_minute_is_written_once() {
        assert_eq!(begun().extended(Timestamp::EPOCH.plus(Duration::from_mins(1))), None);
    }

    #[test]
    fn an_ended_session_is_not_used() {
        let ended = CustomerSession { ended_at: Some(Timestamp::EPOCH), ..begun() };
        assert!(!ended.is_live(Timestamp::EPOCH));
    }
}
