//! The OpenAPI 3.1 document, made from the handlers.

use lodge_access::Permission;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, HttpMethod, Object, PathItem, RefOr, ResponseBuilder, Type,
        extensions::Extensions,
        path::{Operation, OperationBuilder, ParameterBuilder, ParameterIn},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{
    account, administration, connections, developer, discovery, events, oauth, people, platform,
    problem::Code, repositories as read, teaching,
};

/// A page that the web surface serves, to be listed beside the endpoints.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The method.
    pub method: &'static str,
    /// The path.
    pub path: &'static str,
    /// What it is.
    pub summary: &'static str,
    /// More of it.
    pub text: Option<&'static str>,
    /// The parameters of its query, each with its meaning.
    pub parameters: &'static [(&'static str, &'static str)],
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Gitlodge",
        description = "One gate to every Git host: read repositories that a customer has approved, through one API.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        discovery::health::handler,
        discovery::live::handler,
        discovery::ready::handler,
        discovery::openapi_json::handler,
        discovery::providers::handler,
        discovery::callback_urls::handler,
        discovery::capabilities::handler,
        discovery::receipt_keys::handler,
        oauth::metadata::handler,
        oauth::token::handler,
        oauth::token::platform,
        oauth::revoke::handler,
        oauth::introspect::handler,
        oauth::par::handler,
        platform::client_me::handler,
        platform::explain::handler,
        platform::metrics::handler,
        platform::try_firewall::handler,
        administration::tenants::list,
        administration::tenants::create,
        administration::clients::list,
        administration::clients::create,
        administration::grants::list,
        administration::grants::create,
        administration::grants::revoke,
        administration::tokens::list,
        administration::tokens::introspect,
        administration::tokens::revoke,
        administration::audit::list,
        administration::firewall_config::show,
        administration::firewall_config::change,
        account::quota::handler,
    account::connections::handler, account::repositories::handler, account::usage_logs::handler, account::usage_summary::handler, people::authenticator::confirm, people::authenticator::enrol, people::authenticator::remove, people::authenticator::renew, people::invitations::accept, people::invitations::create, people::invitations::list, people::invitations::withdraw, people::log_in::handler, people::log_out::handler, people::me::handler, people::members::change, people::members::list, people::members::remove, people::organisation::handler, people::passkey_log_in::handler, people::passkey_log_in::options, people::passkeys::add, people::passkeys::list, people::passkeys::options, people::passkeys::remove, people::passkeys::rename, people::password::handler, people::sessions::end, people::sessions::end_others, people::sessions::list, people::sign_up::handler,
        connections::start_login::handler,
        connections::finish_login::handler,
        connections::list_connections::handler,
        connections::connect_with_token::handler,
        connections::find_connection::handler,
        connections::update_connection::handler,
        connections::disconnect::handler,
        read::me::handler,
        read::list_repositories::handler,
        read::find_repository::handler,
        read::list_branches::handler,
        read::list_commits::handler,
        read::commit_diff::handler,
        read::list_pull_requests::handler,
        read::pull_request_diff::handler,
        read::list_contributors::handler,
        read::list_tags::handler,
        read::list_releases::handler,
        read::list_checks::handler,
        read::list_deployments::handler,
        read::list_tree::handler,
        events::subscribe::handler,
        events::list_subscriptions::handler,
        events::replay_hook::admin,
        events::update_subscription::handler,
        events::end_subscription::handler,
        events::list_deliveries::handler,
        events::replay_delivery::handler,
        events::receive::handler,
        developer::list_apps::handler,
        developer::create_app::handler,
        developer::update_app::handler,
        developer::delete_app::handler,
        developer::rotate_secret::handler,
        developer::connect_sessions::handler,
        teaching::people::me::handler,
        teaching::people::tokens::list,
        teaching::people::tokens::make,
        teaching::people::tokens::end,
        teaching::people::users::list,
        teaching::people::users::find,
        teaching::people::users::change,
        teaching::people::users::remove,
        teaching::courses::list::all,
        teaching::courses::create::handler,
        teaching::courses::configuration::import,
        teaching::courses::list::one,
        teaching::courses::change::handler,
        teaching::courses::delete::handler,
        teaching::courses::archive::archive,
        teaching::courses::archive::unarchive,
        teaching::courses::clone::handler,
        teaching::courses::configuration::export,
        teaching::courses::settings::show,
        teaching::courses::settings::replace,
        teaching::courses::staff::list,
        teaching::courses::staff::put,
        teaching::courses::staff::remove,
        teaching::courses::roster::export,
        teaching::courses::roster::import,
        teaching::teams::list::all,
        teaching::teams::create::handler,
        teaching::teams::list::one,
        teaching::teams::change::change,
        teaching::teams::change::delete,
        teaching::teams::lock::lock,
        teaching::teams::lock::unlock,
        teaching::teams::members::list,
        teaching::teams::members::add,
        teaching::teams::members::remove,
        teaching::students::list::all,
        teaching::students::list::one,
        teaching::students::change::handler,
        teaching::students::identities::list,
        teaching::students::identities::add,
        teaching::students::identities::remove,
        teaching::students::erase::handler,
        teaching::projects::list::all,
        teaching::projects::create::handler,
        teaching::projects::list::one,
        teaching::projects::change::change,
        teaching::projects::change::delete,
        teaching::courses::parse_url::get,
        teaching::courses::parse_url::post,
        teaching::courses::import::handler,
        teaching::courses::sync::handler,
        teaching::courses::summary::handler,
        teaching::results::trend::handler,
        teaching::results::alerts::handler,
        teaching::results::gradebook::handler,
        teaching::results::compliance::of_team,
        teaching::results::compliance::of_student,
        teaching::reports::list::of_team,
        teaching::reports::make::handler,
        teaching::reports::list::all,
        teaching::reports::one::read,
        teaching::reports::one::remove,
        teaching::results::flags::of_team,
        teaching::results::flags::list,
        teaching::results::flags::one,
        teaching::results::flags::decide,
        teaching::teams::sync::sync,
        teaching::teams::sync::recheck,
        teaching::activity::team::timeline,
        teaching::activity::team::contributions,
        teaching::activity::team::metrics,
        teaching::activity::student::activity,
        teaching::activity::student::contributions,
        teaching::activity::list::commits,
        teaching::activity::list::merge_requests,
        teaching::activity::list::issues,
        teaching::activity::list::pipelines,
        teaching::projects::webhook::install,
        teaching::projects::webhook::remove,
        teaching::projects::webhook::rotate,
        teaching::projects::webhook::test,
    teaching::intake::events::dead_letters, teaching::intake::events::find_event, teaching::intake::events::list_events, teaching::intake::events::of_team, teaching::intake::events::stats, teaching::intake::hooks::list, teaching::intake::hooks::make, teaching::intake::hooks::remove, teaching::intake::hooks::rotate, teaching::intake::receive::handler, teaching::intake::replay::discard, teaching::intake::replay::many, teaching::intake::replay::one, teaching::intake::try_hook::handler, teaching::jobs::cancel::handler, teaching::jobs::find::handler, teaching::jobs::list::handler, teaching::jobs::rehearse::handler, teaching::jobs::stream::handler,
    ),
    tags(
        (name = "Discovery", description = "What anybody may know."),
        (name = "OAuth", description = "How an app comes by a token."),
        (name = "Connections", description = "How a customer connects accounts at Git hosts."),
        (name = "Reading", description = "What an app reads with a token."),
        (name = "Events", description = "How an app hears what happens."),
        (name = "People", description = "How those who make apps come in, and with whom."),
        (name = "Developers", description = "How an app comes to be."),
        (name = "Events of courses", description = "What hosts deliver to courses: received, worked on, replayed."),
        (name = "Courses", description = "What teachers do: courses, teams, students, projects."),
        (name = "Jobs", description = "Work that takes longer than a request: look at it, watch it, stop it."),
        (name = "Pages", description = "What people see."),
        (name = "Administration", description = "What administrators do, with an admin key."),
        (name = "Operations", description = "What an operator watches."),
    ),
    modifiers(&Credentials),
)]
struct Document;

