//! The binary, from outside: started, asked over HTTP, and stopped.
#![expect(clippy::indexing_slicing, reason = "a field that JSON does not have is null")]

mod attackers;
mod attacks;
mod audit;
mod backup;
mod bad_input;
mod command_line;
mod demo;
mod doctor;
mod events;
mod faults;
mod logs;
mod main_job;
mod metrics;
mod postgres;
mod reading;
mod restart;
mod simulated;
mod stopping;
mod teaching_courses;
mod teaching_import;
mod teaching_intake;
mod teaching_jobs;
mod teaching_proof;
mod teaching_reports;
