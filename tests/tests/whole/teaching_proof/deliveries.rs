//! What a host delivers of the projects of a course, in the shapes of
//! <https://docs.gitlab.com/user/project/integrations/webhook_events/>. Each
//! thing is told in several versions, and no two versions are of one second: of
//! such two nobody could say which is the later one.

use serde_json::{Value, json};

use crate::{teaching_import::TEAMS, teaching_intake::SECRET};

/// How many deliveries tell one story of a project: what becomes of an issue,
/// a merge request and its runs.
const STORY: u64 = 16;
/// When what is delivered happened, in seconds: within four weeks of the past.
const WEEKS: u64 = 28 * 86_400;

/// The places in a story to which later ones look back.
const PUSH: u64 = 0;
const ISSUE: u64 = 1;
const RUN: u64 = 2;
const JOB: u64 = 3;
const MERGE_REQUEST: u64 = 4;
const NOTE: u64 = 5;
const RUN_ENDED: u64 = 7;

/// Somebody at the host.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) id: u64,
    pub(super) login: String,
    pub(super) name: String,
}

/// A project at the host.
pub(super) struct Project {
    pub(super) remote: u64,
    pub(super) team: u64,
    pub(super) people: [Person; 2],
}

impl Project {
    /// Tags are of when they were told, which no two servers have in common:
    /// only some projects have any.
    pub(super) fn has_tags(&self) -> bool {
        self.team.is_multiple_of(3)
    }

    fn path(&self) -> String {
        format!("pv/team-{:02}/app", self.team)
    }
}

/// One delivery.
pub(super) struct Delivery {
    pub(super) id: String,
    pub(super) body: String,
    /// The number of its project at the host.
    pub(super) project: u64,
    /// What is to be read afterwards: the list, and what stands in it.
    pub(super) tells: Vec<(&'static str, Value)>,
    event: &'static str,
}

impl Delivery {
    pub(super) fn headers(&self) -> [(&str, &str); 5] {
        [
            ("Content-Type", "application/json"),
            ("X-Gitlab-Event", self.event),
            ("X-Gitlab-Token", SECRET),
            ("X-Gitlab-Event-UUID", &self.id),
            ("Idempotency-Key", &self.id),
        ]
    }
}

/// `n` deliveries of `projects`, of which there is one a team, as they happened.
pub(super) fn plan(projects: &[&Project], n: usize) -> Vec<Delivery> {
    let apart = (WEEKS / u64::try_from(n).unwrap_or(WEEKS).max(1)).max(1);
    let rounds = (0..).flat_map(|round| projects.iter().map(move |it| (round, *it)));
    let told = (1..).zip(rounds.take(n)).map(|(number, (round, project))| {
        let (story, part) = (round / STORY, round % STORY);
        let (event, body, tells) = Told { project, story, apart }.part(part);
        let id = format!("2c0f6f5a-0000-4000-8000-{number:012}");
        Delivery { id, event, body: body.to_string(), project: project.remote, tells }
    });
    told.collect()
}

/// One story of a project.
#[derive(Clone, Copy)]
struct Told<'a> {
    project: &'a Project,
    story: u64,
    /// How many seconds are between two deliveries.
    apart: u64,
}

/// `X-Gitlab-Event`, the body, and what it tells.
type Part = (&'static str, Value, Vec<(&'static str, Value)>);

