//! What the product asks of services that are neither a database nor a Git
//! host.
//!
//! Reading order: [`callbacks`], [`event_writer`], [`receipt_writer`], then [`proofs`] and
//! [`passkeys`], then [`reports`].

pub mod callbacks;
pub mod event_writer;
pub mod passkeys;
pub mod proofs;
pub mod receipt_writer;
pub mod reports;

pub use callbacks::{CallbackAnswer, CallbackError, Callbacks, SignedCall};
pub use event_writer::EventWriter;
pub use passkeys::{Asked, Asserted, Assertion, Attested, NewPasskey, NotTaken, PasskeyCeremonies};
pub use proofs::{HashError, OneTimeCodes, PasswordHasher, Verdict};
pub use receipt_writer::ReceiptWriter;
pub use reports::{RenderError, Report, ReportFormat, ReportRenderer};

#[cfg(feature = "mock")]
pub use {callbacks::MockCallbacks, event_writer::MockEventWriter};
