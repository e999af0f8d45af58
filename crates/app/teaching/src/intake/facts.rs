//! What deliveries tell is kept as facts of course projects.

use std::sync::Arc;

use async_trait::async_trait;
use lodge_activity::{Actor, Fact};
use lodge_intake::{Intake, Kind, Outcome};
use lodge_kernel::{Clock, Entropy, Keyring, Timestamp};
use lodge_provider::{BoxError, Delivery, WebhookScheme};
use lodge_storage::{StorageError, UnitOfWork};
use lodge_teams::Project;

use super::{Handled, IntakeHandler, LastActivity, handler::happened_at, parcel};
use crate::{
    Teaching,
    sources::{ProjectJob, actors},
};

/// Keeps what deliveries tell, and asks the host for what they leave open.
pub struct ActivityFacts {
    /// Name people so that nobody else can.
    pub keys: Arc<dyn Keyring>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
}

#[async_trait]
impl IntakeHandler for ActivityFacts {
    async fn handle(
        &self,
        work: &mut dyn UnitOfWork,
        scheme: &dyn WebhookScheme,
        intake: &Intake,
        delivery: &Delivery,
    ) -> Result<Handled, BoxError> {
        let handled = LastActivity.handle(work, scheme, intake, delivery).await?;
        let Some(repository) = &intake.repository else { return Ok(handled) };
        if handled.outcome != Outcome::Processed {
            return Ok(handled);
        }
        let facts = scheme.facts(delivery)?;
        // By id: two that take in deliveries at once wait for each other, and
        // no more.
        let projects = work.projects().of_origin(intake.tenant, &intake.source, repository).await?;
        for project in &projects {
            let mut namer = actors::of_project(&*self.keys, project);
            namer.tell(work, project.id, facts.clone()).await?;
            if leaves_questions(intake.kind, &facts) && has_source(work, project).await? {
                ProjectJob::ask(work, (&*self.clock, &*self.entropy), project).await?;
            }
        }
        Ok(handled)
    }
}

/// Of these the host knows more than it tells: what commits changed, and who
/// approves.
pub(crate) const LEAVE_QUESTIONS: [Kind; 2] = [Kind::Push, Kind::MergeRequest];

fn leaves_questions(kind: Kind, facts: &[Fact<Actor>]) -> bool {
    let is_unread = |it: &Fact<Actor>| matches!(it, Fact::Commit(it) if it.changes.is_none());
    LEAVE_QUESTIONS.contains(&kind) || facts.iter().any(is_unread)
}

async fn has_source(work: &mut dyn UnitOfWork, project: &Project) -> Result<bool, StorageError> {
    let sources = work.sources().of_course(project.tenant, project.course).await?;
    Ok(sources.iter().any(|it| it.host == project.origin.host))
}

/// What a delivery tells that is still kept.
pub(crate) struct Kept {
    pub(crate) facts: Vec<Fact<Actor>>,
    /// When it happened.
    pub(crate) happened_at: Timestamp,
}

impl Teaching {
    /// What a delivery that is still kept tells. `None` when it cannot be opened
    /// or understood any more.
    pub(crate) async fn kept(
        &self,
        work: &mut dyn UnitOfWork,
        intake: &Intake,
    ) -> Result<Option<Kept>, StorageError> {
        let sealed = work.intake().parcel(intake.tenant, intake.id).await?;
        let at = intake.received_at;
        let opened =
            sealed.and_then(|it| parcel::open(&*self.keys, intake.tenant, intake.id, &it, at));
        let scheme = self.intake.schemes.find(intake.source.as_str());
        let Some((delivery, (_, scheme))) = opened.zip(scheme) else { return Ok(None) };
        let told = scheme.facts(&delivery).ok().zip(scheme.occurred_at(&delivery).ok());
        Ok(told.map(|(facts, at)| Kept { facts, happened_at: happened_at(at, intake.received_at) }))
    }
}

#[cfg(test)]
mod tests {
    use lodge_activity::{Issue, IssueState};
    use lodge_kernel::SecretString;
    use lodge_provider::{About, HookRefused};
    use lodge_storage::{FactFilter, JobFilter, Storage as _};
    use lodge_teams::{CourseSource, Origin, SourceKind};
    use lodge_testkit::{
        CountingEntropy, FixedClock, MemoryStorage, PlainKeyring,
        builders::{
            NOW, a_course, a_project, a_team, an_intake, course_id, gitlab, move_in, project_id,
            tenant_id,
        },
    };

    use super::*;

    /// A host whose deliveries are `number state second`, of an issue.
    struct Issues;

    impl WebhookScheme for Issues {
        fn verify(&self, _: &[SecretString], _: &Delivery) -> Result<(), HookRefused> {
            Ok(())
        }

