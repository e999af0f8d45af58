//! What records are made of.

use lodge_activity::{ActorId, Fact, FactKind};
use lodge_kernel::ProjectId;

/// What is known of one project.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Which one.
    pub project: ProjectId,
    /// What happened in it, each of it once.
    pub facts: &'a [Fact<ActorId>],
    /// Of what its host never tells.
    pub silent_on: &'a [FactKind],
}

/// Of a host that tells of everything.
impl<'a> From<(ProjectId, &'a [Fact<ActorId>])> for Source<'a> {
    fn from((project, facts): (ProjectId, &'a [Fact<ActorId>])) -> Self {
        Self { project, facts, silent_on: &[] }
    }
}
