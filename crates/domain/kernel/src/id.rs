//! Ids that say what they are.
//!
//! An id is a `UUIDv7` inside, so that rows sort by age, and `prefix_` with 32
//! hexadecimal digits outside, so that a token id in the place of a tenant id
//! is refused before anything is looked up.

use std::{fmt, str::FromStr};

use uuid::{Builder, Uuid};

use crate::{Clock, Entropy, Timestamp};

/// A text is not an id of the kind that was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id of this kind is `{prefix}` followed by 32 hexadecimal digits")]
pub struct ParseIdError {
    /// What the id must start with, underscore included.
    pub prefix: &'static str,
}

/// A fresh `UUIDv7` of the time of `clock`.
fn fresh(clock: &dyn Clock, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(clock.now().as_micros() / 1_000).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// What the text of such an id starts with.
            pub const PREFIX: &'static str = $prefix;

            /// A new id that sorts after those made before it.
            pub fn fresh(clock: &dyn Clock, entropy: &dyn Entropy) -> Self {
                Self(fresh(clock, entropy))
            }

            /// What no id that is made at `at` or later sorts before, to the
            /// millisecond.
            pub fn earliest(at: Timestamp) -> Self {
                let millis = u64::try_from(at.as_micros() / 1_000).unwrap_or_default();
                Self(Uuid::from_u128(u128::from(millis) << 80))
            }

            /// When it was made, to the millisecond.
            pub fn made_at(&self) -> Timestamp {
                let millis = self.0.as_u128() >> 80;
                Timestamp::from_micros(i64::try_from(millis * 1_000).unwrap_or(i64::MAX))
            }

            /// The id of nothing: it sorts before all others.
            pub const fn nil() -> Self {
                Self(Uuid::nil())
            }

            /// The id that a storage adapter has kept.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// What a storage adapter keeps.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                text.strip_prefix($prefix)
                    .filter(|rest| rest.len() == 32)
                    .and_then(|rest| Uuid::try_parse(rest).ok())
                    .map(Self)
                    .ok_or(ParseIdError { prefix: $prefix })
            }
        }
    )+};
}

typed_ids! {
    /// One organisation that owns apps.
    TenantId = "tenant_";
    /// One developer's app: the OAuth client.
    ClientId = "client_";
    /// One customer of an app, with the accounts that this customer connected.
    CustomerId = "cust_";
    /// One account at a Git host.
    ConnectionId = "conn_";
    /// One customer's approval for one app.
    AuthorizationId = "authz_";
    /// All tokens that go back to one code: they are revoked together.
    FamilyId = "fam_";
    /// One access or refresh token.
    TokenId = "atk_";
    /// One person with a password or a bootstrap session.
    UserId = "user_";
    /// One session of a person.
    SessionId = "sess_";
    /// One passkey of a person.
    PasskeyId = "passkey_";
    /// An invitation into an organisation.
    InvitationId = "inv_";
    /// One single-use invitation to the consent page.
    ConnectSessionId = "cs_";
    /// One visit to the consent page, from authorize to approve or deny.
    TransactionId = "txn_";
    /// One turn to refresh the credentials of a connection.
    LeaseId = "lease_";
    /// One app's wish to hear of what happens in one repository.
    SubscriptionId = "sub_";
    /// One webhook that a host delivered to us.
    HookDeliveryId = "hook_";
    /// One event that we deliver to an app: its `webhook-id`.
    EventDeliveryId = "evt_";
    /// One receipt of what a customer decided.
    ReceiptId = "rcpt_";
    /// One entry of the audit trail.
    AuditEventId = "audit_";
    /// One administrator's key.
    AdminKeyId = "adminkey_";
    /// One administrator's leave for an app to read a connection.
    GrantId = "grant_";
    /// One course.
    CourseId = "course_";
    /// One team of a course.
    TeamId = "team_";
    /// One student of a course.
    StudentId = "student_";
    /// One repository that a team works in.
    ProjectId = "project_";
    /// One person's token for their own programs.
    PersonalTokenId = "pat_";
    /// One delivery of a host to courses.
    IntakeId = "in_";
    /// One door for such deliveries.
    HookId = "whk_";
    /// One HTTP request.
    RequestId = "gf_req_";
    /// One job.
    JobId = "job_";
    /// One report of a course or team.
    ReportId = "report_";
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_client_id_is_refused_where_a_tenant_id_is_expected() {
        let client = ClientId::from_uuid(Uuid::from_u128(7));
        assert_eq!(client.to_string().parse::<TenantId>(), Err(ParseIdError { prefix: "tenant_" }));
    }

    proptest! {
        #[test]
        fn every_id_survives_its_text(bits: u128) {
            let id = TokenId::from_uuid(Uuid::from_u128(bits));
            prop_assert_eq!(id.to_string().parse::<TokenId>(), Ok(id));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text: String) {
            let _ = text.parse::<RequestId>();
        }
    }
}
