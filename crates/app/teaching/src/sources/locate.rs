//! What stands at an address, before anything is made of it.

use lodge_access::Role;
use lodge_courses::{Act, TokenScope};
use lodge_forge::ProviderName;
use lodge_kernel::{ConnectionId, TenantId, Timestamp};
use lodge_pagination::{Limit, PageRequest};
use lodge_provider::{Account, CourseHost, Depth, Located, ProviderError};
use lodge_storage::Listing;

use super::account::{account, check_connection, may_use_own};
use crate::{Caller, Person, Teaching, TeachingError, standing::standing};

/// The longest address, in bytes.
const LONGEST: usize = 1_024;
/// In how many courses of a viewer it is looked whether they run one.
const SOME: usize = 100;

/// What other organisations do without the operator's account.
pub(super) const NOT_OWN: &str = "the operator's own account is for the operator's organisation: \
                                  connect an account with a token, and name it";

/// What somebody says of where a course is.
#[derive(Clone, Debug, Default)]
pub struct Address {
    /// As it stands in a browser's address line, or a path.
    pub url: String,
    /// The host's name here; found by the address otherwise.
    pub host: Option<String>,
    /// The account; the operator's own otherwise.
    pub connection: Option<ConnectionId>,
}

/// What would be brought in.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The host.
    pub host: ProviderName,
    /// What stands there.
    pub located: Located,
    /// How many teams it would be.
    pub teams: usize,
    /// How many projects were counted.
    pub projects: usize,
    /// There are more than were counted.
    pub more: bool,
}

/// Something that was found at a host.
pub(super) struct Place {
    pub(super) host: ProviderName,
    pub(super) account: Account,
    pub(super) located: Located,
}

impl Teaching {
    /// Says what stands at an address, and what would be brought in.
    ///
    /// # Errors
    ///
    /// [`TeachingError::Invalid`] with what is wrong with the address or the
    /// account, [`TeachingError::Host`].
    #[tracing::instrument(name = "teaching.parse_address", skip_all)]
    pub async fn parse_address(
        &self,
        caller: &Caller,
        address: &Address,
    ) -> Result<Preview, TeachingError> {
        self.may_look(caller).await?;
        let place = self.locate(caller, address).await?;
        let host = self.course_host(&place.host)?;
        let counted = count(host, &place).await;
        let (teams, projects, more) =
            counted.map_err(|error| refused(&place.host, &error, self.now()))?;
        Ok(Preview { host: place.host, located: place.located, teams, projects, more })
    }

    /// Who makes courses, or runs one, may ask hosts for what could be brought in.
    async fn may_look(&self, caller: &Caller) -> Result<(), TeachingError> {
        caller.check_scope(TokenScope::CoursesWrite)?;
        let Caller::Person(Person { role: Role::Viewer, .. }) = caller else { return Ok(()) };
        for course in self.list_courses(caller, None, &Listing::first(SOME)).await? {
            let mut work = self.storage.read().await?;
            let known = standing(&mut *work, caller, course.id).await?;
            if known.may(Act::ManageCourse).is_ok() {
                return Ok(());
            }
        }
        Err(TeachingError::Viewer)
    }

    /// Finds what stands at an address.
    pub(super) async fn locate(
        &self,
        caller: &Caller,
        address: &Address,
    ) -> Result<Place, TeachingError> {
        let text = address.url.trim();
        if text.is_empty() || text.len() > LONGEST || text.contains(char::is_control) {
            let problem = "the address of a group or a project, for example \
                           https://gitlab.com/group/course";
            return Err(TeachingError::invalid("url", problem));
        }
        // An installation without a course has no organisation yet.
        let tenant = caller.tenant().unwrap_or(TenantId::nil());
        let connected = match address.connection {
            Some(id) => {
                let mut work = self.storage.read().await?;
                Some(check_connection(&mut *work, tenant, id).await?)
            }
            None => None,
        };
        let is_own = connected.is_none();
        let name = self.host_name(address, connected)?;
        if is_own && !may_use_own(&mut *self.storage.read().await?, tenant).await? {
            return Err(TeachingError::invalid("connection_id", NOT_OWN));
        }
        let account = account(tenant, address.connection);
        let host = self.course_host(&name)?;
        let located = host.locate(account, text).await;
        let located = located.map_err(|error| refused(&name, &error, self.now()))?;
        Ok(Place { host: name, account, located })
    }

