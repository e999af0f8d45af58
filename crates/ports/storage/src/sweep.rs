//! Deleting what has ended by itself.

use std::ops::AddAssign;

use lodge_kernel::Timestamp;

/// What ended before these instants is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// For tokens, codes and sessions. What was used or taken back stays until
    /// then, so that using it again is still told from a text that was never
    /// issued.
    pub secrets: Timestamp,
    /// For questions: challenges to passkeys, and those to customers: visits, logins, invitations, pushed requests,
    /// signatures and sessions, the approvals that nobody gave, and, of the
    /// customers that nobody vouched for, the accounts that were taken away and
    /// that no approval names, and then those that have none.
    pub questions: Timestamp,
}

/// How many were deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Access and refresh tokens.
    pub tokens: u64,
    /// Authorization codes.
    pub codes: u64,
    /// People's sessions.
    pub sessions: u64,
    /// Invitations into organisations.
    pub invitations_to_join: u64,
    /// Links to set a password.
    pub password_links: u64,
    /// Challenges to passkeys that were answered.
    pub challenges: u64,
    /// What is remembered of attempts to log in.
    pub throttles: u64,
    /// Visits to the consent page, each with what binds it to its browser.
    pub visits: u64,
    /// Invitations to the consent page.
    pub invitations: u64,
    /// Authorization requests that were sent ahead.
    pub pushed_requests: u64,
    /// Logins at hosts.
    pub logins: u64,
    /// What comes once.
    pub nonces: u64,
    /// Approvals that nobody gave.
    pub approvals: u64,
    /// Customers' sessions on the access page.
    pub customer_sessions: u64,
    /// Accounts of customers whom nobody vouched for.
    pub connections: u64,
    /// Customers that nobody vouched for.
    pub customers: u64,
}

impl Swept {
    /// All of them.
    pub const fn total(&self) -> u64 {
        self.tokens
            + self.codes
            + self.sessions
            + self.invitations_to_join
            + self.password_links
            + self.challenges
            + self.throttles
            + self.visits
            + self.invitations
            + self.pushed_requests
            + self.logins
            + self.nonces
            + self.approvals
            + self.customer_sessions
            + self.connections
            + self.customers
    }
}

impl AddAssign for Swept {
    fn add_assign(&mut self, other: Self) {
        self.tokens += other.tokens;
        self.codes += other.codes;
        self.sessions += other.sessions;
        self.invitations_to_join += other.invitations_to_join;
        self.password_links += other.password_links;
        self.challenges += other.challenges;
        self.throttles += other.throttles;
        self.visits += other.visits;
        self.invitations += other.invitations;
        self.pushed_requests += other.pushed_requests;
        self.logins += other.logins;
        self.nonces += other.nonces;
        self.approvals += other.approvals;
        self.customer_sessions += other.customer_sessions;
        self.connections += other.connections;
        self.customers += other.customers;
    }
}
