//! One page of deployments.

use lodge_access::{Grant, Permission};
use lodge_forge::{Deployment, DeploymentState, Resource};
use lodge_provider::DeploymentFilter;

use crate::{
    Gateway,
    read::{Answer, Ask, Paging, ReadError},
};

impl Gateway {
    /// One page of deployments.
    ///
    /// # Errors
    ///
    /// What can be refused here is refused before the host hears of it.
    pub async fn list_deployments(
        &self,
        grant: &Grant,
        ask: Ask<'_>,
        environment: Option<&str>,
        state: Option<&str>,
        paging: Paging<'_>,
    ) -> Result<Answer<Vec<Deployment>>, ReadError> {
        let approved =
            self.approve(grant, Permission::ReadDeployments, Resource::Deployments, ask)?;
        let parsed = state.map(parse_state).transpose()?;
        let mut filters = Vec::from_iter(environment.map(|it| ("environment", it)));
        filters.extend(state.map(|it| ("state", it)));
        let listing = self.page(approved, "deployments.list", &filters, paging)?;
        let (host, reference) = (listing.approved.host, listing.approved.reference());
        let filter =
            DeploymentFilter { environment: environment.map(str::to_owned), state: parsed };
        let page = host.list_deployments(reference, filter, listing.page.clone()).await;
        self.close(&listing, page)
    }
}

fn parse_state(word: &str) -> Result<DeploymentState, ReadError> {
    Ok(match word {
        "pending" => DeploymentState::Pending,
        "queued" => DeploymentState::Queued,
        "running" => DeploymentState::Running,
        "success" => DeploymentState::Success,
        "failure" => DeploymentState::Failure,
        "cancelled" => DeploymentState::Cancelled,
        "inactive" => DeploymentState::Inactive,
        "blocked" => DeploymentState::Blocked,
        _ => {
            return Err(ReadError::invalid(
                "`state` is `pending`, `queued`, `running`, `success`, `failure`, `cancelled`, \
                 `inactive` or `blocked`",
            ));
        }
    })
}
