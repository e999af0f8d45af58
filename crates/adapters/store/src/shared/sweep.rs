//! Deletes what ended by itself long ago, oldest first.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lodge_access::code;
use lodge_kernel::Timestamp;
use lodge_storage::StorageError;

use super::{
    Conn,
    schema::{codes, connect_sessions, pushed_requests, tokens, transactions},
};
use crate::{convert::column, error::about};

diesel::alias! {
    const OLD_TOKENS: Alias<OldTokens> = tokens as old_tokens;
    const OLD_CODES: Alias<OldCodes> = codes as old_codes;
    const OLD_TRANSACTIONS: Alias<OldTransactions> = transactions as old_transactions;
    const OLD_SESSIONS: Alias<OldSessions> = connect_sessions as old_sessions;
    const OLD_REQUESTS: Alias<OldRequests> = pushed_requests as old_requests;
}

/// Deletes the rows of `$table` whose `$end` lies before `$before`, at most
/// `$most`, and counts them. Neither dialect deletes with a limit, so that the
/// rows are chosen by their `$key` first.
macro_rules! delete_oldest {
    ($conn:ident, $table:ident as $old:ident, $key:ident, $end:ident < $before:expr, $most:ident) => {{
        let keys = $old
            .filter($old.field($table::$end).lt($before.as_micros()))
            .order($old.field($table::$end))
            .limit(column($most))
            .select($old.field($table::$key));
        diesel::delete($table::table.filter($table::$key.eq_any(keys)))
            .execute($conn)
            .await
            .map_err(about(stringify!($table)))?
    }};
}

/// See `TokenRepository::sweep`.
pub(super) async fn sweep(
    conn: &mut Conn,
    before: Timestamp,
    most: usize,
) -> Result<u64, StorageError> {
    let issued = before.minus(code::LIFETIME);
    let rows = delete_oldest!(conn, tokens as OLD_TOKENS, id, expires_at < before, most)
        + delete_oldest!(conn, codes as OLD_CODES, digest, issued_at < issued, most)
        + delete_oldest!(conn, transactions as OLD_TRANSACTIONS, id, expires_at < before, most)
        + delete_oldest!(conn, connect_sessions as OLD_SESSIONS, id, expires_at < before, most)
        + delete_oldest!(conn, pushed_requests as OLD_REQUESTS, digest, expires_at < before, most);
    Ok(u64::try_from(rows).unwrap_or(u64::MAX))
}
