//! Sums over the journal, each one grouped scan of the window.

use std::time::Duration;

use diesel::{
    prelude::QueryableByName,
    sql_types::{BigInt, Text},
};
use diesel_async::RunQueryDsl;
use lodge_access::{UsageFilter, UsageSummary, UsageSums, usage::DURATION_STEPS};
use lodge_kernel::{RequestId, TenantId, Timestamp};
use lodge_storage::StorageError;

use super::{super::Id, Conn, Db, Key};
use crate::{
    convert::{Row, column},
    error::about,
};

/// Of one group.
#[derive(QueryableByName)]
struct Sums {
    #[diesel(sql_type = BigInt)]
    requests: i64,
    #[diesel(sql_type = BigInt)]
    errors: i64,
    #[diesel(sql_type = BigInt)]
    items: i64,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
    #[diesel(sql_type = BigInt)]
    withheld: i64,
    #[diesel(sql_type = BigInt)]
    masked: i64,
    #[diesel(sql_type = BigInt)]
    upstream_calls: i64,
}

const SUMS: &str = "count(*) AS requests, \
    count(CASE WHEN status >= 400 THEN 1 END) AS errors, \
    CAST(sum(items) AS BIGINT) AS items, CAST(sum(bytes) AS BIGINT) AS bytes, \
    CAST(sum(withheld) AS BIGINT) AS withheld, CAST(sum(masked) AS BIGINT) AS masked, \
    CAST(sum(upstream_calls) AS BIGINT) AS upstream_calls";

macro_rules! group {
    ($name:ident { $($field:ident: $type:ty, $sql:ty;)+ }) => {
        #[derive(QueryableByName)]
        struct $name {
            $(#[diesel(sql_type = $sql)] $field: $type,)+
            #[diesel(embed)]
            sums: Sums,
        }
    };
}

group!(Slot { at: i64, BigInt; });
group!(OfClient { client_id: Key, Id; });
group!(Named { name: String, Text; });
group!(OfRepository { provider: String, Text; name: String, Text; });

/// How many reads took how long.
#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = BigInt)]
    micros: i64,
    #[diesel(sql_type = BigInt)]
    requests: i64,
}

impl TryFrom<Sums> for UsageSums {
    type Error = StorageError;

    fn try_from(it: Sums) -> Result<Self, StorageError> {
        let row = Row("usage row");
        Ok(Self {
            requests: row.number(it.requests)?,
            errors: row.number(it.errors)?,
            items: row.number(it.items)?,
            bytes: row.number(it.bytes)?,
            withheld: row.number(it.withheld)?,
            masked: row.number(it.masked)?,
            upstream_calls: row.number(it.upstream_calls)?,
        })
    }
}

