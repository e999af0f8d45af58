//! The hosts that this installation knows.

use std::{collections::BTreeMap, sync::Arc};

use lodge_forge::ProviderName;

use crate::{CourseHost, GitProvider, HostLogin, Webhooks};

/// One host: what it is read by, and, where it has them, its login and its
/// webhooks.
#[derive(Clone)]
pub struct Host {
    /// What it is read by.
    pub provider: Arc<dyn GitProvider>,
    /// How accounts are connected. `None` where the operator did not register
    /// this installation at the host, or the host knows no accounts.
    pub login: Option<Arc<dyn HostLogin>>,
    /// How it sends events. `None` where it sends none.
    pub webhooks: Option<Arc<dyn Webhooks>>,
    /// How courses are brought in from it. `None` where they cannot be.
    pub courses: Option<Arc<dyn CourseHost>>,
}

impl Host {
    /// A host that can be read, and nothing else.
    pub fn plain(provider: Arc<dyn GitProvider>) -> Self {
        Self { provider, login: None, webhooks: None, courses: None }
    }
}

/// The enabled hosts, by name.
#[derive(Clone, Default)]
pub struct Providers(BTreeMap<ProviderName, Host>);

impl Providers {
    /// These hosts. Of two with one name, the later one counts.
    pub fn new(hosts: impl IntoIterator<Item = Host>) -> Self {
        Self(hosts.into_iter().map(|host| (host.provider.name(), host)).collect())
    }

    /// The host named `name`. `None` when it is not enabled.
    pub fn get(&self, name: &ProviderName) -> Option<&Arc<dyn GitProvider>> {
        self.0.get(name).map(|host| &host.provider)
    }

    /// The login of the host named `name`.
    pub fn login(&self, name: &ProviderName) -> Option<&Arc<dyn HostLogin>> {
        self.0.get(name)?.login.as_ref()
    }

    /// The webhooks of the host named `name`.
    pub fn webhooks(&self, name: &ProviderName) -> Option<&Arc<dyn Webhooks>> {
        self.0.get(name)?.webhooks.as_ref()
    }

    /// How courses are brought in from the host named `name`.
    pub fn courses(&self, name: &ProviderName) -> Option<&Arc<dyn CourseHost>> {
        self.0.get(name)?.courses.as_ref()
    }

    /// The host named `name`, as it stands in a URL, with its name.
    pub fn find(&self, name: &str) -> Option<(&ProviderName, &Arc<dyn GitProvider>)> {
        let (name, host) = self.0.iter().find(|(known, _)| known.as_str() == name)?;
        Some((name, &host.provider))
    }

    /// Every host, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn GitProvider>> {
        self.0.values().map(|host| &host.provider)
    }
}
