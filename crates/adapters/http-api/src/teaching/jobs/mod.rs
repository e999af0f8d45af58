//! Jobs: looking at them, stopping them, and hearing what they tell.
//!
//! Reading order: `view`, `list`, `find`, `cancel`, `rehearse`, then `stream`
//! over [`streams`] and `told`.

pub(crate) mod cancel;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod rehearse;
pub(crate) mod stream;
pub mod streams;
mod told;
pub(crate) mod view;
