//! The tests of what needs no database: how values stand in columns, how an
//! address is read, how a window is cut.
#![expect(dead_code, reason = "the queries use the rest")]

#[path = "../src/pg/address.rs"]
mod address;
#[path = "../src/convert.rs"]
mod convert;
#[path = "../src/fact_body/mod.rs"]
mod fact_body;
#[path = "../src/lite/thread.rs"]
mod thread;
#[path = "../src/usage_cut.rs"]
mod usage_cut;
