//! Deleting what has ended by itself.

use std::collections::{BTreeMap, BTreeSet};

use lodge_access::{Authorization, AuthorizationState, ConnectionStatus, code};
use lodge_kernel::{ConnectionId, CustomerId, Timestamp};
use lodge_storage::{Keep, Swept};

use super::tables::Tables;

impl Tables {
    /// See `UnitOfWork::sweep`.
    pub(super) fn sweep(&mut self, keep: &Keep, most: usize) -> Swept {
        let Keep { secrets, questions } = *keep;
        let mut swept = Swept {
            tokens: take(&mut self.tokens, most, |_, it| it.expires_at < secrets),
            codes: take(&mut self.codes, most, |_, it| it.issued_at.plus(code::LIFETIME) < secrets),
            sessions: take(&mut self.sessions, most, |_, it| it.expires_at < secrets),
            invitations_to_join: take(&mut self.invitations, most, |_, it| it.expires_at < secrets),
            password_links: take(&mut self.password_links, most, |_, it| it.expires_at < secrets),
            challenges: take(&mut self.answered_challenges, most, |_, until| *until < questions),
            throttles: take(&mut self.throttles, most, |_, it| it.last_at < secrets),
            visits: take(&mut self.transactions, most, |_, it| it.expires_at < questions),
            invitations: take(&mut self.connect_sessions, most, |_, it| it.expires_at < questions),
            pushed_requests: take(&mut self.pushed_requests, most, |_, it| {
                it.expires_at < questions
            }),
            logins: take(&mut self.login_attempts, most, |_, it| it.expires_at < questions),
            customer_sessions: take(&mut self.customer_sessions, most, |_, it| {
                it.expires_at < questions
            }),
            nonces: take(&mut self.nonces, most, |_, until| *until < questions),
            ..Swept::default()
        };
        let tokens = &self.tokens;
        self.token_digests.retain(|_, id| tokens.contains_key(id));

        let used: BTreeSet<_> = (self.tokens.values().filter_map(|it| it.authorization))
            .chain(self.codes.values().map(|it| it.authorization))
            .chain(self.connect_sessions.values().map(|it| it.authorization))
            .chain(self.transactions.values().map(|it| it.authorization))
            .collect();
        swept.approvals = take(&mut self.authorizations, most, |id, it| {
            let active = matches!(it.state, AuthorizationState::Active { .. });
            it.expires_at < questions && !active && !it.was_given() && !used.contains(id)
        });

        let strangers: BTreeSet<_> =
            self.customers.values().filter(|it| !it.vouched).map(|it| it.id).collect();
        let named: BTreeSet<_> = (self.authorizations.values())
            .flat_map(|it| it.connections.iter().map(|(id, _)| *id))
            .chain(
                (self.authorizations.values())
                    .flat_map(|it| it.repositories.iter().map(|consent| consent.connection)),
            )
            .chain(self.credentials.keys().copied())
            .chain(self.subscriptions.values().map(|it| it.connection))
            .collect();
        swept.connections = take(&mut self.connections, most, |id, it| {
            it.updated_at < questions
                && it.status == ConnectionStatus::Disconnected
                && strangers.contains(&it.customer)
                && !named.contains(id)
        });

        let used: BTreeSet<_> = (self.authorizations.values().map(|it| it.customer))
            .chain(self.customer_sessions.values().map(|it| it.customer))
            .chain(self.connections.values().map(|it| it.customer))
            .chain(self.connect_sessions.values().map(|it| it.customer))
            .chain(self.transactions.values().map(|it| it.customer))
            .collect();
        swept.customers = take(&mut self.customers, most, |id, it| {
            it.created_at < questions && !it.vouched && !used.contains(id)
        });
        let customers = &self.customers;
        self.login_attempts.retain(|_, it| customers.contains_key(&it.customer));
        swept
    }

    /// See `ConnectionRepository::idle_of_strangers`.
    pub(super) fn idle_of_strangers(&self, before: Timestamp, limit: usize) -> Vec<ConnectionId> {
        let is_used = |customer: CustomerId| {
            let approvals = self.authorizations.values().filter(|it| it.customer == customer);
            let active = |it: &Authorization| matches!(it.state, AuthorizationState::Active { .. });
            approvals.filter(|it| active(it)).any(|it| it.expires_at >= before)
                || (self.customer_sessions.values())
                    .any(|it| it.customer == customer && it.expires_at >= before)
                || (self.transactions.values())
                    .any(|it| it.customer == customer && it.expires_at >= before)
        };
        let is_stranger = |id: &CustomerId| self.customers.get(id).is_some_and(|it| !it.vouched);
        let mut idle: Vec<_> = (self.connections.values())
            .filter(|it| it.status.is_kept() && it.updated_at < before)
            .filter(|it| is_stranger(&it.customer) && !is_used(it.customer))
            .collect();
        idle.sort_by_key(|it| (it.updated_at, it.id));
        idle.into_iter().map(|it| it.id).take(limit).collect()
    }
}

/// Takes at most `most` of those that have ended out of `rows`; answers how
/// many.
fn take<K: Ord + Clone, V>(
    rows: &mut BTreeMap<K, V>,
    most: usize,
    ended: impl Fn(&K, &V) -> bool,
) -> u64 {
    let ended = rows.iter().filter(|(key, it)| ended(key, it));
    let keys: Vec<K> = ended.map(|(key, _)| key.clone()).take(most).collect();
    rows.retain(|key, _| keys.binary_search(key).is_err());
    u64::try_from(keys.len()).unwrap_or(u64::MAX)
}