/// The ways to say who calls.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut openapi::OpenApi) {
        let scopes: Vec<_> = Permission::ALL
            .iter()
            .map(|it| format!("`{}`: {}", it.scope(), it.description()))
            .collect();
        let bearer = |description: String| {
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .description(Some(description))
                    .build(),
            )
        };
        let basic = HttpBuilder::new()
            .scheme(HttpAuthScheme::Basic)
            .description(Some("The app's `client_id` and `client_secret`."))
            .build();
        let components = document.components.get_or_insert_default();
        let access = format!("An app's access token, `sggat_…`. Scopes: {}", scopes.join(" "));
        components.add_security_scheme("access_token", bearer(access));
        let session = "A developer's session, `sggus_…`.".to_owned();
        components.add_security_scheme("user_session", bearer(session));
        let teacher = "A personal token, `sggpt_…`, a session, `sggus_…`, or the course token of \
                       the environment, `TEACHER_API_TOKEN`."
            .to_owned();
        components.add_security_scheme("teacher_token", bearer(teacher));
        let metrics = "The scrape token that the operator chose.".to_owned();
        components.add_security_scheme("metrics_token", bearer(metrics));
        let key = "A named key of an administrator, `sggak_…`, with the scope that is said.";
        let key = ApiKeyValue::with_description("x-admin-api-key", key);
        components.add_security_scheme("admin_key", SecurityScheme::ApiKey(ApiKey::Header(key)));
        components.add_security_scheme("client_basic", SecurityScheme::Http(basic));
    }
}

