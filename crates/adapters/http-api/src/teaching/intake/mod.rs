//! How hosts deliver to courses, and what people see and do of it.
//!
//! Reading order: [`receive`], [`hooks`], [`events`], [`replay`].

pub(crate) mod events;
pub(crate) mod hooks;
pub(crate) mod metrics;
pub(crate) mod receive;
pub(crate) mod replay;
pub(crate) mod try_hook;
pub(crate) mod view;
