//! Everything that the audit trail can say was done. A name never changes its
//! meaning: entries outlive versions.

use std::fmt;

macro_rules! actions {
    ($($name:ident = $text:literal, $meaning:literal;)+) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $(#[doc = $meaning] $name,)+
        }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The name in answers and in the database.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// What it means, for people.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)+ }
            }
        }
    };
}

#[rustfmt::skip]
actions! {
    SignedUp            = "person.signed_up",          "A person made an account.";
    LoggedIn            = "person.logged_in",          "A person logged in, or a login failed.";
    LoggedOut           = "person.logged_out",         "A person logged out.";
    PasswordChanged     = "person.password_changed",   "A person's password was changed.";
    SecondFactorAdded   = "person.second_factor_added", "A second factor was added to an account.";
    SecondFactorRemoved = "person.second_factor_removed", "A second factor was removed from an account.";
    RecoveryCodesMade   = "person.recovery_codes_made", "Recovery codes were made; the older ones ended.";
    RecoveryCodeUsed    = "person.recovery_code_used", "A recovery code took the place of a second factor.";
    PasskeyAdded        = "person.passkey_added",      "A passkey was added to an account.";
    PasskeyRenamed      = "person.passkey_renamed",    "A passkey got another name.";
    PasskeyRemoved      = "person.passkey_removed",    "A passkey was removed from an account.";
    PasskeyDoubted      = "person.passkey_doubted",    "A passkey's counter went backwards: there may be a copy of it. It was refused.";
    SessionOpened       = "session.opened",            "A session was opened from the command line.";
    SessionRevoked      = "session.revoked",           "A session was ended by somebody.";
    TenantCreated       = "tenant.created",            "An organisation was made.";
    MemberInvited       = "member.invited",            "Somebody was invited into an organisation.";
    InvitationWithdrawn = "member.invitation_withdrawn", "An invitation was withdrawn.";
    MemberAdded         = "member.added",              "A person became a member of an organisation.";
    MemberChanged       = "member.changed",            "A member's role was changed.";
    MemberRemoved       = "member.removed",            "A person is no longer a member of an organisation.";
    AppCreated          = "app.created",               "An app was made.";
    AppChanged          = "app.changed",               "An app was changed.";
    AppSecretRotated    = "app.secret_rotated",        "An app got a new secret, or lost one.";
    AppDeleted          = "app.deleted",               "An app was deleted, with its approvals and tokens.";
    ConnectSessionMade  = "connect_session.made",      "An app invited a customer to the consent page.";
    ApprovalGiven       = "approval.given",            "A customer approved.";
    ApprovalChanged     = "approval.changed",          "An approval was changed.";
    ApprovalDenied      = "approval.denied",           "A customer said no.";
    ApprovalRevoked     = "approval.revoked",          "An approval was taken back.";
    TokenIssued         = "token.issued",              "A token was issued.";
    TokenRevoked        = "token.revoked",             "A token was taken back, with its family.";
    TokenReplayed       = "token.replayed",            "A code or refresh token came a second time: its family was taken back.";
    ConnectionAdded     = "connection.added",          "An account at a host was connected.";
    ConnectionChanged   = "connection.changed",        "A connection was switched on or off.";
    ConnectionRemoved   = "connection.removed",        "A connection was taken away, with its credentials.";
    ConnectionLost      = "connection.lost",           "A host no longer takes a connection's credentials.";
    SubscriptionMade    = "subscription.made",         "An app subscribed to events.";
    SubscriptionEnded   = "subscription.ended",        "A subscription was ended.";
    GrantMade           = "grant.made",                "An administrator let an app read a connection.";
    GrantRevoked        = "grant.revoked",             "A grant was taken back.";
    KeysRotated         = "keys.rotated",              "A new master key seals.";
    FirewallChanged     = "firewall.changed",          "The firewall's settings were changed.";
    AdminKeyMade        = "admin_key.made",            "An admin key was made.";
    AdminKeyRevoked     = "admin_key.revoked",         "An admin key was taken back.";
    AdminKeyUsed        = "admin_key.used",            "An admin key was used, or refused.";
    CourseMade          = "course.made",               "A course was made, cloned or imported.";
    CourseChanged       = "course.changed",            "A course's settings were changed, or it was archived or opened again.";
    CourseDeleted       = "course.deleted",            "A course was deleted, with its teams and students.";
    StaffAdded          = "course.staff_added",        "A person became a teacher or an assistant of a course.";
    StaffRemoved        = "course.staff_removed",      "A person is no longer a teacher or an assistant of a course.";
    RosterImported      = "course.roster_imported",    "A roster was imported.";
    FlagDecided         = "flag.decided",              "Somebody confirmed or dismissed a flag of a student, or opened it again.";
    ReportMade          = "report.made",               "A report of a team was asked for.";
    ReportRemoved       = "report.removed",            "A report of a team was removed.";
    StudentErased       = "student.erased",            "A student's personal data was erased.";
    PersonalTokenMade   = "personal_token.made",       "A person made a token for their own programs.";
    PersonalTokenEnded  = "personal_token.ended",      "A person took a token of theirs back.";
    HookMade            = "hook.made",                 "A door for deliveries to courses was made.";
    HookRotated         = "hook.rotated",              "A door for deliveries to courses got a new secret.";
    HookRemoved         = "hook.removed",              "A door for deliveries to courses was removed.";
    EventReplayed       = "event.replayed",            "Deliveries to courses were replayed.";
    EventDiscarded      = "event.discarded",           "A dead letter was discarded.";
}

impl Action {
    /// The action of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_name_of_its_own_and_is_found_by_it() {
        for action in Action::ALL {
            assert_eq!(Action::parse(action.name()), Some(*action));
        }
        assert_eq!(Action::parse("nothing.happened"), None);
    }
}
