//! The journal, row by row.

use lodge_access::{App, UsageFilter, UsageRow};
use lodge_forge::{ProviderName, RepositoryId};
use lodge_kernel::{ClientId, CustomerId, RequestId, TenantId};

use super::window::{UsageError, window};
use crate::Gateway;

/// How many rows can be left out by `offset`: who goes further uses the cursor,
/// which does not get slower.
pub const MOST_OFFSET: usize = 10_000;

/// Which rows, as they stand in a query.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogQuery<'a> {
    /// From when.
    pub from: Option<&'a str>,
    /// Until when.
    pub to: Option<&'a str>,
    /// One app.
    pub client: Option<&'a str>,
    /// One customer.
    pub customer: Option<CustomerId>,
    /// One operation.
    pub endpoint: Option<&'a str>,
    /// One host.
    pub provider: Option<&'a str>,
    /// One repository.
    pub repository: Option<&'a str>,
    /// Only what was refused or failed.
    pub failed: bool,
    /// How many rows to leave out.
    pub offset: usize,
    /// The request after which to go on.
    pub before: Option<RequestId>,
}

/// One page of the journal.
#[derive(Debug)]
pub struct LogPage {
    /// Newest first.
    pub rows: Vec<UsageRow>,
    /// There are more.
    pub has_more: bool,
}

/// One request, with what is known of it.
#[derive(Debug)]
pub struct LoggedRequest {
    /// Its row.
    pub row: UsageRow,
    /// The app, deleted or not.
    pub app: Option<App>,
}

impl LogQuery<'_> {
    /// What the database is asked.
    pub(super) fn filter(&self, now: lodge_kernel::Timestamp) -> Result<UsageFilter, UsageError> {
        let provider = self.provider.map(ProviderName::parse).transpose();
        let repository = self.repository.map(RepositoryId::parse).transpose();
        let endpoint = self.endpoint.map(|it| it.chars().take(100).collect());
        Ok(UsageFilter {
            client: app(self.client)?,
            customer: self.customer,
            provider: provider.map_err(|it| UsageError::invalid(format!("`provider`: {it}")))?,
            repository: repository
                .map_err(|error| UsageError::invalid(format!("`repositoryId`: {error}")))?,
            endpoint,
            failed: self.failed,
            ..UsageFilter::all(window(self.from, self.to, now)?)
        })
    }
}

/// One app, if there is one in the query.
pub(super) fn app(client: Option<&str>) -> Result<Option<ClientId>, UsageError> {
    let client = client.map(str::parse).transpose();
    client.map_err(|error| UsageError::invalid(format!("`clientId`: {error}")))
}

impl Gateway {
    /// One page of what the apps of `tenant` read.
    ///
    /// # Errors
    ///
    /// [`UsageError`].
    #[tracing::instrument(name = "usage.list_requests", skip_all)]
    pub async fn list_requests(
        &self,
        tenant: TenantId,
        query: LogQuery<'_>,
        limit: usize,
    ) -> Result<LogPage, UsageError> {
        let filter = query.filter(self.now())?;
        if query.offset > MOST_OFFSET {
            return Err(UsageError::invalid(format!(
                "`offset` is at most {MOST_OFFSET}: go on with `cursor`"
            )));
        }
        let mut work = self.storage.read().await?;
        let mut rows =
            work.usage().page(tenant, &filter, query.before, query.offset, limit + 1).await?;
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        Ok(LogPage { rows, has_more })
    }

    /// One request of an app of `tenant`.
    ///
    /// # Errors
    ///
    /// [`UsageError`].
    #[tracing::instrument(name = "usage.find_request", skip_all)]
    pub async fn find_request(
        &self,
        tenant: TenantId,
        request: RequestId,
    ) -> Result<LoggedRequest, UsageError> {
        let mut work = self.storage.read().await?;
        let row = work.usage().find(tenant, request).await?.ok_or(UsageError::NotFound)?;
        let app = work.apps().find(row.client).await?.filter(|it| it.tenant == tenant);
        Ok(LoggedRequest { row, app })
    }
}
