//! The one table of what is served, by what right, and by whom.
//!
//! [`configure`] serves exactly this table; the reference lists exactly this
//! table; tests walk it.

mod missing;
mod rows;

use actix_web::{
    FromRequest, Handler, Responder, guard,
    web::{self, Data, ServiceConfig},
};
use lodge_access::Permission::{
    self, ReadAuthors, ReadBranches, ReadChecks, ReadCommits, ReadDeployments, ReadDiffs,
    ReadFileTree, ReadProfile, ReadPullRequests, ReadReleases, ReadRepositories, ReadTags,
    SubscribeEvents,
};
use lodge_access::{
    AdminScope,
    AdminScope::{
        AuditRead, ClientsRead, ClientsWrite, ConnectionsRead, ConnectionsWrite, FirewallRead,
        FirewallWrite, GrantsRead, GrantsWrite, TenantsRead, TenantsWrite, TokensRead, TokensWrite,
    },
};

use crate::{
    Surface, account, administration, connections, developer, discovery, events, oauth, people,
    platform, repositories as read, teaching::routes::TEACHING_ROUTES,
};

pub use missing::not_found;
use missing::wrong_method;
use rows::Rows;

/// What a caller must bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Nothing.
    Public,
    /// An app's access token with this permission.
    Token(Permission),
    /// Any good access token.
    AnyToken,
    /// An app's id and secret.
    Client,
    /// Nothing but what is in the body, and patience for who sends it too often.
    Stranger,
    /// A person's session.
    Person,
    /// The session of a member of an organisation.
    Developer,
    /// The session of a member; or of a customer, on the access page of an app.
    DeveloperOrCustomer,
    /// The session of a member, or the app's id and secret.
    DeveloperOrClient,
    /// The cookie of a visit to the consent page, which its browser has.
    Visit,
    /// An admin key with this scope.
    AdminKey(AdminScope),
    /// The scrape token that the operator chose.
    Metrics,
    /// What a Git host was given: the address, and the proof of its deliveries.
    Webhook,
    /// A personal token, a session, or the course token of the environment;
    /// what its bearer may do is asked at each object.
    Teacher,
}

use Credential::{
    AdminKey, AnyToken, Client, Developer, DeveloperOrClient, DeveloperOrCustomer, Metrics, Person,
    Public, Stranger, Token, Visit, Webhook,
};

/// One row of the table.
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path, with parameters in braces.
    pub path: &'static str,
    /// The operation's name, as the journal has it.
    pub operation: &'static str,
    /// What a caller must bring.
    pub credential: Credential,
    pub(crate) handler: fn() -> actix_web::Route,
}

/// Makes rows of a table.
macro_rules! routes {
    ($($method:ident $path:literal $operation:literal $credential:expr => $handler:path;)+) => {
        &[$($crate::routes::Route {
            method: stringify!($method),
            path: $path,
            operation: $operation,
            credential: $credential,
            handler: || $crate::routes::route(stringify!($method), $handler),
        },)+]
    };
}
pub(crate) use routes;

