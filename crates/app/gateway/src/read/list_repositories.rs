//! One page of the approved repositories.

use lodge_access::{Authorization, Grant, Permission, Refusal};
use lodge_firewall::Tally;
use lodge_forge::{ProviderName, Repository};
use lodge_kernel::{ConnectionId, Timestamp};
use lodge_pagination::{CursorScope, Limit, Page, PageRequest, Position, open_cursor, seal_cursor};
use lodge_provider::{Account, GitProvider, ProviderError};

use crate::{
    Gateway,
    read::{Answer, Paging, ReadError},
};

/// The pair of a position that says which of several accounts is listed.
const VIA: &str = "via";

impl Gateway {
    /// One page of the approved repositories of `provider`, or, without a
    /// cursor, the first ones of every provider.
    ///
    /// A page holds what was approved among the host's next `limit`
    /// repositories: it may be short or empty and still have a next one.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before a host hears of it.
    pub async fn list_repositories(
        &self,
        grant: &Grant,
        provider: Option<&str>,
        paging: Paging<'_>,
    ) -> Result<Answer<Vec<Repository>>, ReadError> {
        let now = self.now();
        let authorization = grant.check(Permission::ReadRepositories, now)?;
        let connected = providers_of(authorization);
        let single = match (provider, connected.as_slice()) {
            (Some(given), _) => Some(self.host(given)?.0),
            (None, [only]) => Some(*only),
            (None, _) => None,
        };
        if let Some(name) = single {
            return self.list_of(grant, authorization, name, paging, now).await;
        }
        let limit = Limit::parse(paging.limit)?;
        if paging.cursor.is_some() {
            return Err(ReadError::PaginationNotSupported);
        }
        let mut all = empty(limit);
        for name in connected {
            let one = self.list_of(grant, authorization, name, paging, now).await?;
            all.has_more |= one.has_more;
            all.tally.masked += one.tally.masked;
            all.tally.withheld.extend(one.tally.withheld);
            all.data.extend(one.data);
        }
        all.has_more |= all.data.len() > limit.get();
        all.data.truncate(limit.get());
        Ok(all)
    }

    async fn list_of(
        &self,
        grant: &Grant,
        authorization: &Authorization,
        name: &ProviderName,
        paging: Paging<'_>,
        now: Timestamp,
    ) -> Result<Answer<Vec<Repository>>, ReadError> {
        let (name, host) = self.host(name.as_str())?;
        let accounts = authorization.connections.iter().filter(|(_, it)| it == name);
        let accounts: Vec<ConnectionId> = accounts.map(|(id, _)| *id).collect();
        let refused = || Refusal::NotConnected { provider: name.clone() };
        let first = *accounts.first().ok_or_else(refused)?;
        let scope = CursorScope {
            authorization: authorization.id,
            operation: "repositories.list",
            provider: name.as_str(),
            repository: "",
            filters: &[],
        };
        let limit = Limit::parse(paging.limit)?;
        let from = match paging.cursor {
            Some(cursor) => Some(open_cursor(&*self.keys, &scope, cursor, now)?),
            None => None,
        };
        let via = from.as_ref().and_then(|it| it.get(VIA)).and_then(|it| it.parse().ok());
        let connection = via.filter(|it| accounts.contains(it)).unwrap_or(first);
        let account = Account { tenant: grant.token.tenant, connection };

        let failed = |source| ReadError::Provider { provider: name.clone(), source };
        let page =
            list_through(host, account, PageRequest { from, limit }).await.map_err(failed)?;

        let after = accounts.iter().skip_while(|it| **it != connection).nth(1);
        let next = match (page.next, after) {
            (Some(next), _) => Some(next.with(VIA, connection.to_string())),
            (None, Some(after)) => Some(Position::new().with(VIA, after.to_string())),
            (None, None) => None,
        };
        let next = next.transpose().map_err(|_too_long| failed(ProviderError::Position))?;
        let approved = |it: &Repository| {
            let consent = grant.consent(name, &it.id);
            consent.is_some_and(|it| {
                it.connection == connection
                    && now < it.expires_at
                    && it.permissions.contains(Permission::ReadRepositories)
            })
        };
        let items = page.items.into_iter().filter(approved).collect();
        let mut answer = empty(limit);
        answer.data = self.review_all(grant, items, &mut answer.tally);
        answer.next_cursor = next.map(|next| seal_cursor(&*self.keys, &scope, &next, now));
        answer.has_more = answer.next_cursor.is_some();
        answer.connection = Some(connection);
        Ok(answer)
    }
}

/// A page of one account, whose position does not know of the others.
async fn list_through(
    host: &dyn GitProvider,
    account: Account,
    page: PageRequest,
) -> Result<Page<Repository>, ProviderError> {
    // The first page of a later account has a position with nothing but VIA.
    let from = page.from.map(|it| it.without(VIA)).filter(|it| !it.is_empty());
    host.list_repositories(account, PageRequest { from, limit: page.limit }).await
}

fn providers_of(authorization: &Authorization) -> Vec<&ProviderName> {
    let mut names: Vec<_> = authorization.connections.iter().map(|(_, name)| name).collect();
    names.sort();
    names.dedup();
    names
}

fn empty(limit: Limit) -> Answer<Vec<Repository>> {
    Answer {
        data: Vec::new(),
        limit,
        next_cursor: None,
        has_more: false,
        tally: Tally::default(),
        connection: None,
    }
}
