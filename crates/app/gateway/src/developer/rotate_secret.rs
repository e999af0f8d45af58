//! A new secret for an app, while the one before it still works for a while.

use std::time::Duration;

use lodge_access::{Act, Action, App, ClientSecret, Secret, SecretKind};
use lodge_kernel::{ClientId, Timestamp};

use crate::{
    Gateway, Visitor,
    developer::apps::{AppProblem, CreatedApp, owned},
};

/// For how long the secret before can work on at most, in hours.
pub const LONGEST_OVERLAP_HOURS: u64 = 30 * 24;

impl Gateway {
    /// Makes a new secret. The newest one before it works for `overlap_hours`
    /// longer, those before that no longer: an app has two at most.
    ///
    /// # Errors
    ///
    /// [`AppProblem`]; nothing has changed then.
    #[tracing::instrument(name = "developer.rotate_secret", skip_all)]
    pub async fn rotate_secret(
        &self,
        visitor: &Visitor,
        id: ClientId,
        overlap_hours: u64,
    ) -> Result<CreatedApp, AppProblem> {
        visitor.check(Act::ManageApps)?;
        if overlap_hours > LONGEST_OVERLAP_HOURS {
            return Err(AppProblem::Overlap);
        }
        let now = self.now();
        let mut work = self.storage.begin().await?;
        let app = owned(work.apps().find(id).await?, visitor)?;
        let secret = Secret::fresh(SecretKind::ClientSecret, &*self.entropy);
        let fresh = ClientSecret {
            digest: self.digest(secret.expose()),
            created_at: now,
            expires_at: None,
        };
        let until = now.plus(Duration::from_hours(overlap_hours));
        let secrets = rotated(&app.secrets, fresh, until, now);
        let app = App { secrets, updated_at: now, ..app };
        work.apps().update(&app).await?;
        // What the old one opened is asked for again.
        work.touch_access().await?;
        let happened = visitor.did(Action::AppSecretRotated).to(app.id);
        self.audit(&mut *work, happened).await?;
        work.commit().await?;
        self.grants.forget();
        Ok(CreatedApp { app, secret })
    }
}

/// `fresh`, and before it the newest that works, until `until` at most.
fn rotated(
    before: &[ClientSecret],
    fresh: ClientSecret,
    until: Timestamp,
    now: Timestamp,
) -> Vec<ClientSecret> {
    let works = before.iter().filter(|it| it.expires_at.is_none_or(|end| now < end));
    let newest = works.max_by_key(|it| (it.expires_at.is_none(), it.created_at));
    let kept = newest.filter(|_| now < until).map(|it| ClientSecret {
        expires_at: Some(it.expires_at.map_or(until, |end| end.min(until))),
        ..it.clone()
    });
    kept.into_iter().chain([fresh]).collect()
}

#[cfg(test)]
mod tests {
    use lodge_kernel::Digest;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn a_secret(n: u8, end: Option<i64>) -> ClientSecret {
        let at = Timestamp::from_seconds(n.into());
        let expires_at = end.map(Timestamp::from_seconds);
        ClientSecret { digest: Digest([n; 32]), created_at: at, expires_at }
    }

    fn after(before: &[ClientSecret], until: i64) -> Vec<(u8, Option<i64>)> {
        let secrets = rotated(before, a_secret(9, None), Timestamp::from_seconds(until), NOW);
        secrets
            .iter()
            .map(|it| (it.digest.0[0], it.expires_at.map(Timestamp::as_seconds)))
            .collect()
    }

    #[test]
    fn the_newest_secret_works_on_beside_the_new_one_and_no_other() {
        let all = [a_secret(1, Some(999)), a_secret(2, Some(5_000)), a_secret(3, None)];
        assert_eq!(after(&all, 2_000), [(3, Some(2_000)), (9, None)]);
        assert_eq!(after(&all[..2], 2_000), [(2, Some(2_000)), (9, None)]);
        assert_eq!(after(&all[..2], 9_000), [(2, Some(5_000)), (9, None)]);
        assert_eq!(after(&all[..1], 2_000), [(9, None)]);
    }

    #[test]
    fn a_secret_that_leaked_ends_at_once() {
        assert_eq!(after(&[a_secret(3, None)], 1_000), [(9, None)]);
    }
}
