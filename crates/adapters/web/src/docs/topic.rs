//! The pages of the documentation, in the order of their menu.

/// One page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    /// Five minutes with `curl`.
    Start,
    /// The consent page, and where it stands.
    Consent,
    /// Pages, permissions, hosts.
    Reading,
    /// Every code.
    Errors,
    /// What is held back.
    Firewall,
    /// How apps hear what happens.
    Events,
    /// How an operator enables hosts.
    Hosts,
    /// Links that an app signs itself.
    SignedCustomers,
}

impl Topic {
    pub(super) const ALL: &'static [Self] = &[
        Self::Start,
        Self::Consent,
        Self::SignedCustomers,
        Self::Reading,
        Self::Errors,
        Self::Events,
        Self::Firewall,
        Self::Hosts,
    ];

    /// The same, for templates.
    #[expect(clippy::unused_self, reason = "a template reaches it through a value")]
    pub(super) const fn all(self) -> &'static [Self] {
        Self::ALL
    }

    /// Its name in the menu.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Start => "Get started",
            Self::Consent => "Consent and embedding",
            Self::Reading => "Reading",
            Self::Errors => "Errors",
            Self::Firewall => "Firewall",
            Self::Events => "Events",
            Self::Hosts => "Git hosts",
            Self::SignedCustomers => "Signed customers",
        }
    }

    /// Where it is served.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Start => "/docs",
            Self::Consent => "/docs/consent",
            Self::Reading => "/docs/reading",
            Self::Errors => "/docs/errors",
            Self::Firewall => "/docs/firewall",
            Self::Events => "/docs/events",
            Self::Hosts => "/docs/hosts",
            Self::SignedCustomers => "/docs/signed-customers",
        }
    }

    /// The file of `docs/` that it shows; empty for one with a template.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Firewall => include_str!("../../../../../docs/firewall.md"),
            Self::Events => include_str!("../../../../../docs/events.md"),
            Self::Hosts => include_str!("../../../../../docs/hosts.md"),
            Self::SignedCustomers => include_str!("../../../../../docs/signed-customers.md"),
            Self::Start | Self::Consent | Self::Reading | Self::Errors => "",
        }
    }
}
