//! One instance of Gitea or Forgejo: how it is asked, and what is remembered.

use std::{sync::Arc, time::Duration};

use lodge_forge::{ProviderName, Resource};
use lodge_pagination::{Page, PageRequest};
use lodge_provider::{Account, ProviderError, RepositoryRef};
use lodge_provider_kit::{Answer, Base, BaseError, Call, Few, HostClient, Kit, Marks, People};
use moka::sync::Cache;
use serde::Deserialize;

use crate::{
    dialect::GiteaDialect,
    paging::Spot,
    payload::{repository::RepositoryPayload, settings::SettingsPayload},
    place::{Place, Places},
};

/// How long the server's settings are believed.
const SETTINGS_FOR: Duration = Duration::from_hours(1);

/// One instance.
pub(crate) struct Instance {
    pub(crate) name: ProviderName,
    pub(crate) api: Base,
    pub(crate) client: HostClient,
    pub(crate) people: People,
    places: Places,
    /// The most items that the server puts on a page.
    most_items: Cache<(), usize>,
}

impl Instance {
    pub(crate) fn open(name: ProviderName, address: &Base, kit: &Kit) -> Result<Self, BaseError> {
        let api = Base::parse(&format!("{}/api/v1", address.url().as_str().trim_end_matches('/')))?;
        Ok(Self {
            name,
            api,
            client: kit.client(GiteaDialect),
            people: People::default(),
            places: Places::default(),
            most_items: Cache::builder().max_capacity(1).time_to_live(SETTINGS_FOR).build(),
        })
    }

    /// Asks about a repository, wherever it is by now. A 404 means that the
    /// part is missing that the call names: the repository is there.
    pub(crate) async fn ask(
        &self,
        at: &RepositoryRef,
        call: impl Fn(Call) -> Call + Send + Sync,
    ) -> Result<Answer, ProviderError> {
        let call = |place: &Place| call(Call::get(&self.api, place.path()));
        let Some(place) = self.places.of(at) else {
            let place = self.look_up(at).await?;
            return self.client.send(at.account, call(&place)).await;
        };
        let answer = self.client.send(at.account, call(&place)).await;
        if !matches!(&answer, Err(ProviderError::Answered { status: 404, .. })) {
            return answer;
        }
        // The part is missing, or the repository is gone or has another name.
        let now = self.look_up(at).await?;
        if now.is_named_as(&place) {
            answer
        } else {
            self.client.send(at.account, call(&now)).await
        }
    }

    /// Where a repository is, as it was lately.
    pub(crate) async fn place(&self, at: &RepositoryRef) -> Result<Arc<Place>, ProviderError> {
        match self.places.of(at) {
            Some(place) => Ok(place),
            None => self.look_up(at).await,
        }
    }

    /// Where a repository is now.
    pub(crate) async fn look_up(&self, at: &RepositoryRef) -> Result<Arc<Place>, ProviderError> {
        let answer = self.describe(at).await?;
        let payload: RepositoryPayload<'_> = answer.json(Resource::Repositories)?;
        let place = Arc::new(payload.place()?);
        self.places.keep(at, Arc::clone(&place));
        Ok(place)
    }

    /// What the host says of a repository.
    pub(crate) async fn describe(&self, at: &RepositoryRef) -> Result<Answer, ProviderError> {
        let id = at.id.as_str();
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ProviderError::RepositoryNotFound);
        }
        self.client.send(at.account, Call::get(&self.api, ["repositories", id])).await
    }

    /// The page that `answer` is, of the listing called `kind`.
    pub(crate) async fn page<T>(
        &self,
        kind: &str,
        account: Account,
        (spot, request): (Spot, &PageRequest),
        answer: &Answer,
        items: Vec<T>,
    ) -> Result<Page<T>, ProviderError> {
        let more = self.goes_on(account, spot, answer, items.len()).await?;
        let (items, next) = spot.turn(items, request.limit, more);
        let next = match next {
            Some(next) => Some(next.mark(Marks::of(kind)?)?.done()),
            None => None,
        };
        Ok(Page { items, next })
    }

    /// There is a page after `answer`, which has `count` items.
    pub(crate) async fn goes_on(
        &self,
        account: Account,
        spot: Spot,
        answer: &Answer,
        count: usize,
    ) -> Result<bool, ProviderError> {
        if count == 0 {
            return Ok(false);
        }
        if answer.header("link").is_some() {
            return Ok(answer.next_query().is_some());
        }
        // A listing of one page has no links; tags never have any, and on
        // older servers no total.
        if let Some(total) = answer.header("x-total-count").and_then(|it| it.parse::<u64>().ok()) {
            let seen = spot.seen.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
            return Ok(seen < total);
        }
        Ok(count >= spot.size || count >= self.most_items(account).await?)
    }

    /// How many items the server puts on a page at most, as its operator set
    /// it.
    async fn most_items(&self, account: Account) -> Result<usize, ProviderError> {
        if let Some(most) = self.most_items.get(&()) {
            return Ok(most);
        }
        let call = Call::get(&self.api, ["settings", "api"]).missing("setting");
        let answer = self.client.send(account, call).await?;
        let settings: SettingsPayload = answer.json(Resource::Repositories)?;
        let most = settings.max_response_items.max(1);
        self.most_items.insert((), most);
        Ok(most)
    }
}

/// A listing in JSON. An empty one may be `null`.
pub(crate) fn listed<'a, T: Deserialize<'a>>(
    answer: &'a Answer,
    resource: Resource,
) -> Result<Vec<T>, ProviderError> {
    Ok(answer.json::<Option<Few<T, 1_000>>>(resource)?.unwrap_or_default().into_vec())
}
