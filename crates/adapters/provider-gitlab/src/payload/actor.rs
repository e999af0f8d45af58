//! People, as courses tell them from each other.
//!
//! Source: <https://docs.gitlab.com/api/users/>, API v4. Of an address that
//! stands beside an account nothing says that it is verified, so it is not
//! read here.

use lodge_activity::Actor;
use lodge_provider_kit::Text;
use serde::Deserialize;

use super::filled;

/// Somebody who has an account.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct ActorPayload<'a> {
    /// GitLab before 14.0 does not tell it in webhooks.
    pub(crate) id: Option<u64>,
    #[serde(borrow)]
    pub(crate) username: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

impl<'a> ActorPayload<'a> {
    /// The account of this id and name.
    pub(crate) fn of(id: Option<u64>, username: Option<Text<'a>>) -> Self {
        Self { id, username, name: None }
    }

    /// As [`Self::into_actor`].
    pub(crate) fn actor(&self) -> Option<Actor> {
        self.clone().into_actor()
    }

    /// `None` when nothing of them is told.
    pub(crate) fn into_actor(self) -> Option<Actor> {
        let actor = Actor {
            host_user: self.id.map(|id| id.to_string()),
            username: filled(self.username),
            email: None,
            name: filled(self.name),
        };
        (actor != Actor::default()).then_some(actor)
    }
}

/// The people of a list, in the order of their ids, which listings and webhooks
/// do not share.
pub(crate) fn sorted<'a>(people: impl IntoIterator<Item = ActorPayload<'a>>) -> Vec<Actor> {
    let mut people: Vec<Actor> = people.into_iter().filter_map(ActorPayload::into_actor).collect();
    people.sort_unstable();
    people
}

/// The account `id`: `who`, where that is the same one, or nobody said which.
pub(crate) fn either(id: Option<u64>, who: Option<ActorPayload<'_>>) -> Option<Actor> {
    let Some(id) = id else { return who.and_then(ActorPayload::into_actor) };
    let named = who.filter(|it| it.id == Some(id)).unwrap_or_default();
    ActorPayload { id: Some(id), ..named }.into_actor()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_named_by_an_id_is_not_taken_for_another() {
        let who = |text| serde_json::from_str::<ActorPayload<'_>>(text).unwrap();
        let ada = Actor {
            host_user: Some("7".to_owned()),
            username: Some("ada".to_owned()),
            ..Actor::default()
        };
        assert_eq!(either(Some(7), Some(who(r#"{"id":7,"username":"ada"}"#))), Some(ada.clone()));
        assert_eq!(either(None, Some(who(r#"{"id":7,"username":"ada"}"#))), Some(ada));
        let nobody = Actor { host_user: Some("7".to_owned()), ..Actor::default() };
        for other in [r#"{"id":8,"username":"bo"}"#, r#"{"username":"bo"}"#] {
            assert_eq!(either(Some(7), Some(who(other))).as_ref(), Some(&nobody), "{other}");
        }
        assert_eq!(either(None, Some(who("{}"))), None);
    }
}
