//! The JSON surface, seen through its public doors.

mod errors;
mod flow;
mod oauth;
mod order;
mod support;
mod table;