        fn shown_secret<'a>(&self, _: &'a Delivery) -> Option<&'a str> {
            None
        }

        fn delivery_id(&self, _: &Delivery) -> Option<String> {
            None
        }

        fn headers(&self) -> &'static [&'static str] {
            &[]
        }

        fn about(&self, _: &Delivery) -> Result<About, BoxError> {
            Ok(About::new(Kind::Issue, "issue", Some("7".to_owned()), None))
        }

        fn occurred_at(&self, _: &Delivery) -> Result<Option<Timestamp>, BoxError> {
            Ok(None)
        }

        fn facts(&self, delivery: &Delivery) -> Result<Vec<Fact<Actor>>, BoxError> {
            let text = String::from_utf8(delivery.body.clone())?;
            let mut words = text.split(' ');
            let mut word = || words.next().unwrap_or_default();
            let number: u64 = word().parse()?;
            let state = word();
            let second: i64 = word().parse()?;
            let author = Actor { username: Some("ada".to_owned()), ..Actor::default() };
            Ok(vec![Fact::Issue(Issue {
                number,
                title: format!("{state} at {second}"),
                description: None,
                author: Some(author),
                state: IssueState::parse(state).ok_or("no state")?,
                labels: Vec::new(),
                assignees: Vec::new(),
                created_at: NOW,
                updated_at: Timestamp::from_seconds(NOW.as_seconds() + second),
                closed_at: None,
                due_at: None,
                web_url: None,
            })])
        }
    }

    async fn a_school() -> MemoryStorage {
        let storage = MemoryStorage::default();
        move_in(&storage).await.unwrap();
        let mut work = storage.begin().await.unwrap();
        work.courses().add(&a_course(1)).await.unwrap();
        work.teams().add(&a_team(1)).await.unwrap();
        let (host, remote_id) = (gitlab(), "7".to_owned());
        let origin = Origin { host, remote_id, web_url: None };
        work.projects().add(&lodge_teams::Project { origin, ..a_project(1) }).await.unwrap();
        work.commit().await.unwrap();
        storage
    }

    async fn deliver(storage: &MemoryStorage, kind: Kind, bodies: &[&str]) {
        let handler = ActivityFacts {
            keys: Arc::new(PlainKeyring),
            clock: Arc::new(FixedClock::default()),
            entropy: Arc::new(CountingEntropy::default()),
        };
        for body in bodies {
            let body = body.as_bytes().to_vec();
            let delivery = Delivery { headers: Vec::new(), body, received_at: NOW };
            let intake = Intake { kind, ..an_intake(1) };
            let mut work = storage.begin().await.unwrap();
            let taken = handler.handle(&mut *work, &Issues, &intake, &delivery).await.unwrap();
            assert_eq!(taken.project, Some(project_id(1)));
            work.commit().await.unwrap();
        }
    }

    async fn facts(storage: &MemoryStorage) -> Vec<String> {
        let filter = FactFilter { projects: vec![project_id(1)], ..FactFilter::default() };
        let mut work = storage.read().await.unwrap();
        let found = work.activity().list(tenant_id(1), &filter, None, 100).await.unwrap();
        found.into_iter().map(|(_, fact)| format!("{fact:?}")).collect()
    }

    #[tokio::test]
    async fn deliveries_come_to_the_same_in_any_order_and_however_often() {
        let told = [
            "1 opened 1",
            "1 closed 4",
            "1 opened 5",
            "1 closed 5",
            "2 opened 2",
            "2 closed 3",
            "3 opened 1",
        ];
        let clean = a_school().await;
        deliver(&clean, Kind::Issue, &told).await;
        let expected = facts(&clean).await;
        assert_eq!(expected.len(), 3);
        assert!(expected.iter().any(|it| it.contains("closed at 5")), "{expected:?}");
        for turn in 0..told.len() {
            let mut shuffled = told.repeat(5);
            shuffled.rotate_left(turn * 5);
            shuffled.sort_by_key(|it| (it.len() * 31 + turn * usize::from(it.as_bytes()[0])) % 7);
            shuffled.reverse();
            let storage = a_school().await;
            deliver(&storage, Kind::Issue, &shuffled).await;
            assert_eq!(facts(&storage).await, expected, "{shuffled:?}");
        }
    }

    #[tokio::test]
    async fn what_a_push_leaves_open_is_asked_for_once_where_the_course_came_from() {
        let jobs = async |storage: &MemoryStorage| {
            let mut work = storage.read().await.unwrap();
            let found = work.jobs().list(&JobFilter::default(), None, 10).await.unwrap();
            found.into_iter().map(|it| (it.kind.to_string(), it.key)).collect::<Vec<_>>()
        };
        let storage = a_school().await;
        deliver(&storage, Kind::Push, &["1 opened 1"]).await;
        assert_eq!(jobs(&storage).await, []);
        let mut work = storage.begin().await.unwrap();
        let source = CourseSource {
            tenant: tenant_id(1),
            course: course_id(1),
            host: gitlab(),
            connection: None,
            kind: SourceKind::Group,
            remote_id: "1".to_owned(),
            address: "https://git/course".to_owned(),
            auto_sync: false,
            created_at: NOW,
            synced_at: None,
            tried_at: None,
            failure: None,
        };
        work.sources().put(&source).await.unwrap();
        work.commit().await.unwrap();
        deliver(&storage, Kind::Push, &["1 opened 1", "1 closed 2", "2 opened 1"]).await;
        let expected = ("projects.sync".to_owned(), Some(project_id(1).to_string()));
        assert_eq!(jobs(&storage).await, [expected]);
    }
}
