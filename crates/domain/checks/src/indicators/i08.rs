//! README and documentation.

use lodge_activity::{ActorId, ChangedFile, Commit};
use lodge_kernel::StudentId;

use crate::{Outcome, Record};

/// How texts end.
const ENDINGS: &[&str] = &[".md", ".rst", ".adoc"];

/// The student adds to the documentation in a commit: to a README, a file in
/// `doc` or `docs` at the root, or a text (`.md`, `.rst`, `.adoc`). Not
/// applicable while nobody has read what the student's commits changed.
pub(super) fn indicate(student: StudentId, record: &Record<'_>) -> Outcome {
    let is_unread = |it: &Commit<ActorId>| it.changes.is_none();
    let mut own = record.commits_of(student).peekable();
    if own.peek().is_some() && record.commits_of(student).all(|(_, it)| is_unread(it)) {
        return Outcome::not_applicable("what the commits changed is not known yet");
    }
    let documenting = own.filter(|(_, it)| it.own_files().any(documents));
    let evidence = documenting.map(|(project, it)| project.commit(it, true)).collect();
    Outcome::count("commits add to the documentation", 1, evidence)
}

/// Something was added to a file of documentation. Who only removes lines
/// documents nothing; of a binary file nobody counts lines.
fn documents(file: &ChangedFile) -> bool {
    let path = file.path.to_lowercase();
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let is_readme = name
        .strip_prefix("readme")
        .is_some_and(|rest| !rest.starts_with(|it: char| it.is_alphanumeric()));
    let is_in_docs = matches!(folders.split('/').next(), Some("doc" | "docs"));
    let is_text = ENDINGS.iter().any(|it| name.ends_with(it));
    file.additions != Some(0) && (is_readme || is_in_docs || is_text)
}

#[cfg(test)]
mod tests {
    use lodge_activity::Fact;

    use super::*;
    use crate::{
        Status,
        testing::{ADA, BOB, commit, people, record},
    };

    fn changing(sha: &str, path: &str, additions: Option<u32>) -> Commit<ActorId> {
        let mut it = commit(sha, &["root"], 1, 0);
        let file = ChangedFile { path: path.to_owned(), additions, deletions: Some(3) };
        it.changes.as_mut().unwrap().files = vec![file];
        it
    }

    fn indicated(student: StudentId, it: Commit<ActorId>) -> Outcome {
        indicate(student, &record(&people(), &[Fact::Commit(it)]))
    }

    #[test]
    fn documentation_is_known_by_its_place_and_name() {
        for path in [
            "README",
            "Readme.txt",
            "server/README_sk.html",
            "docs/diagram.puml",
            "Doc/a/plan.tex",
            "notes/2026.MD",
            "CHANGELOG.adoc",
        ] {
            let ada = indicated(ADA, changing("a", path, Some(1)));
            assert_eq!((ada.status(), ada.evidence.len()), (Status::Passed, 1), "{path}");
        }
        for path in [
            "src/lib.rs",
            "ReadmeParser.java",
            "src/docs/page.ts",
            "docs.rs",
            "node_modules/a/README.md",
            "amd",
        ] {
            assert_eq!(
                indicated(ADA, changing("a", path, Some(1))).status(),
                Status::Failed,
                "{path}"
            );
        }
    }

    #[test]
    fn what_only_removes_lines_documents_nothing() {
        let removed = indicated(ADA, changing("a", "README.md", Some(0)));
        assert_eq!(removed.status(), Status::Failed);
        assert_eq!(removed.because, "0 commits add to the documentation, 1 wanted");
        let drawn = indicated(ADA, changing("a", "docs/plan.png", None));
        assert_eq!(drawn.status(), Status::Passed);
    }

    #[test]
    fn what_nobody_has_read_is_not_judged() {
        let unread = Commit { changes: None, ..commit("a", &["root"], 1, 0) };
        assert_eq!(indicated(ADA, unread.clone()).status(), Status::NotApplicable);
        assert_eq!(indicated(BOB, unread).status(), Status::Failed);
    }
}
