//! How large facts may be: deliveries are as large as whoever knows a hook's
//! secret makes them, and everybody who looks at a course reads its facts.

use lodge_activity::{
    Actor, Commit, Fact, Issue, MergeRequest, Milestone, Note, Pipeline, Subject,
};

/// How long a name or a title may be, in bytes. Hosts have less.
const SHORT: usize = 1_000;
/// How long an address may be, in bytes.
const LONGEST_URL: usize = 2_000;
/// How many labels, or people of one part, there may be.
const MOST: usize = 100;

/// `fact` with its texts cut to size. What cannot be cut without becoming
/// another's is left out: an address, a thread, a path. `None` when that is
/// what the fact is known by: a hash that is none, or an endless id.
pub fn bounded(fact: Fact<Actor>) -> Option<Fact<Actor>> {
    let fact = match fact.map(&mut person) {
        Fact::Commit(it) => Fact::Commit(commit(it)?),
        Fact::MergeRequest(it) => Fact::MergeRequest(merge_request(it)),
        Fact::Note(it) => Fact::Note(note(it)?),
        Fact::Issue(it) => Fact::Issue(issue(it)),
        Fact::Pipeline(it) => Fact::Pipeline(pipeline(it)?),
        Fact::Milestone(it) => Fact::Milestone(milestone(it)?),
        it @ (Fact::Approval(_) | Fact::CiJob(_)) => it,
    };
    Some(fact)
}

fn person(it: Actor) -> Actor {
    Actor {
        host_user: it.host_user.map(short),
        username: it.username.map(short),
        email: it.email.map(short),
        name: it.name.map(short),
    }
}

fn commit(it: Commit<Actor>) -> Option<Commit<Actor>> {
    Some(Commit {
        sha: hash(it.sha)?,
        parents: it.parents.map(|it| few(it).into_iter().filter_map(hash).collect()),
        message: cut(it.message, Commit::<Actor>::LONGEST),
        web_url: address(it.web_url),
        ..it
    })
}

fn merge_request(it: MergeRequest<Actor>) -> MergeRequest<Actor> {
    MergeRequest {
        title: short(it.title),
        description: it.description.map(|it| cut(it, MergeRequest::<Actor>::LONGEST)),
        source_branch: short(it.source_branch),
        target_branch: short(it.target_branch),
        labels: names(it.labels),
        assignees: few(it.assignees),
        reviewers: few(it.reviewers),
        head_sha: it.head_sha.and_then(hash),
        web_url: address(it.web_url),
        ..it
    }
}

fn note(it: Note<Actor>) -> Option<Note<Actor>> {
    let on = match it.on {
        Subject::Commit(sha) => Subject::Commit(hash(sha)?),
        on => on,
    };
    Some(Note {
        id: known(it.id)?,
        on,
        body: cut(it.body, Note::<Actor>::LONGEST),
        thread: it.thread.and_then(known),
        path: it.path.and_then(known),
        ..it
    })
}

fn issue(it: Issue<Actor>) -> Issue<Actor> {
    Issue {
        title: short(it.title),
        description: it.description.map(|it| cut(it, Issue::<Actor>::LONGEST)),
        labels: names(it.labels),
        assignees: few(it.assignees),
        web_url: address(it.web_url),
        ..it
    }
}

fn pipeline(it: Pipeline<Actor>) -> Option<Pipeline<Actor>> {
    Some(Pipeline {
        id: known(it.id)?,
        sha: hash(it.sha)?,
        reference: short(it.reference),
        web_url: address(it.web_url),
        ..it
    })
}

fn milestone(it: Milestone<Actor>) -> Option<Milestone<Actor>> {
    Some(Milestone {
        id: known(it.id)?,
        name: short(it.name),
        sha: it.sha.and_then(hash),
        status: it.status.map(short),
        ..it
    })
}

/// The text, but no more than `most` bytes of it.
fn cut(mut text: String, most: usize) -> String {
    text.truncate(text.floor_char_boundary(most));
    text
}

fn short(text: String) -> String {
    cut(text, SHORT)
}

/// A hash, whole or the beginning of one: SHA-256 has 64 digits.
fn hash(text: String) -> Option<String> {
    let is_one = (1..=64).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_hexdigit());
    is_one.then_some(text)
}

/// What something is known by.
fn known(text: String) -> Option<String> {
    (1..=SHORT).contains(&text.len()).then_some(text)
}

fn address(text: Option<String>) -> Option<String> {
    text.filter(|it| it.len() <= LONGEST_URL)
}

fn names(all: Vec<String>) -> Vec<String> {
    few(all).into_iter().map(short).collect()
}

fn few<T>(mut all: Vec<T>) -> Vec<T> {
    all.truncate(MOST);
    all
}

#[cfg(test)]
mod tests {
    use lodge_kernel::Timestamp;

    use super::*;

    fn a_commit(sha: &str) -> Commit<Actor> {
        Commit {
            sha: sha.to_owned(),
            parents: None,
            message: "é".repeat(1_000_000),
            author: Actor { name: Some("é".repeat(1_000_000)), ..Actor::default() },
            authored_at: Timestamp::EPOCH,
            changes: None,
            web_url: Some("a".repeat(1_000_000)),
        }
    }

    #[test]
    fn texts_are_cut_and_what_would_become_anothers_is_left_out() {
        let Some(Fact::Commit(it)) = bounded(Fact::Commit(a_commit("0afc"))) else { panic!() };
        assert_eq!(it.message.len(), Commit::<Actor>::LONGEST);
        assert_eq!(it.author.name.map(|it| it.len()), Some(SHORT));
        assert_eq!((it.sha.as_str(), it.web_url), ("0afc", None));
        let parents = Some(vec!["1afc".to_owned(), "a".repeat(1_000_000)]);
        let it = bounded(Fact::Commit(Commit { parents, ..a_commit("0afc") }));
        let Some(Fact::Commit(it)) = it else { panic!() };
        assert_eq!(it.parents, Some(vec!["1afc".to_owned()]));
        for sha in ["", "no hash", &"a".repeat(65)] {
            assert_eq!(bounded(Fact::Commit(a_commit(sha))), None, "{sha}");
        }
    }

    #[test]
    fn a_thing_with_an_endless_id_is_none() {
        let note = |id: &str, on| {
            bounded(Fact::Note(Note {
                id: id.to_owned(),
                on,
                author: Actor::default(),
                body: "Why?".to_owned(),
                thread: Some("a".repeat(1_001)),
                path: None,
                resolved: None,
                created_at: Timestamp::EPOCH,
                updated_at: Timestamp::EPOCH,
            }))
        };
        let Some(Fact::Note(it)) = note("7", Subject::Issue(1)) else { panic!() };
        assert_eq!((it.id.as_str(), it.thread), ("7", None));
        assert_eq!(note(&"7".repeat(1_001), Subject::Issue(1)), None);
        assert_eq!(note("7", Subject::Commit("a tree".to_owned())), None);
    }
}
