//! The window of time that is asked for.

use std::time::Duration;

use lodge_access::UsageWindow;
use lodge_kernel::Timestamp;
use lodge_storage::StorageError;

/// How far a window reaches at most, in days.
pub const LONGEST_DAYS: u64 = 92;
/// How far it reaches when nothing is said.
const DEFAULT: Duration = Duration::from_hours(7 * 24);
const LONGEST: Duration = Duration::from_hours(LONGEST_DAYS * 24);

/// The journal cannot be asked like that.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// What is asked makes no sense.
    #[error("{problem}")]
    Invalid {
        /// What to correct.
        problem: String,
    },
    /// The organisation has no such request.
    #[error("there is no request of this id in your organisation’s journal")]
    NotFound,
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl UsageError {
    pub(super) fn invalid(problem: impl Into<String>) -> Self {
        Self::Invalid { problem: problem.into() }
    }
}

/// From `from` to `to`, each RFC 3339 or a day; the seven days before `to`
/// without the first, until `now` without the second.
///
/// # Errors
///
/// [`UsageError::Invalid`].
pub fn window(
    from: Option<&str>,
    to: Option<&str>,
    now: Timestamp,
) -> Result<UsageWindow, UsageError> {
    // What came within this millisecond is part of it.
    let to = to.map(|it| instant("to", it)).transpose()?;
    let to = to.unwrap_or_else(|| now.plus(Duration::from_millis(1)));
    let from = from.map(|it| instant("from", it)).transpose()?.unwrap_or_else(|| to.minus(DEFAULT));
    if to <= from {
        return Err(UsageError::invalid("`from` lies before `to`"));
    }
    if to.since(from) > LONGEST + Duration::from_millis(1) {
        return Err(UsageError::invalid(format!(
            "`from` and `to` are at most {LONGEST_DAYS} days apart"
        )));
    }
    Ok(UsageWindow { from, to })
}

fn instant(name: &str, text: &str) -> Result<Timestamp, UsageError> {
    let parsed = Timestamp::parse(text).or_else(|_| Timestamp::parse(&format!("{text}T00:00:00Z")));
    parsed.map_err(|_neither| {
        UsageError::invalid(format!(
            "`{name}` is an instant such as 2026-11-22T09:30:00Z, or a day such as 2026-11-22"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(from: Option<&str>, to: Option<&str>) -> Result<String, String> {
        let now = Timestamp::parse("2026-11-22T09:30:00Z").unwrap();
        let window = window(from, to, now).map_err(|error| error.to_string())?;
        Ok(format!("{} {}", window.from, window.to))
    }

    #[test]
    fn a_window_is_a_week_unless_somebody_says_more() {
        let week = "2026-11-15T09:30:00.001Z 2026-11-22T09:30:00.001Z";
        assert_eq!(told(None, None).unwrap(), week);
        let days = "2026-11-01T00:00:00.000Z 2026-11-03T12:00:00.000Z";
        assert_eq!(told(Some("2026-11-01"), Some("2026-11-03T13:00:00+01:00")).unwrap(), days);
    }

    #[test]
    fn a_window_that_is_too_long_or_turned_round_is_refused() {
        for (from, to) in [
            (Some("2026-01-01"), None),
            (Some("2026-11-03"), Some("2026-11-03")),
            (Some("2026-11-04"), Some("2026-11-03")),
            (Some("yesterday"), None),
            (None, Some("")),
        ] {
            assert!(told(from, to).is_err(), "{from:?} {to:?}");
        }
    }
}