/// Every route of the public listener.
#[rustfmt::skip]
pub const ROUTES: &[Route] = routes! {
    GET    "/health"                                                                          "health"                    Public                     => discovery::health::handler;
    GET    "/health/live"                                                                     "health.live"               Public                     => discovery::live::handler;
    GET    "/health/ready"                                                                    "health.ready"              Public                     => discovery::ready::handler;
    GET    "/openapi.json"                                                                    "openapi"                   Public                     => discovery::openapi_json::handler;
    GET    "/metrics"                                                                         "metrics"                   Metrics                    => platform::metrics::handler;
    GET    "/v1/providers"                                                                    "providers.list"            Public                     => discovery::providers::handler;
    GET    "/v1/auth/callback-urls"                                                           "callback-urls.list"        Public                     => discovery::callback_urls::handler;
    GET    "/v1/platform/capabilities"                                                        "capabilities"              Public                     => discovery::capabilities::handler;
    GET    "/.well-known/oauth-authorization-server"                                          "oauth.metadata"            Public                     => oauth::metadata::handler;
    GET    "/.well-known/gitlodge-receipts"                                                   "receipts.keys"             Public                     => discovery::receipt_keys::handler;
    POST   "/oauth/token"                                                                     "oauth.token"               Client                     => oauth::token::handler;
    POST   "/oauth/revoke"                                                                    "oauth.revoke"              Client                     => oauth::revoke::handler;
    POST   "/oauth/introspect"                                                                "oauth.introspect"          Client                     => oauth::introspect::handler;
    POST   "/oauth/par"                                                                       "oauth.par"                 Client                     => oauth::par::handler;
    POST   "/v1/platform/tokens"                                                              "tokens.issue"              Client                     => oauth::token::platform;
    GET    "/v1/platform/tokens"                                                             "tokens.list"               AdminKey(TokensRead)       => administration::tokens::list;
    GET    "/v1/platform/client/me"                                                           "client.me"                 AnyToken                   => platform::client_me::handler;
    POST   "/v1/explain"                                                                      "explain"                   AnyToken                   => platform::explain::handler;
    GET    "/v1/account/quota"                                                                "account.quota"             AnyToken                   => account::quota::handler;
    GET    "/v1/account/connections"                                                         "account.connections"       Developer                  => account::connections::handler;
    GET    "/v1/account/repositories"                                                        "account.repositories"      Developer                  => account::repositories::handler;
    GET    "/v1/account/usage/summary"                                                       "usage.summary"             DeveloperOrCustomer        => account::usage_summary::handler;
    GET    "/v1/account/usage/logs"                                                          "usage.logs"                DeveloperOrCustomer        => account::usage_logs::handler;
    POST   "/v1/account/signup"                                                                "people.sign-up"            Stranger                   => people::sign_up::handler;
    POST   "/v1/account/login"                                                                 "people.log-in"             Stranger                   => people::log_in::handler;
    POST   "/v1/account/login/passkey/options"                                                 "people.ask-passkey"        Stranger                   => people::passkey_log_in::options;
    POST   "/v1/account/login/passkey"                                                         "people.log-in-passkey"     Stranger                   => people::passkey_log_in::handler;
    POST   "/v1/account/logout"                                                                "people.log-out"            Person                     => people::log_out::handler;
    GET    "/v1/account/me"                                                                    "account.me"                Person                     => people::me::handler;
    GET    "/v1/account/sessions"                                                              "sessions.list"             Person                     => people::sessions::list;
    DELETE "/v1/account/sessions"                                                              "sessions.end-others"       Person                     => people::sessions::end_others;
    DELETE "/v1/account/sessions/{sessionId}"                                                  "sessions.end"              Person                     => people::sessions::end;
    POST   "/v1/account/password"                                                              "account.password"          Person                     => people::password::handler;
    POST   "/v1/account/authenticator"                                                         "authenticator.enrol"       Developer                  => people::authenticator::enrol;
    POST   "/v1/account/authenticator/confirm"                                                 "authenticator.confirm"     Person                     => people::authenticator::confirm;
    POST   "/v1/account/authenticator/recovery-codes"                                          "authenticator.renew-codes" Person                     => people::authenticator::renew;
    POST   "/v1/account/authenticator/remove"                                                  "authenticator.remove"      Person                     => people::authenticator::remove;
    GET    "/v1/account/passkeys"                                                              "passkeys.list"             Person                     => people::passkeys::list;
    POST   "/v1/account/passkeys"                                                              "passkeys.add"              Person                     => people::passkeys::add;
    POST   "/v1/account/passkeys/options"                                                      "passkeys.ask"              Person                     => people::passkeys::options;
    PATCH  "/v1/account/passkeys/{passkeyId}"                                                  "passkeys.rename"           Person                     => people::passkeys::rename;
    POST   "/v1/account/passkeys/{passkeyId}/remove"                                           "passkeys.remove"           Person                     => people::passkeys::remove;
    POST   "/v1/account/organisation"                                                          "account.organisation"      Person                     => people::organisation::handler;
    GET    "/v1/members"                                                                       "members.list"              Developer                  => people::members::list;
    PATCH  "/v1/members/{userId}"                                                              "members.change"            Developer                  => people::members::change;
    DELETE "/v1/members/{userId}"                                                              "members.remove"            Developer                  => people::members::remove;
    GET    "/v1/invitations"                                                                   "invitations.list"          Developer                  => people::invitations::list;
    POST   "/v1/invitations"                                                                   "invitations.create"        Developer                  => people::invitations::create;
    POST   "/v1/invitations/accept"                                                            "invitations.accept"        Person                     => people::invitations::accept;
    DELETE "/v1/invitations/{invitationId}"                                                    "invitations.withdraw"      Developer                  => people::invitations::withdraw;
    GET    "/v1/auth/{provider}/start"                                                        "logins.start"              Visit                      => connections::start_login::handler;
    GET    "/v1/auth/{provider}/callback"                                                     "logins.finish"             Visit                      => connections::finish_login::handler;
    GET    "/v1/me"                                                                           "me"                        Token(ReadProfile)         => read::me::handler;
    GET    "/v1/repositories"                                                                 "repositories.list"         Token(ReadRepositories)    => read::list_repositories::handler;
    GET    "/v1/repositories/{provider}/{repoId}"                                             "repositories.find"         Token(ReadRepositories)    => read::find_repository::handler;
    GET    "/v1/repositories/{provider}/{repoId}/branches"                                    "branches.list"             Token(ReadBranches)        => read::list_branches::handler;
    GET    "/v1/repositories/{provider}/{repoId}/commits"                                     "commits.list"              Token(ReadCommits)         => read::list_commits::handler;
    GET    "/v1/repositories/{provider}/{repoId}/commits/{commitId}/diff"                     "commits.diff"              Token(ReadDiffs)           => read::commit_diff::handler;
    GET    "/v1/repositories/{provider}/{repoId}/pull-requests"                               "pull-requests.list"        Token(ReadPullRequests)    => read::list_pull_requests::handler;
    GET    "/v1/repositories/{provider}/{repoId}/pull-requests/{pullRequestId}/diff"          "pull-requests.diff"        Token(ReadDiffs)           => read::pull_request_diff::handler;
    GET    "/v1/repositories/{provider}/{repoId}/contributors"                                "contributors.list"         Token(ReadAuthors)         => read::list_contributors::handler;
    GET    "/v1/repositories/{provider}/{repoId}/tags"                                        "tags.list"                 Token(ReadTags)            => read::list_tags::handler;
    GET    "/v1/repositories/{provider}/{repoId}/releases"                                    "releases.list"             Token(ReadReleases)        => read::list_releases::handler;
    GET    "/v1/repositories/{provider}/{repoId}/checks"                                      "checks.list"               Token(ReadChecks)          => read::list_checks::handler;
    GET    "/v1/repositories/{provider}/{repoId}/deployments"                                 "deployments.list"          Token(ReadDeployments)     => read::list_deployments::handler;
    GET    "/v1/repositories/{provider}/{repoId}/file-tree"                                   "file-tree.list"            Token(ReadFileTree)        => read::list_tree::handler;
    POST   "/v1/repositories/{provider}/{repoId}/events/subscribe"                            "events.subscribe"          Token(SubscribeEvents)     => events::subscribe::handler;
    GET    "/v1/subscriptions"                                                                "subscriptions.list"        Token(SubscribeEvents)     => events::list_subscriptions::handler;
    PATCH  "/v1/subscriptions/{subscriptionId}"                                               "subscriptions.update"      Token(SubscribeEvents)     => events::update_subscription::handler;
    DELETE "/v1/subscriptions/{subscriptionId}"                                               "subscriptions.end"         Token(SubscribeEvents)     => events::end_subscription::handler;
    GET    "/v1/subscriptions/{subscriptionId}/deliveries"                                    "deliveries.list"           Token(SubscribeEvents)     => events::list_deliveries::handler;
    POST   "/v1/subscriptions/{subscriptionId}/deliveries/{deliveryId}/replay"                "deliveries.replay"         Token(SubscribeEvents)     => events::replay_delivery::handler;
    POST   "/v1/hooks/{provider}/{token}"                                                     "hooks.receive"             Webhook                    => events::receive::handler;
    POST   "/v1/security/firewall/test"                                                       "firewall.test"             Developer                  => platform::try_firewall::handler;
    GET    "/v1/developer/apps"                                                               "apps.list"                 Developer                  => developer::list_apps::handler;
    POST   "/v1/developer/apps"                                                               "apps.create"               Developer                  => developer::create_app::handler;
    PATCH  "/v1/developer/apps/{clientId}"                                                    "apps.update"               Developer                  => developer::update_app::handler;
    DELETE "/v1/developer/apps/{clientId}"                                                    "apps.delete"               Developer                  => developer::delete_app::handler;
    POST   "/v1/developer/apps/{clientId}/secrets"                                           "secrets.create"            Developer                  => developer::rotate_secret::handler;
    POST   "/v1/developer/apps/{clientId}/connect-sessions"                                   "connect-sessions.create"   DeveloperOrClient          => developer::connect_sessions::handler;
    GET    "/v1/platform/tenants"                                                            "tenants.list"              AdminKey(TenantsRead)      => administration::tenants::list;
    POST   "/v1/platform/tenants"                                                            "tenants.create"            AdminKey(TenantsWrite)     => administration::tenants::create;
    GET    "/v1/platform/clients"                                                            "clients.list"              AdminKey(ClientsRead)      => administration::clients::list;
    POST   "/v1/platform/clients"                                                            "clients.create"            AdminKey(ClientsWrite)     => administration::clients::create;
    GET    "/v1/platform/grants"                                                             "grants.list"               AdminKey(GrantsRead)       => administration::grants::list;
    POST   "/v1/platform/grants"                                                             "grants.create"             AdminKey(GrantsWrite)      => administration::grants::create;
    DELETE "/v1/platform/grants/{grantId}"                                                   "grants.revoke"             AdminKey(GrantsWrite)      => administration::grants::revoke;
    POST   "/v1/platform/tokens/introspect"                                                  "tokens.introspect"         AdminKey(TokensRead)       => administration::tokens::introspect;
    DELETE "/v1/platform/tokens/{tokenId}"                                                   "tokens.revoke"             AdminKey(TokensWrite)      => administration::tokens::revoke;
    GET    "/v1/platform/audit"                                                              "audit.list"                AdminKey(AuditRead)        => administration::audit::list;
    GET    "/v1/security/firewall/config"                                                    "firewall.show"             AdminKey(FirewallRead)     => administration::firewall_config::show;
    POST   "/v1/security/firewall/config"                                                    "firewall.change"           AdminKey(FirewallWrite)    => administration::firewall_config::change;
    GET    "/v1/connections"                                                                 "connections.list"          AdminKey(ConnectionsRead)  => connections::list_connections::handler;
    POST   "/v1/connections/manual"                                                          "connections.connect"       AdminKey(ConnectionsWrite) => connections::connect_with_token::handler;
    GET    "/v1/connections/{connectionId}"                                                  "connections.find"          AdminKey(ConnectionsRead)  => connections::find_connection::handler;
    PATCH  "/v1/connections/{connectionId}"                                                  "connections.update"        AdminKey(ConnectionsWrite) => connections::update_connection::handler;
    DELETE "/v1/connections/{connectionId}"                                                  "connections.disconnect"    AdminKey(ConnectionsWrite) => connections::disconnect::handler;
};