/// See [`lodge_storage::UsageRepository::summary`].
pub(super) async fn summary(
    conn: &mut Conn,
    tenant: TenantId,
    filter: &UsageFilter,
    slot: Duration,
    top: usize,
) -> Result<UsageSummary, StorageError> {
    let row = Row("usage row");
    let meant = Meant { tenant, filter };
    let width = column(slot.as_micros()).max(1);
    let slots = format!("SELECT at / {width} * {width} AS at, {SUMS}");
    let slots: Vec<Slot> = meant.grouped(conn, &slots, "GROUP BY 1 ORDER BY 1").await?;
    let steps = format!("SELECT {} AS micros, count(*) AS requests", steps());
    let steps: Vec<Step> = meant.grouped(conn, &steps, "GROUP BY 1 ORDER BY 1").await?;

    let most = |keys: &str| format!("GROUP BY {keys} ORDER BY requests DESC, {keys} LIMIT {top}");
    let clients = format!("SELECT client_id, {SUMS}");
    let clients: Vec<OfClient> = meant.grouped(conn, &clients, &most("client_id")).await?;
    let endpoints = format!("SELECT endpoint AS name, {SUMS}");
    let endpoints: Vec<Named> = meant.grouped(conn, &endpoints, &most("endpoint")).await?;
    let providers = format!("SELECT provider AS name, {SUMS}");
    let some = "AND provider IS NOT NULL";
    let providers: Vec<Named> =
        meant.grouped(conn, &providers, &format!("{some} {}", most("provider"))).await?;
    let repositories = format!("SELECT provider, repository_id AS name, {SUMS}");
    let some = "AND provider IS NOT NULL AND repository_id IS NOT NULL";
    let repositories: Vec<OfRepository> = meant
        .grouped(conn, &repositories, &format!("{some} {}", most("provider, repository_id")))
        .await?;

    let slots = slots.into_iter().map(|it| {
        Ok::<_, StorageError>((Timestamp::from_micros(it.at), UsageSums::try_from(it.sums)?))
    });
    let durations = steps.into_iter().map(|it| {
        let duration = Duration::from_micros(row.number(it.micros)?);
        Ok::<_, StorageError>((duration, row.number(it.requests)?))
    });
    let clients = clients
        .into_iter()
        .map(|it| Ok::<_, StorageError>((it.client_id.into(), UsageSums::try_from(it.sums)?)));
    let endpoints = endpoints
        .into_iter()
        .map(|it| Ok::<_, StorageError>((it.name, UsageSums::try_from(it.sums)?)));
    let providers = providers
        .into_iter()
        .map(|it| Ok::<_, StorageError>((row.provider(&it.name)?, UsageSums::try_from(it.sums)?)));
    let repositories = repositories.into_iter().map(|it| {
        let (provider, id) = (row.provider(&it.provider)?, row.repository(&it.name)?);
        Ok::<_, StorageError>((provider, id, UsageSums::try_from(it.sums)?))
    });
    Ok(UsageSummary {
        slots: slots.collect::<Result<_, _>>()?,
        durations: durations.collect::<Result<_, _>>()?,
        clients: clients.collect::<Result<_, _>>()?,
        endpoints: endpoints.collect::<Result<_, _>>()?,
        providers: providers.collect::<Result<_, _>>()?,
        repositories: repositories.collect::<Result<_, _>>()?,
    })
}

/// [`lodge_access::usage::duration_step`] in SQL.
fn steps() -> String {
    let steps = DURATION_STEPS
        .map(|(end, step)| format!("WHEN duration < {end} THEN duration / {step} * {step}"));
    format!("CASE {} ELSE 10000000 END", steps.join(" "))
}

/// Which rows are grouped.
struct Meant<'a> {
    tenant: TenantId,
    filter: &'a UsageFilter,
}

impl Meant<'_> {
    async fn grouped<T>(
        &self,
        conn: &mut Conn,
        what: &str,
        how: &str,
    ) -> Result<Vec<T>, StorageError>
    where
        T: QueryableByName<Db> + Send + 'static,
    {
        let filter = self.filter;
        let mut text = format!(
            "{what} FROM usage WHERE tenant_id = $1 AND request_id >= $2 AND request_id < $3"
        );
        // A parameter that is numbered in the order of its first appearance has
        // the same number in both dialects.
        let mut number = 3;
        let mut also = |given: bool, name: &str| {
            if given {
                number += 1;
                text.push_str(&format!(" AND {name} = ${number}"));
            }
        };
        also(filter.client.is_some(), "client_id");
        also(filter.endpoint.is_some(), "endpoint");
        also(filter.provider.is_some(), "provider");
        also(filter.repository.is_some(), "repository_id");
        if filter.failed {
            text.push_str(" AND status >= 400");
        }
        let window = filter.window;
        let mut query = diesel::sql_query(format!("{text} {how}"))
            .into_boxed::<Db>()
            .bind::<Id, _>(Key::from(self.tenant))
            .bind::<Id, _>(Key::from(RequestId::earliest(window.from)))
            .bind::<Id, _>(Key::from(RequestId::earliest(window.to)));
        if let Some(client) = filter.client {
            query = query.bind::<Id, _>(Key::from(client));
        }
        if let Some(endpoint) = &filter.endpoint {
            query = query.bind::<Text, _>(endpoint.clone());
        }
        if let Some(provider) = &filter.provider {
            query = query.bind::<Text, _>(provider.to_string());
        }
        if let Some(repository) = &filter.repository {
            query = query.bind::<Text, _>(repository.to_string());
        }
        query.load(conn).await.map_err(about("usage row"))
    }
}
