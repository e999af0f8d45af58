//! `gitlodge serve --demo`: a few real repositories, an app, and lines to copy.

mod callback;
mod introduce;
mod repositories;
mod simulate;

pub(crate) use callback::configure;
pub(crate) use introduce::introduce;
pub(crate) use repositories::repositories;
pub(crate) use simulate::{CHOICES, simulate};
