//! What the product asks of services that are neither a database nor a Git
//! host.
//!
//! Reading order: [`callbacks`], then [`event_writer`].

pub mod callbacks;
pub mod event_writer;

pub use callbacks::{CallbackAnswer, CallbackError, Callbacks, SignedCall};
pub use event_writer::EventWriter;

#[cfg(feature = "mock")]
pub use {callbacks::MockCallbacks, event_writer::MockEventWriter};