/// Every route of the admin listener.
#[rustfmt::skip]
pub const ADMIN_ROUTES: &[Route] = routes! {
    GET    "/health"                                                                          "health"                    Public                     => discovery::health::handler;
    GET    "/health/live"                                                                     "health.live"               Public                     => discovery::live::handler;
    GET    "/health/ready"                                                                    "health.ready"              Public                     => discovery::ready::handler;
    GET    "/metrics"                                                                         "metrics"                   Public                     => platform::metrics::admin;
    POST   "/v1/security/firewall/test"                                                       "firewall.test"             Public                     => platform::try_firewall::admin;
    GET    "/v1/connections"                                                                  "connections.list"          AdminKey(ConnectionsRead)  => connections::list_connections::handler;
    POST   "/v1/connections/manual"                                                           "connections.connect"       AdminKey(ConnectionsWrite) => connections::connect_with_token::handler;
    GET    "/v1/connections/{connectionId}"                                                   "connections.find"          AdminKey(ConnectionsRead)  => connections::find_connection::handler;
    PATCH  "/v1/connections/{connectionId}"                                                   "connections.update"        AdminKey(ConnectionsWrite) => connections::update_connection::handler;
    DELETE "/v1/connections/{connectionId}"                                                   "connections.disconnect"    AdminKey(ConnectionsWrite) => connections::disconnect::handler;
    POST   "/v1/hook-deliveries/{hookId}/replay"                                              "hooks.replay"              AdminKey(ConnectionsWrite) => events::replay_hook::admin;
    GET    "/v1/platform/tenants"                                                            "tenants.list"              AdminKey(TenantsRead)      => administration::tenants::list;
    POST   "/v1/platform/tenants"                                                            "tenants.create"            AdminKey(TenantsWrite)     => administration::tenants::create;
    GET    "/v1/platform/clients"                                                            "clients.list"              AdminKey(ClientsRead)      => administration::clients::list;
    POST   "/v1/platform/clients"                                                            "clients.create"            AdminKey(ClientsWrite)     => administration::clients::create;
    GET    "/v1/platform/grants"                                                             "grants.list"               AdminKey(GrantsRead)       => administration::grants::list;
    POST   "/v1/platform/grants"                                                             "grants.create"             AdminKey(GrantsWrite)      => administration::grants::create;
    DELETE "/v1/platform/grants/{grantId}"                                                   "grants.revoke"             AdminKey(GrantsWrite)      => administration::grants::revoke;
    GET    "/v1/platform/tokens"                                                             "tokens.list"               AdminKey(TokensRead)       => administration::tokens::list;
    POST   "/v1/platform/tokens/introspect"                                                  "tokens.introspect"         AdminKey(TokensRead)       => administration::tokens::introspect;
    DELETE "/v1/platform/tokens/{tokenId}"                                                   "tokens.revoke"             AdminKey(TokensWrite)      => administration::tokens::revoke;
    GET    "/v1/platform/audit"                                                              "audit.list"                AdminKey(AuditRead)        => administration::audit::list;
    GET    "/v1/security/firewall/config"                                                    "firewall.show"             AdminKey(FirewallRead)     => administration::firewall_config::show;
    POST   "/v1/security/firewall/config"                                                    "firewall.change"           AdminKey(FirewallWrite)    => administration::firewall_config::change;
};

