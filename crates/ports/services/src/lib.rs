//! What the product asks of services that are neither a database nor a Git
//! host.
//!
//! Reading order: [`callbacks`], then [`event_writer`] and [`receipt_writer`].

pub mod callbacks;
pub mod event_writer;
pub mod receipt_writer;

pub use callbacks::{CallbackAnswer, CallbackError, Callbacks, SignedCall};
pub use event_writer::EventWriter;
pub use receipt_writer::ReceiptWriter;

#[cfg(feature = "mock")]
pub use {
    callbacks::MockCallbacks, event_writer::MockEventWriter, receipt_writer::MockReceiptWriter,
};
