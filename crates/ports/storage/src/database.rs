//! What a database says of itself.

use lodge_kernel::Timestamp;

/// What a database says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreState {
    /// What it is, for people: `PostgreSQL 17.2`.
    pub product: String,
    /// The time by its own clock.
    pub now: Timestamp,
    /// The newest step that it has taken. `None` when it has taken none.
    pub newest: Option<String>,
    /// The steps that this program knows and the database has not taken.
    pub missing: Vec<String>,
    /// The steps that the database has taken and this program does not know: a
    /// newer program was here.
    pub unknown: Vec<String>,
}

/// The connections that this process keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// How many there are.
    pub open: usize,
    /// How many of them are at work.
    pub in_use: usize,
    /// How many there may be.
    pub most: usize,
}
