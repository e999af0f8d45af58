//! Work that is done later: jobs, who holds them, when they are tried again,
//! and what they tell.
//!
//! A [`Job`] waits, is held by one worker for as long as its lease lasts, and
//! ends once. Every change of its state is one function of [`state`]; nothing
//! else makes one.
//!
//! Reading order: [`job`], [`state`], [`retry`], [`event`], then [`schedule`].

pub mod event;
pub mod job;
pub mod queue;
pub mod retry;
pub mod schedule;
pub mod state;
pub mod text;

pub use event::{JobEvent, Progress, Told};
pub use job::{Attempts, Author, INSTALLATION, Job, Request};
pub use queue::Queue;
pub use schedule::{Schedule, ScheduleError, When};
pub use state::{End, JobState, Lease, Standing};
pub use text::{JsonText, KindName, TextError};
