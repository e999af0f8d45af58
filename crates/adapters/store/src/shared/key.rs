//! Ids, as a column holds them: a UUID on PostgreSQL, 16 bytes on SQLite.

use diesel::{deserialize::FromSqlRow, expression::AsExpression};
use lodge_kernel::{
    AdminKeyId, AuditEventId, AuthorizationId, ClientId, ConnectSessionId, ConnectionId, CourseId,
    CustomerId, EventDeliveryId, FamilyId, GrantId, HookDeliveryId, HookId, IntakeId, InvitationId,
    JobId, LeaseId, PasskeyId, PersonalTokenId, ProjectId, ReceiptId, ReportId, RequestId,
    SessionId, StudentId, SubscriptionId, TeamId, TenantId, TokenId, TransactionId, UserId,
};
use uuid::Uuid;

use super::super::Id;

/// Any id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Id)]
pub(crate) struct Key(pub(crate) Uuid);

macro_rules! keys {
    ($($id:ident)+) => {$(
        impl From<$id> for Key {
            fn from(id: $id) -> Self {
                Self(id.as_uuid())
            }
        }

        impl From<Key> for $id {
            fn from(key: Key) -> Self {
                Self::from_uuid(key.0)
            }
        }
    )+};
}

keys! {
    AdminKeyId AuditEventId AuthorizationId ClientId ConnectSessionId ConnectionId CourseId CustomerId EventDeliveryId FamilyId GrantId HookDeliveryId HookId IntakeId InvitationId JobId LeaseId PasskeyId PersonalTokenId ProjectId ReceiptId ReportId RequestId SessionId StudentId SubscriptionId TeamId TenantId TokenId TransactionId UserId
}
