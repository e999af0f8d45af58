//! The 23 canonical codes. `docs/errors.md` is made from this table.

use actix_web::http::StatusCode;

macro_rules! codes {
    ($($name:ident = $text:literal, $status:ident, $retry:literal, $action:literal, $suggested:literal, $meaning:literal;)+) => {
        /// A canonical error code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = $meaning] $name,)+
        }

        impl Code {
            /// Every code, in the contract's order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code in answers.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The HTTP status.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            /// The identical request may succeed later by itself.
            pub const fn is_retryable(self) -> bool {
                match self { $(Self::$name => $retry,)+ }
            }

            /// Somebody must change something first.
            pub const fn needs_action(self) -> bool {
                match self { $(Self::$name => $action,)+ }
            }

            /// What to do next, where nothing better is known.
            pub const fn suggested_action(self) -> &'static str {
                match self { $(Self::$name => $suggested,)+ }
            }

            /// What it means.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)+ }
            }
        }
    };
}

#[rustfmt::skip]
codes! {
    //                            code                              status                retry  action suggested action                meaning
    InvalidRequest              = "INVALID_REQUEST",                BAD_REQUEST,          false, true,  "fix_request",                 "The request is malformed or makes no sense.";
    InvalidLimit                = "INVALID_LIMIT",                  BAD_REQUEST,          false, true,  "fix_limit",                   "`limit` is not a whole number from 1 to 100.";
    InvalidCursor               = "INVALID_CURSOR",                 BAD_REQUEST,          false, true,  "restart_pagination",          "The cursor was changed, or belongs to another request.";
    CursorExpired               = "CURSOR_EXPIRED",                 GONE,                 false, true,  "restart_pagination",          "The cursor is older than 15 minutes.";
    PaginationNotSupported      = "PAGINATION_NOT_SUPPORTED",       BAD_REQUEST,          false, true,  "specify_provider",            "A cursor was sent where none can be.";
    AuthRequired                = "AUTH_REQUIRED",                  UNAUTHORIZED,         false, true,  "authenticate",                "No token or session was sent.";
    AuthExpired                 = "AUTH_EXPIRED",                   UNAUTHORIZED,         false, true,  "refresh_token",               "The token has expired, or a host no longer accepts the connection.";
    InvalidCredentials          = "INVALID_CREDENTIALS",            UNAUTHORIZED,         false, true,  "check_credentials",           "The token, client or session is unknown, wrong or revoked.";
    InsufficientScope           = "INSUFFICIENT_SCOPE",             FORBIDDEN,            false, true,  "request_scope",               "The token or the approval is without a permission that this needs.";
    ProviderAccountNotConnected = "PROVIDER_ACCOUNT_NOT_CONNECTED", FORBIDDEN,            false, true,  "connect_provider_account",    "No account at this provider is part of the approval.";
    AccessBlockedByPolicy       = "ACCESS_BLOCKED_BY_POLICY",       FORBIDDEN,            false, true,  "contact_admin",               "A policy, here or at the provider, forbids it.";
    RepositoryNotApproved       = "REPOSITORY_NOT_APPROVED",        FORBIDDEN,            false, true,  "request_repository_approval", "The repository is not among the approved ones. Said of unknown repositories, too.";
    ApprovalRequired            = "APPROVAL_REQUIRED",              FORBIDDEN,            false, true,  "start_consent",               "No customer has approved anything for this token, or the approval has ended.";
    ApprovalPending             = "APPROVAL_PENDING",               FORBIDDEN,            false, true,  "wait_for_approval",           "The customer has not answered yet.";
    ResourceNotFound            = "RESOURCE_NOT_FOUND",             NOT_FOUND,            false, true,  "verify_resource",             "What was asked for is not there.";
    RepositoryNotFound          = "REPOSITORY_NOT_FOUND",           NOT_FOUND,            false, true,  "verify_repository",           "The approved repository is no longer at the provider.";
    InstallationNotFound        = "INSTALLATION_NOT_FOUND",         NOT_FOUND,            false, true,  "reinstall_provider_app",      "The app's installation or workspace at the provider is gone.";
    RateLimited                 = "RATE_LIMITED",                   TOO_MANY_REQUESTS,    true,  false, "retry_after_delay",           "Too many requests, here or at the provider.";
    UpstreamTimeout             = "UPSTREAM_TIMEOUT",               GATEWAY_TIMEOUT,      true,  false, "retry_with_backoff",          "The provider did not answer in time.";
    UpstreamUnavailable         = "UPSTREAM_UNAVAILABLE",           SERVICE_UNAVAILABLE,  true,  false, "retry_with_backoff",          "The provider, or the gateway's database, cannot be reached at the moment.";
    UnsupportedProvider         = "UNSUPPORTED_PROVIDER",           BAD_REQUEST,          false, true,  "use_supported_provider",      "The provider is unknown or not enabled.";
    UnsupportedEndpoint         = "UNSUPPORTED_ENDPOINT",           NOT_IMPLEMENTED,      false, false, "check_capabilities",          "The provider has nothing like it.";
    InternalError               = "INTERNAL_ERROR",                 INTERNAL_SERVER_ERROR, true, false, "contact_support",             "Something went wrong here.";
}

/// `docs/errors.md`.
pub fn reference() -> String {
    use std::fmt::Write as _;
    let mut text = String::from(
        "<!-- @generated by cargo xtask codegen -->\n# Errors\n\n\
         Every JSON error has one shape, `{\"error\":{…}}`. Decide by `error.code`; keep \
         `error.request_id`, which is also the header `x-request-id`.\n\n\
         | code | status | retryable | what to do | meaning |\n|---|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let retry = if code.is_retryable() { "yes" } else { "no" };
        let (name, status) = (code.name(), code.status().as_u16());
        let (action, meaning) = (code.suggested_action(), code.meaning());
        let anchor = name.to_lowercase();
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            text,
            "| <a id=\"{anchor}\"></a>`{name}` | {status} | {retry} | `{action}` | {meaning} |"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_the_23_codes_of_the_contract_and_each_once() {
        let mut names: Vec<_> = Code::ALL.iter().map(|it| it.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 23);
    }
}
