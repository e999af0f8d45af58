//! The access page, where a customer comes back to what an app may read.
//!
//! In the order in which a browser walks through it: `arrive`, `page`, `act`,
//! `journal` with `export`, and `receipt`. `door` is what all of them begin with.

mod act;
mod arrive;
mod cookie;
mod door;
mod export;
mod filter;
mod journal;
mod page;
mod receipt;
mod words;

pub(crate) use act::{change, disconnect, leave, revoke, update};
pub(crate) use arrive::arrive;
pub(crate) use export::{csv, json_lines};
pub(crate) use journal::journal;
pub(crate) use receipt::{compact, flattened, receipt};
