//! What a host proves its deliveries with.

use std::time::Duration;

use lodge_forge::ProviderName;
use lodge_kernel::{Digest, HookId, Sealed, TenantId, Timestamp};

/// One secret of a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookSecret {
    /// By which the hook is found where the host sends the secret itself.
    pub digest: Digest,
    /// The secret, for hosts that sign with it.
    pub sealed: Sealed,
}

/// The secret before the last rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// The secret.
    pub secret: HookSecret,
    /// Until when it still opens: hosts are told the new one by hand.
    pub until: Timestamp,
}

/// A door for the deliveries of one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The id, which stands in its address.
    pub id: HookId,
    /// The organisation.
    pub tenant: TenantId,
    /// What people call it.
    pub name: String,
    /// The host.
    pub source: ProviderName,
    /// What deliveries are proved with.
    pub secret: HookSecret,
    /// What else they may be proved with for a while.
    pub previous: Option<Previous>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was made, or its secret last changed.
    pub updated_at: Timestamp,
}

impl Hook {
    /// How long the secret before stays good, unless somebody says otherwise.
    pub const OVERLAP: Duration = Duration::from_hours(24);

    /// With a new secret. The one of now stays good for `overlap`, the one
    /// before it ends.
    #[must_use]
    pub fn rotated(self, secret: HookSecret, overlap: Duration, now: Timestamp) -> Self {
        let previous = Previous { secret: self.secret, until: now.plus(overlap) };
        Self { secret, previous: Some(previous), updated_at: now, ..self }
    }

    /// The secrets that are good at `now`, the newest first: at most two.
    pub fn secrets(&self, now: Timestamp) -> impl Iterator<Item = &HookSecret> {
        let previous = self.previous.as_ref().filter(|it| now < it.until);
        std::iter::once(&self.secret).chain(previous.map(|it| &it.secret))
    }

    /// One of the secrets that are good at `now` has this digest.
    pub fn is_opened_by(&self, digest: Digest, now: Timestamp) -> bool {
        self.secrets(now).any(|it| it.digest == digest)
    }

    /// The one of `hooks` that this secret opens at `now`. Whose newest it is
    /// comes before whose former it is: that one lets go of it soon.
    pub fn opened_by(
        hooks: impl IntoIterator<Item = Self>,
        digest: Digest,
        now: Timestamp,
    ) -> Option<Self> {
        let opened = hooks.into_iter().filter(|it| it.is_opened_by(digest, now));
        opened.min_by_key(|it| it.secret.digest != digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(n: u8) -> HookSecret {
        HookSecret {
            digest: Digest([n; 32]),
            sealed: Sealed { key: 1, text: format!("sealed-{n}") },
        }
    }

    fn a_hook(now: Timestamp) -> Hook {
        Hook {
            id: HookId::earliest(now),
            tenant: TenantId::earliest(now),
            name: "all of it".to_owned(),
            source: ProviderName::parse("gitlab").unwrap(),
            secret: secret(1),
            previous: None,
            created_at: now,
            updated_at: now,
        }
    }

    #[test]
    fn a_rotated_secret_is_good_until_its_time_and_the_one_before_it_is_not() {
        let now = Timestamp::from_seconds(1_000);
        let hour = Duration::from_hours(1);
        let hook = a_hook(now).rotated(secret(2), hour, now).rotated(secret(3), hour, now);
        let good = |at| hook.secrets(at).map(|it| it.digest.0[0]).collect::<Vec<_>>();
        assert_eq!(good(now), [3, 2]);
        assert_eq!(good(now.plus(hour)), [3]);
    }

    #[test]
    fn the_newest_secret_wins_over_a_former_one_and_an_ended_one_opens_nothing() {
        let now = Timestamp::from_seconds(1_000);
        let hour = Duration::from_hours(1);
        let former = a_hook(now).rotated(secret(2), hour, now);
        let newest = Hook { id: HookId::earliest(now.plus(hour)), ..a_hook(now) };
        let digest = secret(1).digest;
        let opened = Hook::opened_by([former.clone(), newest.clone()], digest, now);
        assert_eq!(opened, Some(newest));
        assert_eq!(Hook::opened_by([former.clone()], digest, now), Some(former.clone()));
        assert_eq!(Hook::opened_by([former], digest, now.plus(hour)), None);
    }
}
