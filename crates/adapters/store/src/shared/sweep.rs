//! Deletes what ended by itself, oldest first.

use diesel::prelude::QueryableByName;
use diesel_async::RunQueryDsl;
use lodge_access::code;
use lodge_kernel::{ConnectionId, Timestamp};
use lodge_storage::{Keep, StorageError, Swept};

use super::{super::Id, Conn, Key};
use crate::error::about;

/// One table, and what of it has ended.
#[derive(Clone, Copy)]
struct Kind {
    table: &'static str,
    /// The columns that name a row.
    key: &'static str,
    /// The column with the instant of its end, which has an index.
    end: &'static str,
    /// What else must hold of `it`. Written as the index writes it, so that
    /// the index is used.
    and: &'static str,
}

const TOKENS: Kind = Kind { table: "tokens", key: "id", end: "expires_at", and: "" };
const CODES: Kind = Kind { table: "codes", key: "digest", end: "issued_at", and: "" };
const SESSIONS: Kind = Kind { table: "sessions", key: "id", end: "expires_at", and: "" };
const TO_JOIN: Kind = Kind { table: "invitations", key: "id", end: "expires_at", and: "" };
const PASSWORD_LINKS: Kind =
    Kind { table: "password_links", key: "digest", end: "expires_at", and: "" };
const CHALLENGES: Kind =
    Kind { table: "answered_challenges", key: "digest", end: "expires_at", and: "" };
const THROTTLES: Kind = Kind { table: "throttles", key: "subject", end: "last_at", and: "" };
const VISITS: Kind = Kind { table: "transactions", key: "id", end: "expires_at", and: "" };
const INVITATIONS: Kind = Kind { table: "connect_sessions", key: "id", end: "expires_at", and: "" };
const PUSHED_REQUESTS: Kind =
    Kind { table: "pushed_requests", key: "digest", end: "expires_at", and: "" };
const LOGINS: Kind = Kind { table: "login_attempts", key: "digest", end: "expires_at", and: "" };
const NONCES: Kind =
    Kind { table: "nonces", key: "tenant_id, client_id, nonce", end: "expires_at", and: "" };
/// Pending, or denied: what was given has an account's permissions or a
/// repository.
const APPROVALS: Kind = Kind {
    table: "authorizations",
    key: "id",
    end: "expires_at",
    and: "AND state <> 'active' AND account_permissions = ''
          AND NOT EXISTS (SELECT 1 FROM authorization_repositories AS part
              WHERE part.tenant_id = it.tenant_id AND part.authorization_id = it.id)
          AND NOT EXISTS (SELECT 1 FROM tokens WHERE authorization_id = it.id)
          AND NOT EXISTS (SELECT 1 FROM codes WHERE authorization_id = it.id)
          AND NOT EXISTS (SELECT 1 FROM connect_sessions WHERE authorization_id = it.id)
          AND NOT EXISTS (SELECT 1 FROM transactions WHERE authorization_id = it.id)",
};
const CUSTOMER_SESSIONS: Kind =
    Kind { table: "customer_sessions", key: "digest", end: "expires_at", and: "" };
/// Taken away from somebody whom nobody vouched for, and named by nothing.
const CONNECTIONS: Kind = Kind {
    table: "connections",
    key: "id",
    end: "updated_at",
    and: "AND status = 'disconnected'
          AND EXISTS (SELECT 1 FROM customers WHERE id = it.customer_id AND NOT vouched)
          AND NOT EXISTS (SELECT 1 FROM credentials WHERE connection_id = it.id)
          AND NOT EXISTS (SELECT 1 FROM authorization_connections WHERE connection_id = it.id)
          AND NOT EXISTS (SELECT 1 FROM authorization_repositories WHERE connection_id = it.id)
          AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE connection_id = it.id)",
};
const CUSTOMERS: Kind = Kind {
    table: "customers",
    key: "id",
    end: "created_at",
    and: "AND NOT vouched
          AND NOT EXISTS (SELECT 1 FROM authorizations WHERE customer_id = it.id)
          AND NOT EXISTS (SELECT 1 FROM connections WHERE customer_id = it.id)
          AND NOT EXISTS (SELECT 1 FROM customer_sessions WHERE customer_id = it.id)
          AND NOT EXISTS (SELECT 1 FROM connect_sessions WHERE customer_id = it.id)
          AND NOT EXISTS (SELECT 1 FROM transactions WHERE customer_id = it.id)",
};

