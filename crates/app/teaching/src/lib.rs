//! The course platform's use cases: one file each, a request, a function, an
//! error.

pub mod teaching;

pub use teaching::Teaching;
