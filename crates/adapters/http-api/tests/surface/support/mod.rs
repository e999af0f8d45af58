//! A gateway with a storage in memory and a host that says what it is told.

mod answer;
mod consent;
mod events;
mod host;
mod house;
mod objects;
mod storage;
mod wire;

pub(crate) use answer::Answer;
pub(crate) use consent::{Client, VERIFIER, challenge};
pub(crate) use events::{KnockingHost, ListeningApp};
pub(crate) use host::ScriptedHost;
pub(crate) use house::{COMMIT, House, Plan, bearer, get, secret};
pub(crate) use objects::{a_diff, a_diff_file, a_repository, a_tree_entry};

/// What a test answers: the first thing that went wrong.
pub(crate) type Tested<T = ()> = Result<T, Box<dyn std::error::Error>>;
