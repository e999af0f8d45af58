//! The 23 canonical codes. `docs/errors.md` is made from this table.

use actix_web::http::StatusCode;

macro_rules! codes {
    ($($name:ident = $text:literal, $status:ident, $retry:literal, $action:literal, $suggested:literal, $meaning:literal, $advice:literal;)+) => {
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

            /// What a developer does about it, in a sentence or two.
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)+ }
            }
        }
    };
}

#[rustfmt::skip]
codes! {
    //                            code                              status                retry  action suggested action                meaning, and advice
    InvalidRequest              = "INVALID_REQUEST",                BAD_REQUEST,          false, true,  "fix_request",                 "The request is malformed or makes no sense.", "Read `message`: it names the field or parameter and what it takes. Do not repeat the request as it is.";
    InvalidLimit                = "INVALID_LIMIT",                  BAD_REQUEST,          false, true,  "fix_limit",                   "`limit` is not a whole number from 1 to 100.", "Send a whole number from 1 to 100, or leave `limit` out: then it is 25.";
    InvalidCursor               = "INVALID_CURSOR",                 BAD_REQUEST,          false, true,  "restart_pagination",          "The cursor was changed, or belongs to another request.", "Begin again without `cursor`. A cursor goes on with the same token, route, repository and filters only; send it as it came.";
    CursorExpired               = "CURSOR_EXPIRED",                 GONE,                 false, true,  "restart_pagination",          "The cursor is older than 15 minutes.", "Begin again without `cursor`, and follow the pages of one listing within 15 minutes of each other.";
    PaginationNotSupported      = "PAGINATION_NOT_SUPPORTED",       BAD_REQUEST,          false, true,  "specify_provider",            "A cursor was sent where none can be.", "Name one `provider`: only the listing of a single provider can be continued.";
    AuthRequired                = "AUTH_REQUIRED",                  UNAUTHORIZED,         false, true,  "authenticate",                "No token or session was sent.", "Send `Authorization: Bearer` with an access token. A token in the query is never read.";
    AuthExpired                 = "AUTH_EXPIRED",                   UNAUTHORIZED,         false, true,  "refresh_token",               "The token has expired, or a host no longer accepts the connection.", "Exchange the refresh token for a new access token. With `suggested_action` `reconnect_account`, the customer connects the account again on the consent page.";
    InvalidCredentials          = "INVALID_CREDENTIALS",            UNAUTHORIZED,         false, true,  "check_credentials",           "The token, client or session is unknown, wrong or revoked.", "Check that the whole token or secret was sent. One that was revoked stays revoked: ask for consent again.";
    InsufficientScope           = "INSUFFICIENT_SCOPE",             FORBIDDEN,            false, true,  "request_scope",               "The token or the approval is without a permission that this needs.", "`details` lists the scope that is needed and those that were granted. Ask the customer for it in a new consent.";
    ProviderAccountNotConnected = "PROVIDER_ACCOUNT_NOT_CONNECTED", FORBIDDEN,            false, true,  "connect_provider_account",    "No account at this provider is part of the approval.", "Send the customer to the consent page to connect an account at this provider.";
    AccessBlockedByPolicy       = "ACCESS_BLOCKED_BY_POLICY",       FORBIDDEN,            false, true,  "contact_admin",               "A policy, here or at the provider, forbids it.", "The host refused (an organisation’s single sign-on, or an address list), or the operator did. Somebody there must allow it.";
    RepositoryNotApproved       = "REPOSITORY_NOT_APPROVED",        FORBIDDEN,            false, true,  "request_repository_approval", "The repository is not among the approved ones. Said of unknown repositories, too.", "Ask the customer to tick the repository on the consent page. Whether it exists is not told.";
    ApprovalRequired            = "APPROVAL_REQUIRED",              FORBIDDEN,            false, true,  "start_consent",               "No customer has approved anything for this token, or the approval has ended.", "Begin a consent: make a connect session and send the customer to its `url`.";
    ApprovalPending             = "APPROVAL_PENDING",               FORBIDDEN,            false, true,  "wait_for_approval",           "The customer has not answered yet.", "Wait for the answer at your redirect URI. Asking again sooner changes nothing.";
    ResourceNotFound            = "RESOURCE_NOT_FOUND",             NOT_FOUND,            false, true,  "verify_resource",             "What was asked for is not there.", "Check the id. What belongs to somebody else looks as if it were not there.";
    RepositoryNotFound          = "REPOSITORY_NOT_FOUND",           NOT_FOUND,            false, true,  "verify_repository",           "The approved repository is no longer at the provider.", "It was deleted, or moved out of the account’s sight. List the repositories again.";
    InstallationNotFound        = "INSTALLATION_NOT_FOUND",         NOT_FOUND,            false, true,  "reinstall_provider_app",      "The app's installation or workspace at the provider is gone.", "The customer installs the app, or joins the workspace, at the host again.";
    RateLimited                 = "RATE_LIMITED",                   TOO_MANY_REQUESTS,    true,  false, "retry_after_delay",           "Too many requests, here or at the provider.", "Wait `retry_after_seconds` (also the header `Retry-After`), then repeat. `GET /v1/account/quota` shows what is left.";
    UpstreamTimeout             = "UPSTREAM_TIMEOUT",               GATEWAY_TIMEOUT,      true,  false, "retry_with_backoff",          "The provider did not answer in time.", "Repeat after a pause that grows each time. A smaller `limit` helps with slow hosts.";
    UpstreamUnavailable         = "UPSTREAM_UNAVAILABLE",           SERVICE_UNAVAILABLE,  true,  false, "retry_with_backoff",          "The provider, or the gateway's database, cannot be reached at the moment.", "Repeat after a pause that grows each time, or after `retry_after_seconds` where it is given.";
    UnsupportedProvider         = "UNSUPPORTED_PROVIDER",           BAD_REQUEST,          false, true,  "use_supported_provider",      "The provider is unknown or not enabled.", "`GET /v1/providers` lists the providers of this installation.";
    UnsupportedEndpoint         = "UNSUPPORTED_ENDPOINT",           NOT_IMPLEMENTED,      false, false, "check_capabilities",          "The provider has nothing like it.", "`GET /v1/platform/capabilities` has the matrix of hosts and endpoints. Leave this out for this host.";
    InternalError               = "INTERNAL_ERROR",                 INTERNAL_SERVER_ERROR, true, false, "contact_support",             "Something went wrong here.", "Repeat a read once. If it stays, tell the operator the `request_id`: the cause is in the log under it.";
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
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            text,
            "| <a id=\"{name}\"></a>`{name}` | {status} | {retry} | `{action}` | {meaning} |"
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
