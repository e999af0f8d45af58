//! `POST /v1/explain`

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use lodge_access::{Grant, Permission};
use lodge_forge::{ProviderName, RepositoryId};
use serde::{Deserialize, Serialize};
use url::form_urlencoded::Serializer;
use utoipa::ToSchema;

use super::{
    decision::Step,
    rehearse::{Rehearsed, reads},
};
use crate::{
    Surface,
    body::RawBody,
    caller::{Anything, Bearer},
    problem::{ErrorBody, Problem},
};

/// The read that is asked about: by its path, or by its operation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct ExplainBody {
    /// `GET`, which it is when absent.
    method: Option<String>,
    /// For example `/v1/repositories/local/web/commits`, with a query or without.
    path: Option<String>,
    /// The query's parameters.
    #[serde(default)]
    query: BTreeMap<String, String>,
    /// Instead of `path`: for example `commits.list`.
    operation: Option<String>,
    /// With `operation`.
    provider: Option<String>,
    /// With `operation`.
    repository_id: Option<String>,
    /// With `commits.diff`.
    commit_id: Option<String>,
    /// With `pull-requests.diff`.
    pull_request_id: Option<String>,
}

/// What would become of the read.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExplainView {
    data: Explained,
    request_id: String,
}

/// What would become of the read.
#[derive(Serialize, ToSchema)]
struct Explained {
    operation: &'static str,
    /// The address that was explained.
    address: String,
    /// It would be read.
    allowed: bool,
    /// With which code it would be refused.
    error_code: Option<&'static str>,
    /// Every decision, in order. After a refusal, nothing more is decided.
    steps: Vec<StepView>,
    /// How often hosts would be asked, at least.
    planned_upstream_calls: usize,
}

/// One decision.
#[derive(Serialize, ToSchema)]
struct StepView {
    step: &'static str,
    /// `pass`, `refuse` or `skipped`.
    outcome: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'static str>,
}

/// Says what would become of a read, decision by decision, without asking a
/// host. The read's own code decides, so that the first refusal is the error of
/// the read. A repository that is not approved is explained as one that does not
/// exist: `REPOSITORY_NOT_APPROVED`.
#[utoipa::path(
    post,
    path = "/v1/explain",
    tag = "Platform",
    security(("access_token" = [])),
    request_body = ExplainBody,
    responses(
        (status = 200, description = "Every decision, in order", body = ExplainView),
        (status = 400, description = "Not a read", body = ErrorBody),
        (status = 401, description = "No token, or none of this gateway", body = ErrorBody),
        (status = 429, description = "Too many requests", body = ErrorBody),
    ),
)]
#[tracing::instrument(name = "http.explain", skip_all)]
pub(crate) async fn handler(
    caller: Bearer<Anything>,
    body: RawBody,
) -> Result<HttpResponse, Problem> {
    let read = body.json::<ExplainBody>().await?.read()?;
    let decided = read.decide(&caller.surface, &caller.grant, caller.arrival).await;
    // A host that would be asked is the end of a rehearsal.
    let refused = decided.err().filter(|it| !it.from_provider);
    let known = Known { surface: &caller.surface, grant: &caller.grant, read: &read };
    let data = explained(&known, refused.as_ref());
    let request_id = caller.arrival.id.to_string();
    Ok(HttpResponse::Ok().json(ExplainView { data, request_id }))
}

impl ExplainBody {
    fn read(&self) -> Result<Rehearsed, Problem> {
        if self.method.as_deref().is_some_and(|it| !it.eq_ignore_ascii_case("GET")) {
            return Err(Problem::invalid("only reads are explained: `method` is `GET`"));
        }
        let path = match (&self.path, &self.operation) {
            (Some(path), None) => path.clone(),
            (None, Some(operation)) => self.path_of(operation)?,
            _ => return Err(Problem::invalid("say either `path` or `operation`")),
        };
        let (path, in_path) = path.split_once('?').unwrap_or((&path, ""));
        let mut query = Serializer::new(in_path.to_owned());
        query.extend_pairs(&self.query);
        let nothing = || Problem::invalid("nothing is read at this `path` by a token");
        Rehearsed::at(path, &query.finish()).ok_or_else(nothing)
    }

    fn path_of(&self, operation: &str) -> Result<String, Problem> {
        let unknown = || Problem::invalid("`operation` is none by which something is read");
        let route = reads().find(|it| it.operation == operation).ok_or_else(unknown)?;
        let given = [
            ("provider", "provider", &self.provider),
            ("repoId", "repositoryId", &self.repository_id),
            ("commitId", "commitId", &self.commit_id),
            ("pullRequestId", "pullRequestId", &self.pull_request_id),
        ];
        let mut path = route.path.to_owned();
        for (segment, field, value) in given {
            let place = format!("{{{segment}}}");
            if !path.contains(&place) {
                continue;
            }
            let value = value.as_deref().filter(|it| !it.is_empty() && !it.contains('/'));
            let missing = || Problem::invalid(format!("`{field}` is missing, or has a slash"));
            path = path.replace(&place, value.ok_or_else(missing)?);
        }
        Ok(path)
    }
}

