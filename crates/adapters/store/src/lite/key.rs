//! Ids as 16 bytes.

use diesel::{
    deserialize::{self, FromSql},
    serialize::{self, Output, ToSql},
    sqlite::SqliteValue,
};
use uuid::Uuid;

use super::{Db, Id, shared::Key};

impl ToSql<Id, Db> for Key {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Db>) -> serialize::Result {
        ToSql::<Id, Db>::to_sql(self.0.as_bytes().as_slice(), out)
    }
}

impl FromSql<Id, Db> for Key {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Id, Db>>::from_sql(value)?;
        Ok(Self(Uuid::from_slice(&bytes)?))
    }
}
