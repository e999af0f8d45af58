//! Cursors that are bound to the request they continue.
//!
//! A cursor is a [`Position`] and its age, sealed beside a [`CursorScope`]:
//! the token's authorization, the route, the repository and every filter. A
//! cursor of another scope cannot be opened, so nothing can be compared wrongly.
//!
//! Reading order: [`page`], [`position`], then [`cursor`].

pub mod cursor;
pub mod page;
pub mod position;

pub use cursor::{CursorError, CursorScope, open_cursor, seal_cursor};
pub use page::{Limit, LimitError, Page, PageRequest};
pub use position::{Position, PositionError};
