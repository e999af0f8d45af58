//! Sealing a position for one request, and opening it again.

use std::time::Duration;

use lodge_kernel::{AuthorizationId, Keyring, Timestamp};

use crate::Position;

/// A cursor cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// Not ours, changed, or of another request.
    #[error("the cursor does not belong to this request")]
    Invalid,
    /// Ours and of this request, but older than [`LIFETIME`].
    #[error("the cursor is older than 15 minutes")]
    Expired,
}

/// How long a cursor can be used.
pub const LIFETIME: Duration = Duration::from_mins(15);

/// What a cursor is bound to. Two requests with the same scope are the same
/// listing seen by the same caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorScope<'a> {
    /// Whose approval the caller reads under. Bound to it rather than to the
    /// token, so that a refreshed token can go on paging.
    pub authorization: AuthorizationId,
    /// The operation's name, for example `commits.list`.
    pub operation: &'a str,
    /// The host's name.
    pub provider: &'a str,
    /// The repository's id at that host; empty where there is none.
    pub repository: &'a str,
    /// Every filter by name, in a fixed order, absent ones left out.
    pub filters: &'a [(&'a str, &'a str)],
}

impl CursorScope<'_> {
    /// Each text with its length before it, so that no two scopes can run
    /// together into the same bytes.
    fn to_context(&self) -> Vec<u8> {
        let mut context = b"cursor.v1".to_vec();
        context.extend(self.authorization.as_uuid().as_bytes());
        let fixed = [self.operation, self.provider, self.repository];
        let filters = self.filters.iter().flat_map(|(name, value)| [*name, *value]);
        for text in fixed.into_iter().chain(filters) {
            context.extend(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.extend(text.as_bytes());
        }
        context
    }
}

/// The cursor that continues `scope` at `position`.
pub fn seal_cursor(
    keys: &dyn Keyring,
    scope: &CursorScope<'_>,
    position: &Position,
    now: Timestamp,
) -> String {
    let mut plain = now.as_micros().to_be_bytes().to_vec();
    plain.extend(position.to_bytes());
    keys.seal(&scope.to_context(), &plain)
}

/// The position that `cursor` continues `scope` at.
///
/// Fit is checked before age, so that a stranger's cursor tells nothing.
///
/// # Errors
///
/// [`CursorError::Invalid`] for a cursor that was changed or made for another
/// request, [`CursorError::Expired`] for one that is too old.
pub fn open_cursor(
    keys: &dyn Keyring,
    scope: &CursorScope<'_>,
    cursor: &str,
    now: Timestamp,
) -> Result<Position, CursorError> {
    let plain = keys.open(&scope.to_context(), cursor).ok_or(CursorError::Invalid)?;
    let (issued_at, position) = plain.split_first_chunk::<8>().ok_or(CursorError::Invalid)?;
    let issued_at = Timestamp::from_micros(i64::from_be_bytes(*issued_at));
    let position = Position::from_bytes(position).ok_or(CursorError::Invalid)?;
    if now.since(issued_at) > LIFETIME {
        return Err(CursorError::Expired);
    }
    Ok(position)
}
