//! Who is asked: a customer that the app vouches for, and the approval that
//! waits for the answer.

use std::time::Duration;

use lodge_access::{
    App, Authorization, AuthorizationState, Connection, ConnectionKind, ConnectionStatus, Customer,
    PermissionSet,
};
use lodge_kernel::{AuthorizationId, ConnectionId, CustomerId, Timestamp};
use lodge_provider::AccountKind;
use lodge_storage::{StorageError, UnitOfWork};

use crate::Gateway;

impl Gateway {
    /// The customer that the app itself calls `reference`, with an account at
    /// every host that the operator configured.
    pub(crate) async fn vouched_customer(
        &self,
        work: &mut dyn UnitOfWork,
        app: &App,
        reference: &str,
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<Customer, StorageError> {
        let name: Option<String> = name.map(|it| it.chars().take(200).collect());
        let known = work.customers().find_vouched(app.id, reference).await?;
        let customer = if let Some(known) = known {
            if name.is_some() && name != known.name {
                work.customers().rename(known.id, name.as_deref()).await?;
            }
            known
        } else {
            let customer = Customer {
                id: CustomerId::fresh(&*self.clock, &*self.entropy),
                tenant: app.tenant,
                client: app.id,
                reference: Some(reference.to_owned()),
                name,
                vouched: true,
                created_at: now,
            };
            let added = work.customers().add(&customer).await;
            match added {
                Ok(()) => customer,
                // Another invitation of the same customer was faster.
                Err(duplicate @ StorageError::Duplicate { .. }) => {
                    let other = work.customers().find_vouched(app.id, reference).await?;
                    other.ok_or(duplicate)?
                }
                Err(error) => return Err(error),
            }
        };
        let connected = work.connections().of_customer(customer.id).await?;
        let configured =
            self.providers.iter().filter(|it| it.account_kind() == AccountKind::Configured);
        for host in configured {
            let provider = host.name();
            if connected.iter().any(|it| it.provider == provider) {
                continue;
            }
            let connection = Connection {
                id: ConnectionId::fresh(&*self.clock, &*self.entropy),
                tenant: customer.tenant,
                customer: customer.id,
                provider,
                kind: ConnectionKind::Configured,
                host_account: host.label(),
                account: host.label(),
                scopes: Vec::new(),
                status: ConnectionStatus::Active,
                created_at: now,
                updated_at: now,
            };
            match work.connections().add(&connection).await {
                // Another invitation of the same customer was faster.
                Ok(()) | Err(StorageError::Duplicate { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(customer)
    }

    /// Writes down that an app asks a customer, and waits for the answer.
    pub(crate) async fn ask(
        &self,
        work: &mut dyn UnitOfWork,
        app: &App,
        customer: CustomerId,
        purpose: Option<String>,
        patience: Duration,
        now: Timestamp,
    ) -> Result<AuthorizationId, StorageError> {
        let authorization = Authorization {
            id: AuthorizationId::fresh(&*self.clock, &*self.entropy),
            tenant: app.tenant,
            client: app.id,
            customer,
            state: AuthorizationState::Pending,
            purpose,
            account_permissions: PermissionSet::EMPTY,
            connections: Vec::new(),
            repositories: Vec::new(),
            expires_at: now.plus(patience),
            created_at: now,
            updated_at: now,
        };
        work.authorizations().add(&authorization).await?;
        Ok(authorization.id)
    }
}
