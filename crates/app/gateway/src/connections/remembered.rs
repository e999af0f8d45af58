//! Tokens that were opened a moment ago.
//!
//! A busy account is asked hundreds of times a second, and its token changes a
//! few times a day. What was changed in this process is forgotten at once; what
//! was changed in another one is noticed after a tenth of a second, which is
//! less than a grant may be trusted. A token that the host ended meanwhile is
//! refused by the host, and read anew.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use lodge_kernel::{ConnectionId, TenantId, Timestamp};
use lodge_provider::{Account, HostToken};

/// How long a token is remembered.
const REMEMBERED: Duration = Duration::from_millis(100);
/// How many are remembered.
const MOST: usize = 4_096;

/// A token with the organisation that it is of, and the end of its time here.
struct Known {
    token: HostToken,
    tenant: TenantId,
    until: Timestamp,
}

#[derive(Default)]
pub(super) struct Remembered(Mutex<HashMap<ConnectionId, Known>>);

impl Remembered {
    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, account: Account, now: Timestamp) -> Option<HostToken> {
        let all = self.lock();
        let known = all.get(&account.connection)?;
        (known.tenant == account.tenant && now < known.until).then(|| known.token.clone())
    }

    pub(super) fn keep(&self, account: Account, token: &HostToken, now: Timestamp) {
        let mut all = self.lock();
        if all.len() >= MOST {
            all.retain(|_, known| now < known.until);
        }
        if all.len() < MOST {
            let (token, tenant) = (token.clone(), account.tenant);
            all.insert(account.connection, Known { token, tenant, until: now.plus(REMEMBERED) });
        }
    }

    pub(super) fn forget(&self, connection: ConnectionId) {
        self.lock().remove(&connection);
    }
}
