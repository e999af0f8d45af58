//! The words and ticks of the consent page.

use std::{collections::HashSet, time::Duration};

use askama::Template;
use lodge_access::{AnswerMode, Authorization, Permission, PermissionSet};
use lodge_forge::{ProviderName, Repository, Visibility};
use lodge_gateway::{
    customer::change::access_path,
    oauth::{ConsentPage, answer::LONGEST_DAYS, consent::AccountChoice},
};
use lodge_kernel::Timestamp;
use url::Url;

use crate::authorize::{
    form::{ConsentForm, KEEP},
    login::Went,
    opener::Opener,
};

/// Up to so many repositories have boxes of their own from the start.
const FEW: usize = 100;

#[derive(Template)]
#[template(path = "consent.html")]
pub(crate) struct ConsentView<'a> {
    problem: Option<&'a str>,
    /// How the login at a host went that the browser comes from.
    login: Option<&'a Went>,
    /// Where accounts can be connected.
    hosts: Vec<HostView<'a>>,
    opener: Opener,
    /// What was approved before is changed: where that is taken.
    change: Option<String>,
    /// Until when it was approved.
    until: Option<String>,
    keep: bool,
    app: &'a str,
    description: Option<&'a str>,
    purpose: Option<&'a str>,
    /// The origin that the answer goes to.
    receiver: String,
    customer: Option<&'a str>,
    vouched: bool,
    transaction: String,
    csrf: &'a str,
    accounts: Vec<AccountView<'a>>,
    permissions: Vec<PermissionView>,
    account_permissions: Vec<PermissionView>,
    periods: Vec<PeriodView>,
    custom: bool,
    custom_days: &'a str,
    longest_days: u32,
}

/// What is said above the page.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Said<'a> {
    /// What is to be corrected.
    Problem(&'a str),
    /// How a login at a host went.
    Login(&'a Went),
}

struct HostView<'a> {
    label: &'a str,
    /// Where a login begins.
    start: String,
}

struct AccountView<'a> {
    /// The account's place on the page.
    number: usize,
    name: &'a str,
    host: &'a str,
    repositories: Vec<RepositoryView<'a>>,
    more: bool,
    problem: Option<&'a str>,
    /// Where the customer connects it again, if need be.
    reconnect: Option<String>,
}

struct RepositoryView<'a> {
    /// The repository's place on the page, which its boxes share.
    number: usize,
    value: String,
    name: &'a str,
    description: Option<&'a str>,
    notes: Vec<&'static str>,
    link: Option<&'a str>,
    ticked: bool,
    /// Its details are in sight.
    open: bool,
    less: PermissionSet,
}

struct PermissionView {
    permission: Permission,
    ticked: bool,
}

struct PeriodView {
    days: &'static str,
    until: String,
    ticked: bool,
}

impl<'a> ConsentView<'a> {
    pub(crate) fn new(
        page: &'a ConsentPage,
        form: &'a ConsentForm,
        opener: Opener,
        said: Option<Said<'a>>,
    ) -> Self {
        let (problem, login) = match said {
            Some(Said::Problem(problem)) => (Some(problem), None),
            Some(Said::Login(went)) => (None, Some(went)),
            None => (None, None),
        };
        let mut number = 0;
        let start = |provider: &ProviderName| {
            let transaction = page.transaction.id;
            format!("/v1/auth/{provider}/start?transaction={transaction}&redirect=1")
        };
        let accounts = page.accounts.iter().enumerate();
        let accounts = accounts.map(|(place, it)| {
            let reconnect = it.needs_reconnect.then(|| start(&it.connection.provider));
            let reconnect = reconnect
                .filter(|_| page.hosts.iter().any(|host| host.provider == it.connection.provider));
            AccountView { reconnect, ..account(place, it, page.given.as_ref(), form, &mut number) }
        });
        let accounts = accounts.collect();
        let hosts = page.hosts.iter();
        let hosts = hosts.map(|it| HostView { label: &it.label, start: start(&it.provider) });
        let permissions = |of_account| {
            let asked = page.scope.iter().filter(|it| it.is_of_account() == of_account);
            asked.map(|it| PermissionView { permission: it, ticked: form.allows(it) }).collect()
        };
        let period = |days: &'static str, count: u64| {
            let until = page.now.plus(Duration::from_hours(24 * count)).to_string();
            PeriodView { days, until: until.chars().take(10).collect(), ticked: form.days == days }
        };
        let changes = page.transaction.answer == AnswerMode::Change;
        let day = |it: Timestamp| it.to_string().chars().take(10).collect::<String>();
        Self {
            problem,
            login,
            change: changes.then(|| access_path(page.app.id)),
            until: page.given.as_ref().map(|it| day(it.expires_at)),
            keep: form.days == KEEP,
            hosts: hosts.collect(),
            opener,
            app: &page.app.name,
            description: page.app.description.as_deref(),
            purpose: page.purpose.as_deref(),
            receiver: origin(&page.transaction.redirect_uri),
            customer: page.customer.name.as_deref().or(page.customer.reference.as_deref()),
            vouched: page.customer.vouched,
            transaction: page.transaction.id.to_string(),
            csrf: &page.csrf,
            accounts,
            permissions: permissions(false),
            account_permissions: permissions(true),
            periods: vec![period("30", 30), period("90", 90)],
            custom: !["30", "90", KEEP].contains(&form.days.as_str()),
            custom_days: &form.custom_days,
            longest_days: LONGEST_DAYS,
        }
    }

    /// A page shows this one inside a frame.
    fn framed(&self) -> bool {
        self.opener != Opener::Nobody
    }

    /// There are so many repositories that only ticked ones have their own
    /// boxes at once.
    fn many(&self) -> bool {
        self.accounts.iter().map(|it| it.repositories.len()).sum::<usize>() > FEW
    }

    /// Accounts are connected, and nothing else: there is nothing to change.
    fn connects_only(&self) -> bool {
        self.change.is_some() && self.until.is_none()
    }

    /// There is something to tick.
    fn can_approve(&self) -> bool {
        !self.connects_only() && self.accounts.iter().any(|it| !it.repositories.is_empty())
    }
}

