//! The binary, from outside: started, asked over HTTP, and stopped.

mod main_job;
mod metrics;
mod postgres;
mod reading;
mod restart;
mod stopping;
