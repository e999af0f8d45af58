//! What a developer sees of what was read: the journal, its sums, and what is
//! approved. Everything is of one organisation, and the database is asked with
//! it in the question.

pub mod approved;
pub mod logs;
pub mod summary;
pub mod window;

pub use logs::{LogPage, LogQuery, LoggedRequest};
pub use summary::{Report, SummaryQuery};
pub use window::{LONGEST_DAYS, UsageError};
