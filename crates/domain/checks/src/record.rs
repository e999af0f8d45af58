//! What happened in a team's projects, tied together.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use lodge_activity::{
    ActorId, Approval, ChangedFile, Commit, Fact, FactKind, Issue, MergeRequest, Note, People,
    Pipeline, Subject, Who,
};
use lodge_kernel::{ProjectId, StudentId, Timestamp};

use crate::{Evidence, Item, Source, branches::Branches, text};

/// What happened in the projects of a team. What programs did is left out
/// everywhere, and so are merge commits.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    /// The students of the team.
    pub members: &'a [StudentId],
    /// Who is who.
    pub people: &'a People,
    /// The projects.
    pub projects: Vec<ProjectRecord<'a>>,
}

/// What happened in one project.
#[derive(Clone, Debug)]
pub struct ProjectRecord<'a> {
    /// Which one.
    pub project: ProjectId,
    /// Commits, oldest first.
    pub commits: Vec<&'a Commit<ActorId>>,
    /// Merge requests, by number.
    pub requests: Vec<Request<'a>>,
    /// Issues, by number.
    pub issues: BTreeMap<u64, &'a Issue<ActorId>>,
    /// Runs of continuous integration, oldest first; also those that programs
    /// set off.
    pub pipelines: Vec<&'a Pipeline<ActorId>>,
    /// Remarks on anything, oldest first.
    pub notes: Vec<&'a Note<ActorId>>,
    /// Of what its host never tells, and nobody else did.
    silent_on: Vec<FactKind>,
}

/// A merge request with what belongs to it.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The merge request.
    pub it: &'a MergeRequest<ActorId>,
    /// Remarks on it, oldest first.
    pub notes: Vec<&'a Note<ActorId>>,
    /// Approvals, also such as were taken back, oldest first.
    pub approvals: Vec<&'a Approval<ActorId>>,
    /// Its commits as far as they are known: those that its newest commit
    /// reaches and the branch that took it in did not reach before. Where no
    /// merge commit took it in, those up to the newest one that are by its
    /// author, in a line and on no other merge request.
    pub commits: Vec<&'a Commit<ActorId>>,
    /// Runs for one of its commits, oldest first.
    pub pipelines: Vec<&'a Pipeline<ActorId>>,
    /// The issues of the project that it mentions: in title, description,
    /// messages of its commits, or the name of its branch.
    pub issues: BTreeSet<u64>,
}

impl<'a> Record<'a> {
    /// Ties together the facts of a team's projects.
    pub fn of<S: Into<Source<'a>>>(
        members: &'a [StudentId],
        people: &'a People,
        projects: impl IntoIterator<Item = S>,
    ) -> Self {
        let projects = projects.into_iter();
        let projects = projects.map(|it| ProjectRecord::of(it.into(), people)).collect();
        Self { members, people, projects }
    }

    /// The same without the projects whose hosts never tell of `kind`: there is
    /// nothing in them to be judged by. `None` when no project is left.
    pub(crate) fn telling_of(&self, kind: FactKind) -> Option<Cow<'_, Self>> {
        let is_told = |it: &ProjectRecord<'_>| !it.silent_on.contains(&kind);
        if self.projects.iter().all(is_told) {
            return Some(Cow::Borrowed(self));
        }
        let projects: Vec<_> = self.projects.iter().filter(|it| is_told(it)).cloned().collect();
        (!projects.is_empty()).then_some(Cow::Owned(Self { projects, ..*self }))
    }

    /// Something has happened, whoever did it.
    pub fn has_begun(&self) -> bool {
        self.projects.iter().any(|it| {
            !(it.commits.is_empty()
                && it.requests.is_empty()
                && it.issues.is_empty()
                && it.notes.is_empty()
                && it.pipelines.is_empty())
        })
    }

    /// The merge requests that a student opened.
    pub fn requests_of(
        &self,
        student: StudentId,
    ) -> impl Iterator<Item = (&ProjectRecord<'a>, &Request<'a>)> {
        let all = self.projects.iter().flat_map(|it| it.requests.iter().map(move |of| (it, of)));
        all.filter(move |(_, it)| it.it.author.is_some_and(|by| self.is(by, student)))
    }

    /// The commits that a student wrote.
    pub fn commits_of(
        &self,
        student: StudentId,
    ) -> impl Iterator<Item = (&ProjectRecord<'a>, &'a Commit<ActorId>)> {
        let all = self.projects.iter().flat_map(|it| it.commits.iter().map(move |of| (it, *of)));
        all.filter(move |(_, it)| self.is(it.author, student))
    }

    /// The issues that a student is to do, or was.
    pub fn issues_for(
        &self,
        student: StudentId,
    ) -> impl Iterator<Item = (&ProjectRecord<'a>, &'a Issue<ActorId>)> {
        let all = self.projects.iter().flat_map(|it| it.issues.values().map(move |of| (it, *of)));
        all.filter(move |(_, it)| it.assignees.iter().any(|who| self.is(*who, student)))
    }

    /// Somebody is that student.
    pub fn is(&self, who: ActorId, student: StudentId) -> bool {
        self.people.student(who) == Some(student)
    }

    /// Somebody is a member of the team, and not the one whose work it is. Only
    /// members review for a check: a second account that nobody knows does not.
    pub fn is_another_member(&self, who: ActorId, author: Option<ActorId>) -> bool {
        let is_member = self.people.student(who).is_some_and(|it| self.members.contains(&it));
        is_member && author.is_none_or(|author| !self.people.is_same(who, author))
    }
}

