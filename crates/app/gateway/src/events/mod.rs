//! Events: how an app comes to hear of what happens in a repository.
//!
//! Reading order: [`subscribe`] and [`manage`] (an app's wish), [`receive`] (a
//! host tells us), [`understand`] (what of it which app may hear), [`deliver`]
//! and [`replay`] (the app is told), then [`backlog`] and
//! [`forget`].

pub mod backlog;
pub mod deliver;
pub mod forget;
pub mod manage;
pub mod receive;
pub mod replay;
pub mod subscribe;
pub mod understand;

mod error;
mod parcel;

pub use backlog::Backlog;
pub use error::SubscribeError;
pub use receive::{ReceiveError, Received};
pub use subscribe::{Subscribed, Wish};

use std::sync::Arc;

use lodge_services::{Callbacks, EventWriter};

/// What only events need.
#[derive(Clone)]
pub struct EventPorts {
    /// Calls apps.
    pub callbacks: Arc<dyn Callbacks>,
    /// Writes what they are told.
    pub writer: Arc<dyn EventWriter>,
}