    /// The host that is meant: of the connection, or the one that is named, or
    /// `local` for a path, or `gitlab`.
    fn host_name(
        &self,
        address: &Address,
        connected: Option<ProviderName>,
    ) -> Result<ProviderName, TeachingError> {
        let url = address.url.trim();
        let is_url = url.contains("://") && !url.starts_with("file://");
        let named = address.host.as_deref();
        if let Some(connected) = connected {
            if named.is_some_and(|it| it != connected.as_str()) {
                let problem = format!("the connection is at the host `{connected}`");
                return Err(TeachingError::invalid("host", problem));
            }
            return Ok(connected);
        }
        let usual =
            if is_url || self.course_host_named("local").is_none() { "gitlab" } else { "local" };
        let name = named.unwrap_or(usual);
        self.course_host_named(name).ok_or_else(|| {
            let problem = format!(
                "there is no host `{name}` here that courses can be brought in from: there are {}",
                self.course_hosts(),
            );
            TeachingError::invalid("host", problem)
        })
    }

    fn course_host_named(&self, name: &str) -> Option<ProviderName> {
        let (name, _) = self.workshop.hosts.find(name)?;
        self.workshop.hosts.courses(name).map(|_| name.clone())
    }

    fn course_hosts(&self) -> String {
        let names = self.workshop.hosts.iter().map(|it| it.name());
        let able = names.filter(|it| self.workshop.hosts.courses(it).is_some());
        let names: Vec<_> = able.map(|it| format!("`{it}`")).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }

    /// How courses are brought in from the host `name`.
    pub(super) fn course_host(
        &self,
        name: &ProviderName,
    ) -> Result<&dyn CourseHost, TeachingError> {
        let host = self.workshop.hosts.courses(name);
        let missing = || {
            let problem = format!("courses cannot be brought in from the host `{name}`");
            TeachingError::invalid("host", problem)
        };
        host.map(|it| &**it).ok_or_else(missing)
    }
}

/// Teams, projects, and whether there are more, as far as first pages tell.
async fn count(
    host: &dyn CourseHost,
    place: &Place,
) -> Result<(usize, usize, bool), ProviderError> {
    let Located::Group(group) = &place.located else { return Ok((1, 1, false)) };
    let page = || PageRequest { from: None, limit: Limit::MAX };
    let (account, id) = (place.account, &*group.id);
    let groups = host.list_groups(account, id, page()).await?;
    let direct = host.list_projects(account, id, Depth::Direct, page()).await?;
    let all = host.list_projects(account, id, Depth::All, page()).await?;
    let more = groups.next.is_some() || direct.next.is_some() || all.next.is_some();
    Ok((groups.items.len() + direct.items.len(), all.items.len(), more))
}

/// What a teacher does when the host `name` does not answer what was asked.
pub(super) fn refused(name: &ProviderName, error: &ProviderError, now: Timestamp) -> TeachingError {
    let url = |problem: String| TeachingError::invalid("url", problem);
    let account = |problem: String| TeachingError::invalid("connection_id", problem);
    match error.cause() {
        ProviderError::RepositoryNotFound | ProviderError::NotFound { .. } => url(format!(
            "the account sees no group and no project there on `{name}`: check the address, or \
             let the account in at the host"
        )),
        ProviderError::Invalid { problem } => url(problem.clone()),
        ProviderError::CredentialsRefused => account(format!(
            "`{name}` takes no credentials of ours: set GITLAB_TOKEN, or connect an account with \
             a token and name it"
        )),
        ProviderError::Forbidden
        | ProviderError::InsufficientScope
        | ProviderError::InstallationNotFound => account(format!(
            "the account lacks a right on `{name}` that this needs: its token must have the \
             scope `api`, or `read_api` where webhooks are made by hand"
        )),
        ProviderError::RateLimited { retry_at } => TeachingError::Host {
            problem: format!("`{name}` was asked too often"),
            wait: Some(retry_at.since(now)),
        },
        other => {
            tracing::warn!(host = %name, error = %error, "a host did not answer");
            TeachingError::Host { problem: format!("`{name}`: {other}"), wait: None }
        }
    }
}