impl Told<'_> {
    fn part(self, part: u64) -> Part {
        match part {
            PUSH => self.push(),
            ISSUE => self.issue(part, "open"),
            RUN | RUN_ENDED => self.pipeline(part),
            JOB | 6 => self.job(part),
            MERGE_REQUEST => self.merge_request(part, "open"),
            NOTE | 9 => self.note(part),
            8 => self.merge_request(part, "approved"),
            10 => self.issue(part, if self.turn(2) == 0 { "close" } else { "update" }),
            11 => self.merge_request(part, "merge"),
            12 => self.deployment(part, "running"),
            13 => self.deployment(part, "success"),
            14 if self.project.has_tags() => self.tag(),
            14 => self.release(part),
            _ => ("Emoji Hook", self.frame("emoji", json!({ "event_type": "award" })), Vec::new()),
        }
    }

    /// Projects and stories do not all come to the same.
    fn turn(self, n: u64) -> u64 {
        (self.project.team + self.story) % n
    }

    fn end(self) -> &'static str {
        if self.turn(3) == 1 { "failed" } else { "success" }
    }

    /// When a part of this story happened.
    fn at(self, part: u64) -> String {
        let before = (self.story * STORY + part) * TEAMS + self.project.team - 1;
        let second = before * self.apart;
        let (day, second) = (1 + second / 86_400, second % 86_400);
        let (hour, minute) = (second / 3_600, second / 60 % 60);
        format!("2025-03-{day:02} {hour:02}:{minute:02}:{:02} UTC", second % 60)
    }

    /// A number that no other project has for anything of that kind.
    fn number(self, kind: u64) -> u64 {
        (kind * 10_000 + self.project.remote) * 100_000 + self.story
    }

    /// Beyond those that the host has itself.
    fn iid(self) -> u64 {
        101 + self.story
    }

    fn page(self, rest: &str) -> String {
        format!("https://gitlab.example.com/{}/-/{rest}", self.project.path())
    }

    fn who(self, nth: usize) -> Value {
        let Person { id, login, name } = &self.project.people[nth];
        json!({ "id": id, "name": name, "username": login })
    }

    fn frame(self, kind: &str, mut more: Value) -> Value {
        let Project { remote, .. } = self.project;
        more["object_kind"] = json!(kind);
        more["project_id"] = json!(remote);
        more["project"] = json!({
            "id": remote,
            "name": "app",
            "path_with_namespace": self.project.path(),
            "web_url": format!("https://gitlab.example.com/{}", self.project.path()),
            "default_branch": "main",
        });
        more
    }

    fn sha(self, nth: usize) -> String {
        format!("{:08x}{:024x}{:08x}", self.project.remote, self.story, nth + 1)
    }

    fn commit(self, nth: usize) -> Value {
        let Person { login, name, .. } = &self.project.people[nth];
        let sha = self.sha(nth);
        json!({
            "id": sha,
            "message": format!("Go on with story {}\n", self.story),
            "title": format!("Go on with story {}", self.story),
            "timestamp": self.at(PUSH).replacen(' ', "T", 1).replace(" UTC", "Z"),
            "url": self.page(&format!("commit/{sha}")),
            "author": { "name": name, "email": format!("{login}@example.com") },
            "added": [],
            "modified": ["README.md"],
            "removed": [],
        })
    }

    /// Two commits, after the last one of the push before.
    fn push(self) -> Part {
        let before = self.story.checked_sub(1).map(|story| Self { story, ..self });
        let commits = before.map(|it| it.commit(1)).into_iter();
        let commits: Vec<_> = commits.chain([self.commit(0), self.commit(1)]).collect();
        let tells = commits.iter().map(|it| ("commits", it["id"].clone())).collect();
        let Person { id, login, name } = &self.project.people[1];
        let body = json!({
            "event_name": "push",
            "before": before.map_or_else(|| "0".repeat(40), |it| it.sha(1)),
            "after": self.sha(1),
            "checkout_sha": self.sha(1),
            "ref": "refs/heads/main",
            "user_id": id,
            "user_name": name,
            "user_username": login,
            "total_commits_count": commits.len(),
            "commits": commits,
        });
        ("Push Hook", self.frame("push", body), tells)
    }

    fn issue(self, part: u64, action: &str) -> Part {
        let is_closed = action == "close";
        let changed = if part == ISSUE { "" } else { ", as we know now" };
        let body = json!({
            "event_type": "issue",
            "user": self.who(usize::from(part == ISSUE)),
            "object_attributes": {
                "id": self.number(1),
                "iid": self.iid(),
                "title": format!("Story {}{changed}", self.story),
                "description": "What is wanted.",
                "state": if is_closed { "closed" } else { "opened" },
                "action": action,
                "author_id": self.project.people[1].id,
                "created_at": self.at(ISSUE),
                "updated_at": self.at(part),
                "closed_at": is_closed.then(|| self.at(part)),
                "due_date": "2025-04-30",
                "url": self.page(&format!("issues/{}", self.iid())),
            },
            "labels": [{ "id": 1, "title": "story" }],
            "assignees": [self.who(0)],
        });
        ("Issue Hook", self.frame("issue", body), vec![("issues", json!(self.iid()))])
    }

    fn merge_request(self, part: u64, action: &str) -> Part {
        let is_merged = action == "merge";
        let labels = if is_merged { vec!["done", "story"] } else { vec!["story"] };
        let labels: Vec<_> = labels.iter().map(|it| json!({ "title": it })).collect();
        let body = json!({
            "event_type": "merge_request",
            "user": self.who(usize::from(action != "open")),
            "object_attributes": {
                "id": self.number(2),
                "iid": self.iid(),
                "title": format!("Tell story {}", self.story),
                "description": "As it was wanted.",
                "state": if is_merged { "merged" } else { "opened" },
                "action": action,
                "draft": false,
                "author_id": self.project.people[0].id,
                "merge_user_id": is_merged.then_some(self.project.people[1].id),
                "source_branch": format!("story-{}", self.story),
                "target_branch": "main",
                "last_commit": { "id": self.sha(1) },
                "created_at": self.at(MERGE_REQUEST),
                "updated_at": self.at(part),
                "url": self.page(&format!("merge_requests/{}", self.iid())),
            },
            "labels": labels,
            "assignees": [self.who(0)],
            "reviewers": [self.who(1)],
        });
        let tells = vec![("merge-requests", json!(self.iid()))];
        ("Merge Request Hook", self.frame("merge_request", body), tells)
    }

    fn note(self, part: u64) -> Part {
        let body = json!({
            "event_type": "note",
            "user": self.who(1),
            "object_attributes": {
                "id": self.number(3),
                "note": "Should this not have a test?",
                "noteable_type": "MergeRequest",
                "type": "DiffNote",
                "author_id": self.project.people[1].id,
                "discussion_id": format!("{:040x}", self.number(3)),
                "position": { "old_path": "README.md", "new_path": "README.md" },
                "resolved_at": (part != NOTE).then(|| self.at(part)),
                "created_at": self.at(NOTE),
                "updated_at": self.at(part),
                "url": self.page(&format!("merge_requests/{}#note", self.iid())),
            },
            "merge_request": { "iid": self.iid() },
        });
        ("Note Hook", self.frame("note", body), Vec::new())
    }

    fn pipeline(self, part: u64) -> Part {
        let has_ended = part == RUN_ENDED;
        let status = if has_ended { self.end() } else { "running" };
        let finished_at = has_ended.then(|| self.at(part));
        let body = json!({
            "user": self.who(0),
            "object_attributes": {
                "id": self.number(4),
                "ref": "main",
                "sha": self.sha(1),
                "status": status,
                "created_at": self.at(RUN),
                "finished_at": finished_at,
                "url": self.page(&format!("pipelines/{}", self.number(4))),
            },
            "builds": [{
                "id": self.number(5),
                "name": "test",
                "stage": "test",
                "status": status,
                "created_at": self.at(RUN),
                "started_at": self.at(RUN),
                "finished_at": finished_at,
                "user": self.who(0),
            }],
        });
        let tells = vec![("pipelines", json!(self.number(4).to_string()))];
        ("Pipeline Hook", self.frame("pipeline", body), tells)
    }

    fn job(self, part: u64) -> Part {
        let has_ended = part != JOB;
        let body = json!({
            "build_id": self.number(5),
            "build_name": "test",
            "build_stage": "test",
            "build_status": if has_ended { self.end() } else { "running" },
            "build_created_at": self.at(RUN),
            "build_started_at": self.at(RUN),
            "build_finished_at": has_ended.then(|| self.at(RUN_ENDED)),
            "pipeline_id": self.number(4),
            "ref": "main",
            "sha": self.sha(1),
            "user": self.who(0),
        });
        ("Job Hook", self.frame("build", body), Vec::new())
    }

    fn deployment(self, part: u64, status: &str) -> Part {
        let body = json!({
            "deployment_id": self.number(6),
            "status": status,
            "status_changed_at": self.at(part),
            "environment": "production",
            "commit_url": self.page(&format!("commit/{}", self.sha(1))),
            "user": self.who(0),
        });
        ("Deployment Hook", self.frame("deployment", body), Vec::new())
    }

    fn tag(self) -> Part {
        let Person { id, login, name } = &self.project.people[0];
        let body = json!({
            "event_name": "tag_push",
            "before": "0".repeat(40),
            "after": self.sha(0),
            "checkout_sha": self.sha(1),
            "ref": format!("refs/tags/v{}", self.story),
            "user_id": id,
            "user_name": name,
            "user_username": login,
            "commits": [],
            "total_commits_count": 0,
        });
        ("Tag Push Hook", self.frame("tag_push", body), Vec::new())
    }

    fn release(self, part: u64) -> Part {
        let body = json!({
            "id": self.number(7),
            "action": "create",
            "tag": format!("v{}", self.story),
            "name": format!("Story {}", self.story),
            "description": "What is new.",
            "created_at": self.at(part),
            "released_at": self.at(part),
            "commit": { "id": self.sha(1) },
        });
        ("Release Hook", self.frame("release", body), Vec::new())
    }
}
