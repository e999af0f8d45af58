//! `GET /projects/:id/members` and `GET /groups/:id/members`.
//!
//! Source: <https://docs.gitlab.com/api/members/>, API v4.

use lodge_activity::{Actor, people::is_bot};
use lodge_provider::RemoteMember;
use lodge_provider_kit::Text;
use serde::Deserialize;

use crate::payload::filled;

/// Runs a project, rather than works in it:
/// <https://docs.gitlab.com/user/permissions/>.
const MAINTAINER: u64 = 40;

#[derive(Debug, Deserialize)]
pub(crate) struct MemberPayload<'a> {
    id: u64,
    #[serde(borrow)]
    username: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    /// Told to the owners of a group alone, of users whom their organisation
    /// has proved.
    #[serde(borrow)]
    email: Option<Text<'a>>,
    access_level: Option<u64>,
    /// Not told by every version.
    bot: Option<bool>,
}

impl MemberPayload<'_> {
    pub(crate) fn into_member(self) -> RemoteMember {
        let actor = Actor {
            host_user: Some(self.id.to_string()),
            username: filled(self.username),
            email: filled(self.email),
            name: filled(self.name),
        };
        RemoteMember {
            bot: self.bot == Some(true) || is_bot(&actor),
            actor,
            maintains: self.access_level.is_some_and(|level| level >= MAINTAINER),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_from_people_by_their_names() {
        let member = |name: &str| {
            let text = format!(r#"{{"id":7,"username":"{name}"}}"#);
            serde_json::from_str::<MemberPayload<'_>>(&text).unwrap().into_member()
        };
        for name in ["project_7_bot_1f2e3d", "group_7_bot", "service_account_group_7_1f2e3d"] {
            assert!(member(name).bot, "{name}");
        }
        for name in ["ada", "project_bot", "project_7_bottle", "project_7", "robot", "bot_7"] {
            assert!(!member(name).bot, "{name}");
        }
    }

    #[test]
    fn who_runs_a_project_is_no_student_of_it() {
        let member =
            |text: &str| serde_json::from_str::<MemberPayload<'_>>(text).unwrap().into_member();
        for (level, maintains) in [("10", false), ("30", false), ("40", true), ("50", true)] {
            let read = member(&format!(r#"{{"id":7,"access_level":{level}}}"#));
            assert_eq!((read.maintains, read.bot), (maintains, false), "{level}");
        }
        assert!(member(r#"{"id":7,"username":"ada","bot":true}"#).bot);
        assert_eq!(member(r#"{"id":7,"email":""}"#).actor.email, None);
    }
}
