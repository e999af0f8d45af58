//! The JSON surface, seen through its public doors.
#![expect(clippy::indexing_slicing, reason = "a field that is missing in JSON reads as null")]

mod administration;
mod approve;
mod bad_input;
mod connections;
mod cursors;
mod developer;
mod doors;
mod errors;
mod events;
mod explain;
mod firewall;
mod flow;
mod journal;
mod no_request;
mod oauth;
mod order;
mod par;
mod passkeys;
mod people;
mod receipts;
mod revocation;
mod support;
mod table;
mod teaching;
mod teaching_jobs;
mod try_firewall;
mod usage;
mod web;