/// A handler behind its method; `HEAD` is answered wherever `GET` is.
pub(crate) fn route<F, Args>(method: &str, handler: F) -> actix_web::Route
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let route = match method {
        "GET" => web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
        "POST" => web::post(),
        "PUT" => web::put(),
        "PATCH" => web::patch(),
        "DELETE" => web::delete(),
        // No row has another method; one that did would never match.
        _ => web::route().guard(guard::fn_guard(|_| false)),
    };
    route.to(handler)
}

/// Serves both tables on the public listener.
pub fn configure(surface: Data<Surface>) -> impl Fn(&mut ServiceConfig) + Clone {
    // Where admin keys are confined, their rows do not exist here.
    let confined = surface.admin.confined;
    let shown = move |row: &&Route| !(confined && matches!(row.credential, AdminKey(_)));
    let rows: Vec<_> = ROUTES.iter().filter(shown).chain(TEACHING_ROUTES).collect();
    move |config| serve(config, &surface, &rows)
}

/// Serves the admin listener's table.
pub fn configure_admin(surface: Data<Surface>) -> impl Fn(&mut ServiceConfig) + Clone {
    move |config| serve(config, &surface, &ADMIN_ROUTES.iter().collect::<Vec<_>>())
}

/// How the paths begin that are asked for most.
const BUSY: [&str; 2] = ["/v1/repositories", "/api/v1/webhooks/"];

