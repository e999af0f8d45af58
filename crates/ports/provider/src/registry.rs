//! The hosts that this installation knows.

use std::{collections::BTreeMap, sync::Arc};

use lodge_forge::ProviderName;

use crate::GitProvider;

/// The enabled hosts, by name.
#[derive(Clone, Default)]
pub struct Providers(BTreeMap<ProviderName, Arc<dyn GitProvider>>);

impl Providers {
    /// These hosts. Of two with one name, the later one counts.
    pub fn new(hosts: impl IntoIterator<Item = Arc<dyn GitProvider>>) -> Self {
        Self(hosts.into_iter().map(|host| (host.name(), host)).collect())
    }

    /// The host named `name`. `None` when it is not enabled.
    pub fn get(&self, name: &ProviderName) -> Option<&Arc<dyn GitProvider>> {
        self.0.get(name)
    }

    /// The host named `name`, as it stands in a URL, with its name.
    pub fn find(&self, name: &str) -> Option<(&ProviderName, &Arc<dyn GitProvider>)> {
        self.0.iter().find(|(known, _)| known.as_str() == name)
    }

    /// Every host, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn GitProvider>> {
        self.0.values()
    }
}
