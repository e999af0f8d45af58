//! Tokens.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::{GrantType, Token, TokenKind};
use lodge_kernel::{AuthorizationId, ClientId, Digest, FamilyId, Timestamp, TokenId};
use lodge_storage::{StorageError, TokenFilter, TokenRepository};

use super::{Db, Key, Rows, schema::tokens};
use crate::{
    convert::{Row, column, instant, micros},
    error::{about, added},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = tokens, check_for_backend(Db))]
struct TokenRow {
    tenant_id: Key,
    id: Key,
    digest: Vec<u8>,
    kind: String,
    client_id: Key,
    authorization_id: Option<Key>,
    family_id: Key,
    issued_by: String,
    permissions: String,
    issued_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
    revoked_at: Option<i64>,
}

const ACCESS: &str = "access";
const REFRESH: &str = "refresh";

impl From<&Token> for TokenRow {
    fn from(it: &Token) -> Self {
        let kind = match it.kind {
            TokenKind::Access => ACCESS,
            TokenKind::Refresh => REFRESH,
        };
        Self {
            tenant_id: it.tenant.into(),
            id: it.id.into(),
            digest: it.digest.0.to_vec(),
            kind: kind.to_owned(),
            client_id: it.client.into(),
            authorization_id: it.authorization.map(Key::from),
            family_id: it.family.into(),
            issued_by: it.issued_by.name().to_owned(),
            permissions: it.permissions.to_string(),
            issued_at: it.issued_at.as_micros(),
            expires_at: it.expires_at.as_micros(),
            used_at: micros(it.used_at),
            revoked_at: micros(it.revoked_at),
        }
    }
}

impl TryFrom<TokenRow> for Token {
    type Error = StorageError;

    fn try_from(it: TokenRow) -> Result<Self, StorageError> {
        let row = Row("token");
        let kind = match it.kind.as_str() {
            ACCESS => TokenKind::Access,
            REFRESH => TokenKind::Refresh,
            _ => return Err(row.corrupt("it has no known kind")),
        };
        let issued_by = GrantType::parse(&it.issued_by);
        Ok(Self {
            id: it.id.into(),
            digest: row.digest(it.digest)?,
            kind,
            tenant: it.tenant_id.into(),
            client: it.client_id.into(),
            authorization: it.authorization_id.map(AuthorizationId::from),
            family: it.family_id.into(),
            issued_by: issued_by.ok_or_else(|| row.corrupt("it has no known grant type"))?,
            permissions: row.permissions(&it.permissions)?,
            issued_at: Timestamp::from_micros(it.issued_at),
            expires_at: Timestamp::from_micros(it.expires_at),
            used_at: instant(it.used_at),
            revoked_at: instant(it.revoked_at),
        })
    }
}

/// Repeats a change until it finds nothing left. On PostgreSQL a change does
/// not see what another transaction adds while it waits for that one's locks: a
/// refresh in flight would leave its new tokens alive. What such a transaction
/// adds hangs on a token that it locked, so a round that finds none is the last.
macro_rules! until_none {
    ($change:expr) => {{
        let mut all = 0;
        loop {
            match $change? {
                0 => break Ok(all),
                some => all += some,
            }
        }
    }};
}

/// Takes back what is left of those that fit `$which`; answers how many.
macro_rules! revoke {
    ($rows:ident, $at:ident, $which:expr) => {
        diesel::update(tokens::table.filter($which).filter(tokens::revoked_at.is_null()))
            .set(tokens::revoked_at.eq($at.as_micros()))
            .execute($rows.conn)
            .await
            .map(|count| u64::try_from(count).unwrap_or(u64::MAX))
            .map_err(about("token"))
    };
}

#[async_trait]
impl TokenRepository for Rows<'_> {
    async fn add(&mut self, it: &Token) -> Result<(), StorageError> {
        let rows = diesel::insert_into(tokens::table)
            .values(TokenRow::from(it))
            .on_conflict_do_nothing()
            .execute(self.conn)
            .await
            .map_err(about("token"))?;
        added(rows, "token")
    }

    async fn find_by_digest(&mut self, digest: Digest) -> Result<Option<Token>, StorageError> {
        let row = tokens::table
            .filter(tokens::digest.eq(digest.0.to_vec()))
            .select(TokenRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("token"))?;
        row.map(Token::try_from).transpose()
    }

    async fn find(&mut self, id: TokenId) -> Result<Option<Token>, StorageError> {
        let row = tokens::table
            .filter(tokens::id.eq(Key::from(id)))
            .select(TokenRow::as_select())
            .first(self.conn)
            .await
            .optional()
            .map_err(about("token"))?;
        row.map(Token::try_from).transpose()
    }

    async fn list(
        &mut self,
        filter: TokenFilter,
        after: Option<TokenId>,
        limit: usize,
    ) -> Result<Vec<Token>, StorageError> {
        let after = after.map_or(Key(uuid::Uuid::nil()), Key::from);
        let mut meant =
            tokens::table.filter(tokens::id.gt(after)).filter(tokens::kind.eq(ACCESS)).into_boxed();
        if let Some(tenant) = filter.tenant {
            meant = meant.filter(tokens::tenant_id.eq(Key::from(tenant)));
        }
        if let Some(client) = filter.client {
            meant = meant.filter(tokens::client_id.eq(Key::from(client)));
        }
        let rows: Vec<TokenRow> = meant
            .order(tokens::id)
            .limit(column(limit))
            .select(TokenRow::as_select())
            .load(self.conn)
            .await
            .map_err(about("token"))?;
        rows.into_iter().map(Token::try_from).collect()
    }

    async fn mark_used(&mut self, id: TokenId, at: Timestamp) -> Result<bool, StorageError> {
        let fresh = tokens::table
            .filter(tokens::id.eq(Key::from(id)))
            .filter(tokens::used_at.is_null())
            .filter(tokens::revoked_at.is_null());
        let rows = diesel::update(fresh)
            .set(tokens::used_at.eq(at.as_micros()))
            .execute(self.conn)
            .await
            .map_err(about("token"))?;
        Ok(rows > 0)
    }

    async fn revoke(&mut self, id: TokenId, at: Timestamp) -> Result<bool, StorageError> {
        Ok(revoke!(self, at, tokens::id.eq(Key::from(id)))? > 0)
    }

    async fn revoke_family(
        &mut self,
        family: FamilyId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        until_none!(revoke!(self, at, tokens::family_id.eq(Key::from(family))))
    }

    async fn revoke_of_authorization(
        &mut self,
        authorization: AuthorizationId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        until_none!(revoke!(self, at, tokens::authorization_id.eq(Key::from(authorization))))
    }

    async fn revoke_of_client(
        &mut self,
        client: ClientId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        until_none!(revoke!(self, at, tokens::client_id.eq(Key::from(client))))
    }
}
