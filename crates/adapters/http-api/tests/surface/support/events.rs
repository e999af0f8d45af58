//! A host that sends webhooks, and an app that is called back.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use lodge_forge::{Event, EventKind, Push, PushedCommit, RepositoryId, Subject};
use lodge_kernel::{ExposeSecret as _, SecretString, Timestamp};
use lodge_provider::{
    About, BoxError, Delivery, Hook, HookRefused, NewHook, ProviderError, RepositoryRef,
    WebhookScheme, Webhooks,
};
use lodge_services::{CallbackAnswer, CallbackError, Callbacks, SignedCall};
use lodge_testkit::builders::local;

/// A host whose proof is the secret and the body in a header. A body is a
/// delivery's id, a dot, and a commit's message.
#[derive(Default)]
pub(crate) struct KnockingHost {
    pub(crate) hooks: Mutex<Vec<NewHook>>,
    pub(crate) deleted: Mutex<Vec<String>>,
}

impl KnockingHost {
    /// The address that the newest webhook is delivered to.
    pub(crate) fn address(&self) -> String {
        let hooks = self.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        hooks.last().map(|it| it.url.clone()).unwrap_or_default()
    }

    /// The header that proves `body`.
    pub(crate) fn proof(&self, body: &str) -> String {
        let hooks = self.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        let secret = hooks.last().map(|it| it.secret.clone()).unwrap_or_default();
        format!("{} {body}", secret.expose_secret())
    }
}

/// How that host proves.
struct KnockingScheme;

impl WebhookScheme for KnockingScheme {
    fn verify(&self, secrets: &[SecretString], delivery: &Delivery) -> Result<(), HookRefused> {
        let given = delivery.header("x-proof").ok_or(HookRefused::Unsigned)?;
        let body = String::from_utf8_lossy(&delivery.body);
        let fits = |secret: &SecretString| given == format!("{} {body}", secret.expose_secret());
        if secrets.iter().any(fits) { Ok(()) } else { Err(HookRefused::WrongSignature) }
    }

    fn delivery_id(&self, delivery: &Delivery) -> Option<String> {
        let body = String::from_utf8_lossy(&delivery.body);
        body.split_once('.').map(|(id, _)| id.to_owned())
    }

    fn shown_secret<'a>(&self, _delivery: &'a Delivery) -> Option<&'a str> {
        None
    }

    fn headers(&self) -> &'static [&'static str] {
        &[]
    }

    fn about(&self, _delivery: &Delivery) -> Result<About, BoxError> {
        Err("it knocks, and tells nothing of courses".into())
    }

    fn occurred_at(&self, _delivery: &Delivery) -> Result<Option<Timestamp>, BoxError> {
        Ok(None)
    }
}

#[async_trait]
impl Webhooks for KnockingHost {
    fn events(&self) -> &'static [EventKind] {
        &[EventKind::Push, EventKind::Tag]
    }

    async fn create_hook(
        &self,
        _repository: RepositoryRef,
        hook: NewHook,
    ) -> Result<Hook, ProviderError> {
        self.hooks.lock().unwrap_or_else(PoisonError::into_inner).push(hook);
        Ok(Hook { ids: vec!["17".to_owned()], active: true })
    }

    async fn delete_hook(
        &self,
        _repository: RepositoryRef,
        ids: Vec<String>,
    ) -> Result<(), ProviderError> {
        self.deleted.lock().unwrap_or_else(PoisonError::into_inner).extend(ids);
        Ok(())
    }

    fn scheme(&self) -> &'static dyn WebhookScheme {
        &KnockingScheme
    }

    fn read(&self, delivery: &Delivery) -> Result<Vec<Event>, ProviderError> {
        let body = String::from_utf8_lossy(&delivery.body);
        let Some((_, message)) = body.split_once('.') else {
            return Err(ProviderError::Malformed {
                resource: lodge_forge::Resource::Subscriptions,
                source: "no message".into(),
            });
        };
        let commit = PushedCommit {
            sha: "1".repeat(40),
            message: message.to_owned(),
            author: None,
            added: vec![".env".to_owned(), "src/main.rs".to_owned()],
            modified: Vec::new(),
            removed: Vec::new(),
        };
        let repository = RepositoryId::parse("web")
            .map_err(|error| ProviderError::Invalid { problem: error.to_string() })?;
        Ok(vec![Event {
            kind: EventKind::Push,
            provider: local(),
            repository,
            repository_name: Some("acme/web".to_owned()),
            occurred_at: None,
            actor: Some("ada".to_owned()),
            subject: Subject::Push(Push {
                branch: "main".to_owned(),
                before: None,
                after: Some("1".repeat(40)),
                commits: vec![commit],
                total_commits: Some(1),
                forced: None,
            }),
        }])
    }
}

/// An app that repeats every challenge, and answers everything else with its
/// status.
pub(crate) struct ListeningApp {
    pub(crate) called: Mutex<Vec<SignedCall>>,
    pub(crate) status: Mutex<u16>,
    pub(crate) repeats: Mutex<bool>,
}

impl Default for ListeningApp {
    fn default() -> Self {
        Self { called: Mutex::default(), status: Mutex::new(204), repeats: Mutex::new(true) }
    }
}

impl ListeningApp {
    /// What it was told, without challenges.
    pub(crate) fn told(&self) -> Vec<SignedCall> {
        let called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        called.iter().filter(|it| !it.id.ends_with(".challenge")).cloned().collect()
    }

    /// From now on it answers this.
    pub(crate) fn answer(&self, status: u16) {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = status;
    }

    /// From now on it does not repeat challenges.
    pub(crate) fn stay_silent(&self) {
        *self.repeats.lock().unwrap_or_else(PoisonError::into_inner) = false;
    }
}

#[async_trait]
impl Callbacks for ListeningApp {
    fn check_url(&self, url: &str) -> Result<(), CallbackError> {
        if url.starts_with("https://") {
            return Ok(());
        }
        Err(CallbackError::Forbidden { problem: "it does not begin with https://".to_owned() })
    }

    fn check_secret(&self, secret: &SecretString) -> Result<(), CallbackError> {
        if secret.expose_secret().len() < 24 { Err(CallbackError::Secret) } else { Ok(()) }
    }

    fn secret_of(&self, random: [u8; 32]) -> SecretString {
        format!("whsec_{}", lodge_kernel::hex::encode(&random)).into()
    }

    async fn call(&self, call: SignedCall) -> Result<CallbackAnswer, CallbackError> {
        let repeats = *self.repeats.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = if call.id.ends_with(".challenge") {
            let body = if repeats { call.body.clone().into_bytes() } else { b"hello".to_vec() };
            CallbackAnswer { status: 200, body }
        } else {
            let status = *self.status.lock().unwrap_or_else(PoisonError::into_inner);
            CallbackAnswer { status, body: Vec::new() }
        };
        self.called.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        Ok(answer)
    }
}
