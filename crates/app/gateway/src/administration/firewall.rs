//! What the firewall blocks, changed while the gateway runs.
//!
//! What is built in, and what the operator named at the start, always counts.
//! Further patterns are kept in the database; every process follows within
//! 200 ms, because a change says that rights may have changed. Switching them
//! off ends by itself.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use lodge_access::{Action, Actor, FirewallSettings};
use lodge_firewall::{Rules, RulesError};
use lodge_kernel::Timestamp;
use lodge_storage::StorageError;

use crate::{Gateway, audit::Happened};

/// How long patterns are switched off when nothing else is said.
pub const SUSPENSION: Duration = Duration::from_hours(1);
/// The longest that they can be.
pub const LONGEST_SUSPENSION: Duration = Duration::from_hours(24);

impl From<Rules> for LivingRules {
    fn from(base: Rules) -> Self {
        Self::new(base)
    }
}

/// The rules in force, which change while requests are answered.
#[derive(Debug)]
pub struct LivingRules {
    /// What always counts.
    base: Arc<Rules>,
    current: RwLock<InForce>,
}

#[derive(Clone, Debug)]
struct InForce {
    settings: Arc<FirewallSettings>,
    /// With the settings' patterns.
    full: Arc<Rules>,
}

impl LivingRules {
    /// `base` always counts, and nothing else does so far.
    pub fn new(base: Rules) -> Self {
        let base = Arc::new(base);
        let none = InForce { settings: Arc::default(), full: Arc::clone(&base) };
        Self { base, current: RwLock::new(none) }
    }

    /// The rules that count at `now`.
    pub fn at(&self, now: Timestamp) -> Arc<Rules> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let suspended = current.settings.suspended_until.is_some_and(|end| now < end);
        Arc::clone(if suspended { &self.base } else { &current.full })
    }

    fn follow(&self, settings: FirewallSettings) -> Result<(), RulesError> {
        let known = self.current.read().unwrap_or_else(PoisonError::into_inner).settings.version;
        if settings.version <= known {
            return Ok(());
        }
        let full = Arc::new(self.base.and_blocked_paths(&settings.patterns)?);
        let next = InForce { settings: Arc::new(settings), full };
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.settings.version < next.settings.version {
            *current = next;
        }
        Ok(())
    }
}

/// What is to be changed.
#[derive(Clone, Debug)]
pub struct FirewallChange {
    /// The version that the administrator has seen.
    pub seen: u64,
    /// Whether the patterns count; as it was when absent.
    pub enabled: Option<bool>,
    /// For how long they do not.
    pub suspension: Option<Duration>,
    /// The patterns, all of them; as they were when absent.
    pub patterns: Option<Vec<String>>,
    /// Why: 1 to 500 characters.
    pub reason: String,
}

/// The settings cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum FirewallProblem {
    /// The change.
    #[error("{problem}")]
    Invalid {
        /// What to correct.
        problem: &'static str,
    },
    /// A pattern.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// Somebody else has changed them since.
    #[error("the settings are of version {current} by now: look at them, and try again")]
    Changed {
        /// The version that there is.
        current: u64,
    },
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Gateway {
    /// The settings as they are kept.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    pub async fn firewall_settings(&self) -> Result<FirewallSettings, StorageError> {
        self.storage.read().await?.firewall_settings().find().await
    }

    /// Changes the settings, in every process within 200 ms.
    ///
    /// # Errors
    ///
    /// [`FirewallProblem`]; nothing has changed then.
    #[tracing::instrument(name = "gateway.change_firewall", skip_all)]
    pub async fn change_firewall(
        &self,
        by: Actor,
        change: FirewallChange,
    ) -> Result<FirewallSettings, FirewallProblem> {
        let invalid = |problem| FirewallProblem::Invalid { problem };
        let reason = change.reason.trim();
        if !(1..=500).contains(&reason.chars().count()) || reason.contains(char::is_control) {
            return Err(invalid("`reason` has 1 to 500 characters, and no control character"));
        }
        let suspension = change.suspension.unwrap_or(SUSPENSION);
        if suspension.is_zero() || suspension > LONGEST_SUSPENSION {
            return Err(invalid("the patterns can be switched off for 1 second to 24 hours"));
        }
        if change.suspension.is_some() && change.enabled != Some(false) {
            return Err(invalid("`disabledForSeconds` goes with `enabled: false` only"));
        }
        // Compiled outside the transaction, and for all other processes, too.
        self.rules.base.and_blocked_paths(change.patterns.as_deref().unwrap_or_default())?;
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let known = work.firewall_settings().find().await?;
        if known.version != change.seen {
            return Err(FirewallProblem::Changed { current: known.version });
        }
        let suspended_until = match change.enabled {
            Some(true) => None,
            Some(false) => Some(now.plus(suspension)),
            None => known.suspended_until.filter(|end| now < *end),
        };
        let settings = FirewallSettings {
            version: known.version + 1,
            suspended_until,
            patterns: change.patterns.unwrap_or(known.patterns),
            changed_at: Some(now),
        };
        if !work.firewall_settings().replace(&settings).await? {
            return Err(FirewallProblem::Changed { current: settings.version });
        }
        work.touch_access().await?;
        let state = match suspended_until {
            Some(end) => format!("patterns off until {end}"),
            None => format!("{} patterns", settings.patterns.len()),
        };
        let changed = Happened::new(None, by, Action::FirewallChanged);
        let changed = changed.to(format!("version {}: {state}", settings.version));
        self.audit(&mut *work, changed.because(reason)).await?;
        work.commit().await?;
        if let Some(end) = suspended_until {
            tracing::warn!(%end, %by, "the firewall's further patterns are switched off");
        }
        self.rules.follow(settings.clone())?;
        self.grants.forget();
        Ok(settings)
    }

    /// Takes up the settings as they are kept.
    pub(crate) async fn follow_firewall(&self) -> Result<(), StorageError> {
        let settings = self.firewall_settings().await?;
        if let Err(error) = self.rules.follow(settings) {
            // Another version of the gateway took a pattern that this one
            // does not: what was in force stays so.
            tracing::error!(%error, "the firewall's settings cannot be used");
        }
        Ok(())
    }
}