impl<'a> ProjectRecord<'a> {
    fn of(source: Source<'a>, people: &'a People) -> Self {
        let Source { project, facts, silent_on } = source;
        let is_silent = |kind: &&FactKind| facts.iter().all(|it| it.kind() != **kind);
        let silent_on = silent_on.iter().filter(is_silent).copied().collect();
        let is_person = |who: Option<&ActorId>| who.is_none_or(|it| people.who(*it) != Who::Bot);
        let (mut commits, mut notes, mut pipelines) = (Vec::new(), Vec::new(), Vec::new());
        let (mut requests, mut approvals) = (BTreeMap::new(), Vec::new());
        let mut issues = BTreeMap::new();
        for fact in facts {
            match fact {
                Fact::Pipeline(it) => pipelines.push(it),
                // A branch is followed through whatever lies on it.
                Fact::Commit(it) => commits.push(it),
                _ if !is_person(fact.author()) => {}
                Fact::MergeRequest(it) => drop(requests.insert(it.number, it)),
                Fact::Approval(it) => approvals.push(it),
                Fact::Note(it) => notes.push(it),
                Fact::Issue(it) => drop(issues.insert(it.number, it)),
                Fact::CiJob(_) | Fact::Milestone(_) => {}
            }
        }
        commits.sort_by_key(|it| (it.authored_at, &it.sha));
        notes.sort_by_key(|it| (it.created_at, &it.id));
        pipelines.sort_by_key(|it| (it.created_at, &it.id));
        approvals.sort_by_key(|it| (it.at, it.by));
        let branches = Branches::of(&commits, requests.values().copied(), people);
        let is_work = |it: &&Commit<ActorId>| !it.is_merge() && is_person(Some(&it.author));
        let on_request = |it: &Note<ActorId>| match it.on {
            Subject::MergeRequest(number) => Some(number),
            Subject::Issue(_) | Subject::Commit(_) => None,
        };
        let with_number = notes.iter().copied().filter_map(|it| Some((on_request(it)?, it)));
        let mut notes_on = grouped(with_number);
        let mut approvals_of = grouped(approvals.into_iter().map(|it| (it.merge_request, it)));
        let runs_for = grouped(pipelines.iter().copied().map(|it| (it.sha.as_str(), it)));
        let requests = requests.into_values().map(|it| {
            let mut of = Request {
                it,
                notes: notes_on.remove(&it.number).unwrap_or_default(),
                approvals: approvals_of.remove(&it.number).unwrap_or_default(),
                commits: branches.commits(it).into_iter().filter(is_work).collect(),
                pipelines: Vec::new(),
                issues: BTreeSet::new(),
            };
            let runs = of.shas().into_iter().filter_map(|it| runs_for.get(it)).flatten();
            of.pipelines = runs.copied().collect();
            of.pipelines.sort_by_key(|it| (it.created_at, &it.id));
            of.issues = of.mentioned().filter(|it| issues.contains_key(it)).collect();
            of
        });
        let requests = requests.collect();
        let commits = commits.iter().copied().filter(is_work).collect();
        Self { project, commits, requests, issues, pipelines, notes, silent_on }
    }

