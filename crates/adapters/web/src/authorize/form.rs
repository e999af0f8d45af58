//! What the form of the consent page brings back.

use std::{collections::BTreeMap, time::Duration};

use actix_web::{
    HttpMessage as _, HttpRequest,
    rt::time::timeout,
    web::{Bytes, Payload},
};
use lodge_access::{Authorization, Permission, PermissionSet};
use lodge_forge::RepositoryId;
use lodge_gateway::oauth::{Choice, answer::Approval};
use lodge_kernel::ConnectionId;
use url::form_urlencoded;

use crate::problem::Problem;

/// The largest form, in bytes: thousands of repositories with long names.
const MOST_BYTES: usize = 1 << 20;
const MOST_FIELDS: usize = 5_000;
/// How long a form may take to arrive, over a slow telephone.
const PATIENCE: Duration = Duration::from_secs(30);

/// What stands for the end that was approved before.
pub(crate) const KEEP: &str = "keep";

/// One repository of one account.
pub(crate) type Place = (ConnectionId, RepositoryId);

/// The form as the customer filled it in, right or wrong.
///
/// A repository is numbered by the page, so that what is left out of it
/// (`less`) need not repeat its long name. Only what is ticked comes back: a
/// page of a thousand repositories whose forms brought everything would break
/// its own limit.
#[derive(Debug)]
pub(crate) struct ConsentForm {
    pub(crate) transaction: String,
    csrf: String,
    ticked: BTreeMap<Place, PermissionSet>,
    /// What may be read of every ticked repository.
    permissions: PermissionSet,
    /// What may be read of the accounts.
    account_permissions: PermissionSet,
    /// `30`, `90`, `custom`, or [`KEEP`].
    pub(crate) days: String,
    pub(crate) custom_days: String,
    /// The customer asks for the details of what is ticked.
    pub(crate) refine: bool,
    /// The origin that the page named as the one that framed it.
    pub(crate) opened_from: Option<String>,
}

impl ConsentForm {
    /// As the customer first sees it: all that the app asks for, of nothing.
    pub(crate) fn untouched(scope: PermissionSet) -> Self {
        let (of_account, of_repository): (Vec<_>, Vec<_>) =
            scope.iter().partition(|it| it.is_of_account());
        Self {
            transaction: String::new(),
            csrf: String::new(),
            ticked: BTreeMap::new(),
            permissions: of_repository.into_iter().collect(),
            account_permissions: of_account.into_iter().collect(),
            days: "30".to_owned(),
            custom_days: String::new(),
            refine: false,
            opened_from: None,
        }
    }

    /// As the customer first sees what was approved before.
    pub(crate) fn of(given: &Authorization) -> Self {
        let every = given.repositories.iter().map(|it| it.permissions);
        let permissions = every.fold(PermissionSet::EMPTY, PermissionSet::union);
        let ticked = given.repositories.iter().map(|it| {
            let less = permissions.iter().filter(|one| !it.permissions.contains(*one));
            ((it.connection, it.repository.clone()), less.collect())
        });
        Self {
            ticked: ticked.collect(),
            permissions,
            account_permissions: given.account_permissions,
            days: KEEP.to_owned(),
            ..Self::untouched(PermissionSet::EMPTY)
        }
    }

    /// Reads the body of a request.
    pub(crate) async fn read(request: &HttpRequest, payload: Payload) -> Result<Self, Problem> {
        Self::parse(&body(request, payload).await?)
    }

    fn parse(body: &[u8]) -> Result<Self, Problem> {
        let foreign = |name: &str| {
            Problem::unreadable(format!("the field {name} is not one that this page sends"))
        };
        let mut form = Self { days: String::new(), ..Self::untouched(PermissionSet::EMPTY) };
        let mut numbers = BTreeMap::new();
        let mut less = BTreeMap::<String, PermissionSet>::new();
        for (place, (name, value)) in form_urlencoded::parse(body).enumerate() {
            if place >= MOST_FIELDS {
                return Err(Problem::too_large("a form has at most 5,000 fields"));
            }
            match &*name {
                "transaction" => form.transaction = value.into_owned(),
                "csrf" => form.csrf = value.into_owned(),
                "days" => form.days = value.into_owned(),
                "custom_days" => form.custom_days = value.trim().chars().take(16).collect(),
                "refine" => form.refine = true,
                "opened_from" => form.opened_from = Some(value.into_owned()),
                "permission" => {
                    let permission = Permission::parse(&value);
                    let permission = permission.map_err(|_unknown| foreign("permission"))?;
                    let set = if permission.is_of_account() {
                        &mut form.account_permissions
                    } else {
                        &mut form.permissions
                    };
                    *set = set.union([permission].into_iter().collect());
                }
                "repository" => {
                    let (number, place) = place_of(&value).ok_or_else(|| foreign("repository"))?;
                    numbers.insert(number, place);
                }
                "less" => {
                    let parts = value.split_once(' ');
                    let (number, permission) = parts.ok_or_else(|| foreign("less"))?;
                    let permission = Permission::parse(permission);
                    let permission = permission.map_err(|_unknown| foreign("less"))?;
                    let set = less.entry(number.to_owned()).or_default();
                    *set = set.union([permission].into_iter().collect());
                }
                _ => {}
            }
        }
        form.ticked = numbers
            .into_iter()
            .map(|(number, place)| (place, less.get(&number).copied().unwrap_or_default()))
            .collect();
        Ok(form)
    }