/// The document, with `pages` beside the endpoints.
pub fn document(pages: &[Page]) -> openapi::OpenApi {
    let mut document = Document::openapi();
    let codes = Extensions::builder().add("x-error-codes", error_codes()).build();
    document.extensions = Some(codes);
    for (path, item) in &mut document.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            operation.operation_id = Some(operation_id(method, path));
            split_summary(operation);
        }
    }
    for page in pages {
        let answer = ResponseBuilder::new().description("A page, a redirect or an asset").build();
        let operation = OperationBuilder::new()
            .tag("Pages")
            .summary(Some(page.summary))
            .description(page.text)
            .parameters(Some(page.parameters.iter().map(|(name, meaning)| {
                ParameterBuilder::new()
                    .name(*name)
                    .parameter_in(ParameterIn::Query)
                    .description(Some(*meaning))
                    .schema(Some(Object::with_type(Type::String)))
                    .build()
            })))
            .response("200", RefOr::T(answer))
            .build();
        let method = if page.method == "POST" { HttpMethod::Post } else { HttpMethod::Get };
        let item = PathItem::new(method, operation);
        match document.paths.paths.get_mut(page.path) {
            Some(known) => known.merge_operations(item),
            None => {
                document.paths.paths.insert(page.path.to_owned(), item);
            }
        }
    }
    document
}

/// The table of codes, from which pages and clients explain an error.
fn error_codes() -> serde_json::Value {
    let codes = Code::ALL.iter().map(|it| {
        serde_json::json!({
            "code": it.name(),
            "status": it.status().as_u16(),
            "retryable": it.is_retryable(),
            "suggestedAction": it.suggested_action(),
            "meaning": it.meaning(),
            "advice": it.advice(),
        })
    });
    codes.collect()
}

/// A name for generated clients: method and path, which no other operation has.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    words.fold(method.to_owned(), |id, word| id + "_" + word)
}

/// A handler's comment is one paragraph: its first sentence is the summary, the
/// rest the description.
fn split_summary(operation: &mut Operation) {
    let Some(text) = operation.summary.take() else { return };
    let (summary, rest) = text.split_once(". ").unwrap_or((&text, ""));
    operation.summary = Some(summary.trim_end_matches('.').to_owned());
    operation.description = Some(rest.to_owned()).filter(|it| !it.is_empty());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{ADMIN_ROUTES, ROUTES, TEACHING_ROUTES};

    #[test]
    fn the_document_lists_every_route_and_nothing_else() {
        let document = serde_json::to_value(document(&[])).unwrap();
        let mut listed = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for method in item.as_object().unwrap().keys() {
                listed.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
        // A path that both listeners have is described once.
        let all = ROUTES.iter().chain(ADMIN_ROUTES).chain(TEACHING_ROUTES);
        let served: BTreeSet<_> = all.map(|it| format!("{} {}", it.method, it.path)).collect();
        assert_eq!(listed, served);
    }

    #[test]
    fn every_operation_has_its_own_id() {
        let document = serde_json::to_value(document(&[])).unwrap();
        let items = document["paths"].as_object().unwrap().values();
        let operations = items.flat_map(|it| it.as_object().unwrap().values());
        let ids: Vec<_> = operations.map(|it| it["operationId"].as_str().unwrap()).collect();
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{ids:?}");
    }
}