    /// A merge request of the project as evidence.
    pub fn request(&self, of: &Request<'_>, fits: bool) -> Evidence {
        let item = Item::MergeRequest(of.it.number);
        self.evidence(item, of.it.created_at, of.it.web_url.as_ref(), fits)
    }

    /// An issue of the project as evidence.
    pub fn issue(&self, of: &Issue<ActorId>, fits: bool) -> Evidence {
        self.evidence(Item::Issue(of.number), of.created_at, of.web_url.as_ref(), fits)
    }

    /// A commit of the project as evidence.
    pub fn commit(&self, of: &Commit<ActorId>, fits: bool) -> Evidence {
        self.evidence(Item::Commit(of.sha.clone()), of.authored_at, of.web_url.as_ref(), fits)
    }

    /// A file that a commit of the project changed as evidence, with the page of
    /// the commit.
    pub fn file(&self, of: &Commit<ActorId>, file: &ChangedFile, fits: bool) -> Evidence {
        self.evidence(Item::File(file.path.clone()), of.authored_at, of.web_url.as_ref(), fits)
    }

    /// A run of the project as evidence.
    pub fn pipeline(&self, of: &Pipeline<ActorId>, fits: bool) -> Evidence {
        self.evidence(Item::Pipeline(of.id.clone()), of.created_at, of.web_url.as_ref(), fits)
    }

    /// A remark in the project as evidence, with the page of what it is on.
    pub fn note(&self, of: &Note<ActorId>, fits: bool) -> Evidence {
        let request = |number| {
            let found = self.requests.binary_search_by_key(&number, |it| it.it.number);
            found.ok().and_then(|n| self.requests.get(n))
        };
        let page = match &of.on {
            Subject::MergeRequest(number) => request(*number).and_then(|it| it.it.web_url.as_ref()),
            Subject::Issue(number) => self.issues.get(number).and_then(|it| it.web_url.as_ref()),
            Subject::Commit(_) => None,
        };
        self.evidence(Item::Note(of.id.clone()), of.created_at, page, fits)
    }

    fn evidence(
        &self,
        item: Item,
        at: Timestamp,
        web_url: Option<&String>,
        fits: bool,
    ) -> Evidence {
        Evidence { project: self.project, item, at, web_url: web_url.cloned(), fits }
    }
}

impl Request<'_> {
    /// It is, or was once, approved by another member at that instant or before;
    /// at all when there is no instant.
    pub fn approved_by_another(&self, record: &Record<'_>, until: Option<Timestamp>) -> bool {
        self.approvals.iter().any(|it| {
            it.approved
                && until.is_none_or(|until| it.at <= until)
                && record.is_another_member(it.by, self.it.author)
        })
    }

    /// The hashes of its commits, each once.
    fn shas(&self) -> BTreeSet<&str> {
        let own = self.commits.iter().map(|it| it.sha.as_str());
        self.it.head_sha.as_deref().into_iter().chain(own).collect()
    }

    fn mentioned(&self) -> impl Iterator<Item = u64> {
        let texts = [Some(self.it.title.as_str()), self.it.description.as_deref()];
        let messages = self.commits.iter().map(|it| it.message.as_str());
        let said = texts.into_iter().flatten().chain(messages).flat_map(text::mentioned);
        said.chain(text::issue_of_branch(&self.it.source_branch))
    }
}

/// What has one key, in the order in which it comes.
fn grouped<K: Ord, T>(all: impl IntoIterator<Item = (K, T)>) -> BTreeMap<K, Vec<T>> {
    let mut found: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for (key, it) in all {
        found.entry(key).or_default().push(it);
    }
    found
}

#[cfg(test)]
mod tests;