    /// What the customer approves.
    pub(crate) fn approval(&self) -> Approval {
        let choices = self.ticked.iter().map(|((connection, repository), less)| Choice {
            connection: *connection,
            repository: repository.clone(),
            permissions: self.permissions.iter().filter(|it| !less.contains(*it)).collect(),
        });
        Approval {
            csrf: self.csrf.clone(),
            choices: choices.collect(),
            account_permissions: self.account_permissions,
            days: self.days(),
        }
    }

    /// For how long, in days; `None` for as long as before. 0, which the use case
    /// refuses, when it is no number.
    fn days(&self) -> Option<u32> {
        if self.days == KEEP {
            return None;
        }
        let text = if self.days == "custom" { &self.custom_days } else { &self.days };
        let digits = text.bytes().all(|it| it.is_ascii_digit());
        Some(if digits { text.parse().unwrap_or_default() } else { 0 })
    }

    /// What is left out of a ticked repository; `None` when it is not ticked.
    pub(crate) fn ticked(&self, place: &Place) -> Option<PermissionSet> {
        self.ticked.get(place).copied()
    }

    /// `permission` is ticked for repositories, or for the account.
    pub(crate) const fn allows(&self, permission: Permission) -> bool {
        self.permissions.contains(permission) || self.account_permissions.contains(permission)
    }
}

/// The body of a form.
pub(crate) async fn body(request: &HttpRequest, payload: Payload) -> Result<Bytes, Problem> {
    if request.content_type() != "application/x-www-form-urlencoded" {
        return Err(Problem::not_a_form());
    }
    let body = timeout(PATIENCE, payload.to_bytes_limited(MOST_BYTES)).await;
    let body = body.map_err(|_elapsed| Problem::too_slow("the form did not come in time"))?;
    let body = body.map_err(|_too_long| Problem::too_large("a form has at most 1 MiB"))?;
    body.map_err(|_broken| Problem::unreadable("the form did not come whole"))
}

/// Reads `number connection repository`.
fn place_of(text: &str) -> Option<(String, Place)> {
    let mut parts = text.splitn(3, ' ');
    let number = parts.next()?.to_owned();
    let connection = parts.next()?.parse().ok()?;
    let repository = RepositoryId::parse(parts.next()?).ok()?;
    Some((number, (connection, repository)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: &str = "conn_00000000000000000000000000000001";

    fn days(text: &str) -> Option<u32> {
        ConsentForm::parse(text.as_bytes()).unwrap().approval().days
    }

    #[test]
    fn days_are_whole_numbers() {
        assert_eq!(days("days=30&custom_days=7"), Some(30));
        assert_eq!(days("days=keep&custom_days=7"), None);
        assert_eq!(days("days=custom&custom_days=+7+"), Some(7));
        for wrong in ["", "days=", "days=custom", "days=abc", "days=-1", "days=%2B5", "days=9e9"] {
            assert_eq!(days(wrong), Some(0), "{wrong}");
        }
    }

    #[test]
    fn what_is_left_out_of_one_repository_stays_in_the_others() {
        let body = format!(
            "permission=read%3Acommits&permission=read%3Adiffs&permission=read%3Aprofile\
             &repository=0+{PLACE}+api&repository=1+{PLACE}+web&less=1+read%3Adiffs"
        );
        let approval = ConsentForm::parse(body.as_bytes()).unwrap().approval();
        let given: Vec<_> = approval
            .choices
            .iter()
            .map(|it| format!("{}: {}", it.repository, it.permissions))
            .collect();
        assert_eq!(given, ["api: read:commits read:diffs", "web: read:commits"]);
        assert_eq!(approval.account_permissions.to_string(), "read:profile");
    }

    #[test]
    fn a_repository_that_is_ticked_twice_counts_once() {
        let body = format!("repository=0+{PLACE}+api&repository=1+{PLACE}+api");
        assert_eq!(ConsentForm::parse(body.as_bytes()).unwrap().approval().choices.len(), 1);
    }

    #[test]
    fn a_field_that_the_page_did_not_make_is_refused() {
        for body in [
            "repository=api",
            "repository=0+conn_1+api",
            "repository=0+conn_00000000000000000000000000000001+..",
            "permission=write%3Acommits",
            "less=0",
            "less=0+write",
        ] {
            assert!(ConsentForm::parse(body.as_bytes()).is_err(), "{body} was taken");
        }
        assert!(ConsentForm::parse("a&".repeat(5_001).as_bytes()).is_err());
        assert!(ConsentForm::parse(b"\xff=%ff&%=&=&&").is_ok());
    }
}
