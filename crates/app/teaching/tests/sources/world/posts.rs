//! The webhooks of the host.

use std::time::Duration;

use async_trait::async_trait;
use lodge_forge::{Event, EventKind};
use lodge_kernel::ExposeSecret as _;
use lodge_provider::{
    Delivery, Hook, NewHook, ProviderError, RepositoryRef, WebhookScheme, Webhooks,
};

use super::{host::Fake, mail};

/// A webhook at the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Post {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) secret: String,
    pub(crate) active: bool,
}

impl Post {
    fn hook(&self) -> Hook {
        Hook { ids: vec![self.id.clone()], active: self.active }
    }
}

/// What goes wrong at the host, until it is said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// It lets nobody make webhooks.
    Refuses,
    /// It waits before it makes webhooks.
    Waits,
    /// It knows nobody any more.
    KnowsNobody,
    /// It makes webhooks, and its answer is lost; nothing else is answered.
    AnswersNobody,
    /// It makes webhooks, and its answer is lost.
    LosesAnswers,
    /// It makes webhooks, and waits before it says so.
    AnswersLate,
    /// It waits before it says whether it has a webhook.
    LooksLate,
    /// It waits before it removes webhooks.
    RemovesLate,
    /// It removes nothing.
    KeepsAll,
    /// It sends nothing when it is to try.
    SendsNothing,
}

impl Fake {
    fn mishap(&self, one: Mishap) -> bool {
        self.0.lock().unwrap().mishap == Some(one)
    }

    async fn while_it(&self, one: Mishap) {
        while self.mishap(one) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn answers(&self) -> Result<(), ProviderError> {
        if self.mishap(Mishap::KnowsNobody) {
            return Err(ProviderError::CredentialsRefused);
        }
        if self.mishap(Mishap::AnswersNobody) { Err(ProviderError::TimedOut) } else { Ok(()) }
    }
}

#[async_trait]
impl Webhooks for Fake {
    fn events(&self) -> &'static [EventKind] {
        &[EventKind::Push]
    }

    async fn create_hook(&self, _: RepositoryRef, hook: NewHook) -> Result<Hook, ProviderError> {
        if self.mishap(Mishap::Refuses) {
            return Err(ProviderError::Forbidden);
        }
        self.while_it(Mishap::Waits).await;
        let made = {
            let mut world = self.0.lock().unwrap();
            world.posts_made += 1;
            let (id, secret) = (world.posts_made.to_string(), hook.secret.expose_secret().into());
            let made = Post { id, url: hook.url, secret, active: true };
            world.posts.push(made.clone());
            made
        };
        self.while_it(Mishap::AnswersLate).await;
        self.answers()?;
        if self.mishap(Mishap::LosesAnswers) {
            return Err(ProviderError::TimedOut);
        }
        Ok(made.hook())
    }

    async fn delete_hook(&self, at: RepositoryRef, ids: Vec<String>) -> Result<(), ProviderError> {
        self.while_it(Mishap::RemovesLate).await;
        self.answers()?;
        self.0.lock().unwrap().has(&at)?;
        if self.mishap(Mishap::KeepsAll) {
            return Err(ProviderError::TimedOut);
        }
        self.0.lock().unwrap().posts.retain(|it| !ids.contains(&it.id));
        Ok(())
    }

    async fn find_hook(
        &self,
        _: RepositoryRef,
        ids: Vec<String>,
    ) -> Result<Option<Hook>, ProviderError> {
        self.while_it(Mishap::LooksLate).await;
        self.answers()?;
        let [id] = ids.as_slice() else { return Ok(None) };
        let world = self.0.lock().unwrap();
        Ok(world.posts.iter().find(|it| it.id == *id).map(Post::hook))
    }

    async fn hooks_to(
        &self,
        at: RepositoryRef,
        ending: String,
    ) -> Result<Vec<Hook>, ProviderError> {
        self.answers()?;
        let world = self.0.lock().unwrap();
        world.has(&at)?;
        let found = world.posts.iter().filter(|it| it.url.ends_with(&ending));
        Ok(found.map(Post::hook).collect())
    }

    async fn test_hook(&self, _: RepositoryRef, ids: Vec<String>) -> Result<(), ProviderError> {
        self.answers()?;
        if self.mishap(Mishap::SendsNothing) {
            let problem = "nobody has pushed yet".to_owned();
            return Err(ProviderError::Invalid { problem });
        }
        let mut world = self.0.lock().unwrap();
        world.posts.iter_mut().filter(|it| ids.contains(&it.id)).for_each(|it| it.active = true);
        Ok(())
    }

    fn scheme(&self) -> &'static dyn WebhookScheme {
        mail::MAIL
    }

    fn read(&self, _: &Delivery) -> Result<Vec<Event>, ProviderError> {
        Ok(Vec::new())
    }
}
