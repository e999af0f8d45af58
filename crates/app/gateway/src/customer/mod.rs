//! What a customer does with what was approved.
//!
//! In the order in which a browser comes by: [`enter`] (with a proof, or as a
//! stranger), [`session`] (who it is from then on), [`access_page`] (what it
//! sees), [`change`], [`disconnect`], [`revoke`] (what it does), [`journal`] (what
//! the app did), and `receipts` (what the customer keeps of each decision).

pub mod access_page;
pub mod change;
pub mod disconnect;
pub mod enter;
pub mod journal;
mod receipts;
pub mod revoke;
pub mod session;

pub use access_page::AccessPage;
pub use enter::EnterError;
pub use journal::JournalPage;
pub use session::{ActionError, Insider, SessionError};
