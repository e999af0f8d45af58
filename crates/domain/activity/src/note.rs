//! Remarks of people.

use lodge_kernel::Timestamp;

/// What a remark is on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The merge request of this number.
    MergeRequest(u64),
    /// The issue of this number.
    Issue(u64),
    /// The commit of this hash.
    Commit(String),
}

/// A remark. What a host notes by itself (“changed the title”) is none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note<A> {
    /// The host's id of it.
    pub id: String,
    /// What it is on.
    pub on: Subject,
    /// Who wrote it.
    pub author: A,
    /// What it says, at most [`LONGEST`](Self::LONGEST) bytes.
    pub body: String,
    /// The thread that it belongs to, where the host has threads.
    pub thread: Option<String>,
    /// The file that it is about, when it is on a line of a change.
    pub path: Option<String>,
    /// It asks for something, and that is settled. `None` when it asks for
    /// nothing, or nobody told.
    pub resolved: Option<bool>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl<A> Note<A> {
    /// How much of a remark is kept, in bytes.
    pub const LONGEST: usize = 8_192;
}

impl<A> Note<A> {
    /// The same, with everybody in it named by `name`.
    pub fn map<B>(self, name: &mut impl FnMut(A) -> B) -> Note<B> {
        Note {
            id: self.id,
            on: self.on,
            body: self.body,
            thread: self.thread,
            path: self.path,
            resolved: self.resolved,
            created_at: self.created_at,
            updated_at: self.updated_at,
            author: name(self.author),
        }
    }
}