fn account<'a>(
    place: usize,
    choice: &'a AccountChoice,
    given: Option<&'a Authorization>,
    form: &ConsentForm,
    number: &mut usize,
) -> AccountView<'a> {
    let connection = choice.connection.id;
    let listed: HashSet<_> = choice.repositories.iter().map(|it| &it.id).collect();
    // What the host does not list at the moment stays approved, unless the
    // customer unticks it.
    let unlisted = given.into_iter().flat_map(|it| &it.repositories);
    let unlisted = unlisted.filter(|it| it.connection == connection);
    let unlisted: Vec<_> = unlisted.filter(|it| !listed.contains(&it.repository)).collect();
    let mut repositories = Vec::with_capacity(choice.repositories.len() + unlisted.len());
    repositories.extend(choice.repositories.iter().map(|it| {
        let ticked = form.ticked(&(connection, it.id.clone()));
        let view = RepositoryView {
            number: *number,
            value: format!("{number} {connection} {}", it.id),
            name: &it.full_name,
            description: it.description.as_deref().filter(|it| !it.is_empty()),
            notes: notes(it),
            link: it.web_url.as_deref().filter(|it| is_web_link(it)),
            ticked: ticked.is_some(),
            open: ticked.is_some_and(|less| form.refine || !less.is_empty()),
            less: ticked.unwrap_or_default(),
        };
        *number += 1;
        view
    }));
    repositories.extend(unlisted.into_iter().map(|it| {
        let ticked = form.ticked(&(connection, it.repository.clone()));
        let view = RepositoryView {
            number: *number,
            value: format!("{number} {connection} {}", it.repository),
            name: &it.full_name,
            description: None,
            notes: vec!["not listed by its host now"],
            link: None,
            ticked: ticked.is_some(),
            open: ticked.is_some_and(|less| form.refine || !less.is_empty()),
            less: ticked.unwrap_or_default(),
        };
        *number += 1;
        view
    }));
    AccountView {
        number: place,
        name: &choice.connection.account,
        host: &choice.provider_label,
        repositories,
        more: choice.more,
        problem: choice.problem.as_deref(),
        reconnect: None,
    }
}

fn notes(repository: &Repository) -> Vec<&'static str> {
    let visibility = match repository.visibility {
        Visibility::Public => "public",
        Visibility::Internal => "internal",
        Visibility::Private => "private",
    };
    let mut notes = vec![visibility];
    notes.extend((repository.archived == Some(true)).then_some("archived"));
    notes.extend((repository.fork == Some(true)).then_some("fork"));
    notes
}

/// A host could name any address, `javascript:` among them.
fn is_web_link(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn origin(redirect_uri: &str) -> String {
    let url = Url::parse(redirect_uri);
    url.map_or_else(|_not_a_url| redirect_uri.to_owned(), |it| it.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_the_web_becomes_a_link() {
        assert!(is_web_link("https://git.example/acme/web"));
        for wrong in ["javascript:alert(1)", "data:text/html,x", "//git.example", "", " http:x y"] {
            assert!(!is_web_link(wrong), "{wrong}");
        }
    }
}