/// See `UnitOfWork::sweep`. What belongs to something goes before it.
pub(super) async fn sweep(
    conn: &mut Conn,
    keep: &Keep,
    most: usize,
) -> Result<Swept, StorageError> {
    let Keep { secrets, questions } = *keep;
    Ok(Swept {
        tokens: delete_oldest(conn, TOKENS, secrets, most).await?,
        codes: delete_oldest(conn, CODES, secrets.minus(code::LIFETIME), most).await?,
        sessions: delete_oldest(conn, SESSIONS, secrets, most).await?,
        invitations_to_join: delete_oldest(conn, TO_JOIN, secrets, most).await?,
        password_links: delete_oldest(conn, PASSWORD_LINKS, secrets, most).await?,
        challenges: delete_oldest(conn, CHALLENGES, questions, most).await?,
        throttles: delete_oldest(conn, THROTTLES, secrets, most).await?,
        visits: delete_oldest(conn, VISITS, questions, most).await?,
        invitations: delete_oldest(conn, INVITATIONS, questions, most).await?,
        pushed_requests: delete_oldest(conn, PUSHED_REQUESTS, questions, most).await?,
        logins: delete_oldest(conn, LOGINS, questions, most).await?,
        nonces: delete_oldest(conn, NONCES, questions, most).await?,
        approvals: delete_oldest(conn, APPROVALS, questions, most).await?,
        customer_sessions: delete_oldest(conn, CUSTOMER_SESSIONS, questions, most).await?,
        connections: delete_oldest(conn, CONNECTIONS, questions, most).await?,
        customers: delete_oldest(conn, CUSTOMERS, questions, most).await?,
    })
}

/// Not of the sweep: whoever keeps them says for how long.
const REPORTS: Kind = Kind { table: "reports", key: "tenant_id, id", end: "made_at", and: "" };

/// See `ReportRepository::remove_before`.
pub(super) async fn remove_reports(
    conn: &mut Conn,
    before: Timestamp,
    limit: usize,
) -> Result<u64, StorageError> {
    delete_oldest(conn, REPORTS, before, limit).await
}

/// Deletes at most `most` rows that ended before `before`, and counts them.
/// Neither dialect deletes with a limit, so that the rows are chosen first.
async fn delete_oldest(
    conn: &mut Conn,
    kind: Kind,
    before: Timestamp,
    most: usize,
) -> Result<u64, StorageError> {
    let Kind { table, key, end, and } = kind;
    // Nothing in it comes from outside: the two numbers are ours.
    let statement = format!(
        "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} AS it \
         WHERE {end} < {} {and} ORDER BY {end} LIMIT {most})",
        before.as_micros()
    );
    let rows = diesel::sql_query(statement).execute(conn).await.map_err(about(table))?;
    Ok(u64::try_from(rows).unwrap_or(u64::MAX))
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Id)]
    id: Key,
}

/// See `ConnectionRepository::idle_of_strangers`.
pub(super) async fn idle_of_strangers(
    conn: &mut Conn,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<ConnectionId>, StorageError> {
    let before = before.as_micros();
    // Nothing in it comes from outside: the two numbers are ours. That customers
    // are older than their accounts is said for the sake of an index.
    let statement = format!(
        "SELECT theirs.id FROM customers AS it
         JOIN connections AS theirs ON theirs.customer_id = it.id
         WHERE NOT it.vouched AND it.created_at < {before}
         AND theirs.status IN ('active', 'needs_reconnect') AND theirs.updated_at < {before}
         AND NOT EXISTS (SELECT 1 FROM authorizations
             WHERE customer_id = it.id AND state = 'active' AND expires_at >= {before})
         AND NOT EXISTS (SELECT 1 FROM customer_sessions
             WHERE customer_id = it.id AND expires_at >= {before})
         AND NOT EXISTS (SELECT 1 FROM transactions
             WHERE customer_id = it.id AND expires_at >= {before})
         ORDER BY theirs.updated_at, theirs.id LIMIT {limit}"
    );
    let rows: Vec<Named> =
        diesel::sql_query(statement).load(conn).await.map_err(about("connection"))?;
    Ok(rows.into_iter().map(|it| it.id.into()).collect())
}
