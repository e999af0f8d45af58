//! Ids as UUIDs.

use diesel::{
    deserialize::{self, FromSql},
    pg::PgValue,
    serialize::{self, Output, ToSql},
};
use uuid::Uuid;

use super::{Db, Id, shared::Key};

impl ToSql<Id, Db> for Key {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Db>) -> serialize::Result {
        ToSql::<Id, Db>::to_sql(&self.0, out)
    }
}

impl FromSql<Id, Db> for Key {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Uuid as FromSql<Id, Db>>::from_sql(value).map(Self)
    }
}