fn explained(known: &Known<'_>, refused: Option<&Problem>) -> Explained {
    let read = known.read;
    let refused_at = refused.map(|it| Step::of(it.code));
    let steps = Step::ALL.into_iter().map(|step| {
        let (outcome, detail, error_code) = match (refused, refused_at) {
            (Some(problem), Some(at)) if at == step => {
                ("refuse", problem.message.clone(), Some(problem.code.name()))
            }
            (_, Some(at)) if at < step => ("skipped", "not decided any more".to_owned(), None),
            _ => ("pass", known.detail(step), None),
        };
        StepView { step: step.name(), outcome, detail, error_code }
    });
    let calls = if refused.is_none() { known.planned_calls() } else { 0 };
    Explained {
        operation: read.route.operation,
        address: read.address(),
        allowed: refused.is_none(),
        error_code: refused.map(|it| it.code.name()),
        steps: steps.collect(),
        planned_upstream_calls: calls,
    }
}

/// What the words for a decision need. They are only asked for where the read
/// was not refused, so that nothing is told of what was not approved.
struct Known<'a> {
    surface: &'a Surface,
    grant: &'a Grant,
    read: &'a Rehearsed,
}

impl Known<'_> {
    fn detail(&self, step: Step) -> String {
        let (grant, read) = (self.grant, self.read);
        let scope = read.permission().map_or("", Permission::scope);
        let approval = grant.authorization.as_ref();
        match step {
            Step::Credential => format!("the token is good until {}", grant.token.expires_at),
            Step::Consent => approval
                .map(|it| format!("the customer has approved until {}", it.expires_at))
                .unwrap_or_default(),
            Step::Scope => format!("this needs `{scope}`, which was approved"),
            Step::Request => "path and parameters can be used".to_owned(),
            Step::Provider => read.segment("provider").map_or_else(
                || "no single provider is named".to_owned(),
                |it| format!("`{it}` is enabled"),
            ),
            Step::Account => {
                let n_accounts = approval.map_or(0, |it| it.connections.len());
                format!("the approval reaches accounts: {n_accounts}")
            }
            Step::Repository => self.repository().map_or_else(
                || "no single repository is asked for".to_owned(),
                |it| format!("approved for `{}` until {}", it.permissions, it.expires_at),
            ),
            Step::HostSupport => "the provider has something like it".to_owned(),
            Step::Limit => "the page size can be used".to_owned(),
            Step::Cursor => "there is no cursor, or it fits this request".to_owned(),
            Step::Host => format!("would be asked, at least {} times", self.planned_calls()),
            Step::Firewall => self.firewall(),
            Step::Budget => self.budget(),
        }
    }

    fn repository(&self) -> Option<&lodge_access::RepositoryConsent> {
        let provider = ProviderName::parse(self.read.segment("provider")?).ok()?;
        let repository = RepositoryId::parse(self.read.segment("repoId")?).ok()?;
        self.grant.consent(&provider, &repository)
    }

    /// One, but for what is read of every account.
    fn planned_calls(&self) -> usize {
        let approval = self.grant.authorization.as_ref();
        let reached = || approval.map_or(0, |it| it.connections.len());
        if self.read.segment("provider").is_some() || self.read.query().contains("provider=") {
            1
        } else {
            reached()
        }
    }

    fn firewall(&self) -> String {
        let gateway = &self.surface.gateway;
        let rules = gateway.rules();
        let version = rules.version();
        let asked = url::form_urlencoded::parse(self.read.query().as_bytes());
        let path = asked.filter(|(name, _)| name == "path").map(|(_, path)| path).next();
        let tried = path.map(|path| gateway.blocks_path(&path).map(|rule| rule.to_string()));
        match (gateway.policies.firewall, tried) {
            (false, _) => "the firewall is switched off".to_owned(),
            (true, Some(Some(rule))) => {
                format!("rules {version}: what is at this `path` is withheld by {rule}")
            }
            (true, _) => format!("rules {version} review what comes back"),
        }
    }

    fn budget(&self) -> String {
        let Some(consent) = self.repository() else {
            return "see /v1/account/quota for each account".to_owned();
        };
        let quotas = self.surface.gateway.quotas(self.grant).unwrap_or_default();
        let found = quotas.into_iter().find(|it| it.connection == consent.connection);
        let budget = found.map(|it| it.budget).unwrap_or_default();
        match (budget.paused_until, budget.remaining) {
            (Some(until), _) if self.surface.gateway.now() < until => {
                format!("the provider asked for a pause until {until}")
            }
            (_, Some(left)) => format!("the account has {left} requests left at the provider"),
            _ => "nothing is known of a limit at the provider".to_owned(),
        }
    }
}
