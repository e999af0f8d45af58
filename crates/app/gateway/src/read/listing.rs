//! What the reads of one repository share: deciding, asking for a page, and
//! reviewing what comes back.

use lodge_access::{Grant, Permission, RepositoryConsent};
use lodge_firewall::{Firewall, Review, Tally};
use lodge_forge::{ProviderName, RepositoryId, Resource, Support};
use lodge_kernel::{ConnectionId, Timestamp};
use lodge_pagination::{CursorScope, Limit, Page, PageRequest, open_cursor, seal_cursor};
use lodge_provider::{Account, GitProvider, ProviderError, RepositoryRef};

use crate::{Gateway, read::ReadError};

/// A repository, as it stands in the URL.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The host's name.
    pub provider: &'a str,
    /// The repository's id there.
    pub repository: &'a str,
}

/// A page, as it stands in the query.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paging<'a> {
    /// How many items.
    pub limit: Option<&'a str>,
    /// Where to go on.
    pub cursor: Option<&'a str>,
}

/// What a read gives: data that was reviewed, and how it came about.
#[derive(Debug)]
pub struct Answer<T> {
    /// The data.
    pub data: T,
    /// The page size that was used.
    pub limit: Limit,
    /// The cursor of the next page; `None` on the last.
    pub next_cursor: Option<String>,
    /// There is more, with or without a cursor to it.
    pub has_more: bool,
    /// What the firewall did.
    pub tally: Tally,
    /// Through which account it was read; `None` for several.
    pub connection: Option<ConnectionId>,
}

/// A repository that the caller may read.
pub(crate) struct Approved<'a> {
    pub(crate) grant: &'a Grant,
    pub(crate) consent: &'a RepositoryConsent,
    pub(crate) host: &'a dyn GitProvider,
    now: Timestamp,
}

/// A page that the caller may read.
pub(crate) struct Listing<'a> {
    pub(crate) approved: Approved<'a>,
    pub(crate) page: PageRequest,
    operation: &'a str,
    filters: &'a [(&'a str, &'a str)],
}

impl Gateway {
    /// Decides whether `grant` may read `resource` of the repository.
    pub(crate) fn approve<'a>(
        &'a self,
        grant: &'a Grant,
        permission: Permission,
        resource: Resource,
        ask: Ask<'_>,
    ) -> Result<Approved<'a>, ReadError> {
        let now = self.now();
        grant.check(permission, now)?;
        let (name, host) = self.host(ask.provider)?;
        let id = RepositoryId::parse(ask.repository)?;
        let consent = grant.check_repository(permission, name, &id, now)?;
        if host.capabilities().of(resource) == Support::Unsupported {
            let source = ProviderError::Unsupported { resource };
            return Err(ReadError::Provider { provider: name.clone(), source });
        }
        Ok(Approved { grant, consent, host, now })
    }

    /// The host of that name.
    pub(crate) fn host(&self, name: &str) -> Result<(&ProviderName, &dyn GitProvider), ReadError> {
        let unknown = || ReadError::UnknownProvider { given: name.chars().take(64).collect() };
        let (name, host) = self.providers.find(name).ok_or_else(unknown)?;
        Ok((name, &**host))
    }

    /// Reads limit and cursor. `filters` are part of what a cursor is bound to.
    pub(crate) fn page<'a>(
        &self,
        approved: Approved<'a>,
        operation: &'a str,
        filters: &'a [(&'a str, &'a str)],
        paging: Paging<'_>,
    ) -> Result<Listing<'a>, ReadError> {
        let limit = Limit::parse(paging.limit)?;
        let page = PageRequest { from: None, limit };
        let mut listing = Listing { approved, page, operation, filters };
        if let Some(cursor) = paging.cursor {
            let scope = listing.scope()?;
            let from = open_cursor(&*self.keys, &scope, cursor, listing.approved.now)?;
            listing.page.from = Some(from);
        }
        Ok(listing)
    }

    /// Reviews a page and seals the cursor of the next.
    pub(crate) fn close<T: Review>(
        &self,
        listing: &Listing<'_>,
        page: Result<Page<T>, ProviderError>,
    ) -> Result<Answer<Vec<T>>, ReadError> {
        let approved = &listing.approved;
        let page = page.map_err(|source| approved.failed(source))?;
        let scope = listing.scope()?;
        let next_cursor =
            page.next.map(|next| seal_cursor(&*self.keys, &scope, &next, approved.now));
        let mut tally = Tally::default();
        let data = self.review_all(approved.grant, page.items, &mut tally);
        Ok(Answer {
            data,
            limit: listing.page.limit,
            has_more: next_cursor.is_some(),
            next_cursor,
            tally,
            connection: Some(approved.consent.connection),
        })
    }

    /// Reviews one thing.
    pub(crate) fn close_one<T: Review>(
        &self,
        approved: &Approved<'_>,
        thing: Result<T, ProviderError>,
    ) -> Result<Answer<T>, ReadError> {
        let thing = thing.map_err(|source| approved.failed(source))?;
        let mut tally = Tally::default();
        let mut kept = self.review_all(approved.grant, vec![thing], &mut tally);
        // Held back whole, it is not there for the caller.
        let data = kept
            .pop()
            .ok_or_else(|| approved.failed(ProviderError::NotFound { what: "resource" }))?;
        Ok(Answer {
            data,
            limit: Limit::default(),
            next_cursor: None,
            has_more: false,
            tally,
            connection: Some(approved.consent.connection),
        })
    }

    /// Everything that may leave, reviewed.
    pub(crate) fn review_all<T: Review>(
        &self,
        grant: &Grant,
        items: Vec<T>,
        tally: &mut Tally,
    ) -> Vec<T> {
        if !self.policies.firewall {
            return items;
        }
        let rules = self.rules();
        let firewall = Firewall::new(&rules, &*self.keys, grant.token.tenant);
        items.into_iter().filter_map(|it| it.review(&firewall, tally)).collect()
    }
}

impl Approved<'_> {
    /// The repository, as the host is asked for it.
    pub(crate) fn reference(&self) -> RepositoryRef {
        let account =
            Account { tenant: self.grant.token.tenant, connection: self.consent.connection };
        RepositoryRef { account, id: self.consent.repository.clone() }
    }

    fn failed(&self, source: ProviderError) -> ReadError {
        ReadError::Provider { provider: self.consent.provider.clone(), source }
    }
}

impl<'a> Listing<'a> {
    fn scope(&'a self) -> Result<CursorScope<'a>, ReadError> {
        let grant = self.approved.grant;
        let authorization =
            grant.token.authorization.ok_or(lodge_access::Refusal::ApprovalRequired)?;
        Ok(CursorScope {
            authorization,
            operation: self.operation,
            provider: self.approved.consent.provider.as_str(),
            repository: self.approved.consent.repository.as_str(),
            filters: self.filters,
        })
    }
}
