//! Storage on PostgreSQL and on the embedded SQLite.
//!
//! The queries stand once, in `shared/`, and are compiled twice: under `pg`
//! with diesel's PostgreSQL backend and under `lite` with its SQLite backend.
//! Only what really differs has a file per backend: how connections are made,
//! how a unit of work begins, migrations, and the journal's batches.
//!
//! The queries take minutes to compile, so the library has no test build: what
//! is tested without a database stands in modules without queries, which
//! `tests/forms.rs` includes.
//!
//! Reading order: `shared/work.rs`, `shared/schema.rs`, any file of `shared/`,
//! then `pg.rs` and `lite.rs`.
#![expect(clippy::duplicate_mod, reason = "`shared/` is compiled once for each backend")]

mod convert;
mod error;
mod fact_body;
mod lite;
mod pg;
mod usage_cut;

pub use lite::{EmbeddedConfig, EmbeddedStorage};
pub use pg::{PostgresConfig, PostgresSnapshot, PostgresStorage};
