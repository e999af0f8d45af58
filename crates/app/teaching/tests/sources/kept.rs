//! What was delivered before its project was known is taken in once it is.

use lodge_activity::FactKind;
use lodge_jobs::Standing;
use lodge_teams::Project;
use lodge_testkit::builders::NOW;

use crate::world::{self, School};

async fn recheck(school: &School, project: &Project) -> String {
    let asked = school.teaching.recheck_team(&world::caller(), project.team).await.unwrap();
    let job = school.wait_for(asked.id, Standing::Done).await;
    job.result.unwrap().as_str().to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_recheck_takes_in_what_came_before_its_project() {
    let school = School::open().await;
    school.import("https://git/course").await;
    for body in ["issue 99 1", "issue 99 2", "issue 98 3"] {
        school.deliver(body).await;
    }
    let project = school.project_by_hand("99").await;
    assert_eq!(school.last_activity(project.id).await, None);
    let result = recheck(&school, &project).await;
    assert!(result.contains(r#""deliveries":2,"unusable":0,"facts":{"changed":2}"#), "{result}");
    assert_eq!(school.facts(FactKind::Issue).await, 2);
    assert_eq!(school.last_activity(project.id).await, Some(NOW));
    let again = recheck(&school, &project).await;
    assert!(again.contains(r#""changed":0"#), "{again}");
}

#[tokio::test(start_paused = true)]
async fn what_was_ignored_for_another_reason_stays_ignored() {
    let school = School::open().await;
    school.import("https://git/course").await;
    school.deliver("other 99 1").await;
    let project = school.project_by_hand("99").await;
    let result = recheck(&school, &project).await;
    assert!(result.contains(r#""deliveries":0"#), "{result}");
    assert_eq!(school.facts(FactKind::Issue).await, 0);
}

#[tokio::test(start_paused = true)]
async fn the_first_sync_of_a_project_takes_in_what_came_before_it() {
    let school = School::open().await;
    school.deliver("issue 10 1").await;
    school.import("https://git/course").await;
    assert_eq!(school.facts(FactKind::Issue).await, 1);
    let again = school.sync(true).await;
    assert!(again.contains(r#""facts":{"changed":0"#), "{again}");
}