fn serve(config: &mut ServiceConfig, surface: &Data<Surface>, routes: &[&'static Route]) {
    config.app_data(surface.clone());
    let mut paths: Vec<_> = routes.iter().map(|it| it.path).collect();
    paths.dedup();
    // The router tries one after the other.
    paths.sort_by_key(|it| !BUSY.iter().any(|busy| it.starts_with(busy)));
    for path in paths {
        let rows: Vec<_> = routes.iter().copied().filter(|it| it.path == path).collect();
        let methods: Vec<_> = rows.iter().map(|it| it.method).collect();
        let allow = methods.join(", ");
        // `/api/v1/courses/` answers without its last slash, too.
        let patterns = match path.strip_suffix('/') {
            Some(bare) if !bare.is_empty() => vec![path, bare],
            _ => vec![path],
        };
        let resource = web::resource(patterns);
        let resource = rows.iter().fold(resource, |it, row| it.route((row.handler)()));
        let resource = resource.app_data(Rows(rows));
        config.service(
            resource.default_service(web::to(move || std::future::ready(wrong_method(&allow)))),
        );
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_operation_of_the_table_has_a_name_of_its_own() {
        let all = || ROUTES.iter().chain(TEACHING_ROUTES);
        let names: BTreeSet<_> = all().map(|it| it.operation).collect();
        assert_eq!(names.len(), all().count(), "{names:?}");
    }
}
