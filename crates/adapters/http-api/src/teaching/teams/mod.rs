//! Teams and who is in them.

pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod lock;
pub(crate) mod members;
pub(crate) mod sync;
pub(crate) mod view;
