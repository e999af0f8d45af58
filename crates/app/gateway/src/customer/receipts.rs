//! What a customer keeps of each decision.

use lodge_access::{Authorization, Receipt, ReceiptChange, Statement};
use lodge_kernel::{ReceiptId, Timestamp};
use lodge_storage::{StorageError, UnitOfWork};

use crate::Gateway;

impl Gateway {
    /// Writes down, in the unit of work that changes the approval, what it is
    /// from now on.
    pub(crate) async fn give_receipt(
        &self,
        work: &mut dyn UnitOfWork,
        authorization: &Authorization,
        change: ReceiptChange,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let orphan = || StorageError::Orphan { entity: "receipt" };
        let app = work.apps().find(authorization.client).await?.ok_or_else(orphan)?;
        let tenant = work.tenants().find(authorization.tenant).await?.ok_or_else(orphan)?;
        let customer = work.customers().find(authorization.customer).await?.ok_or_else(orphan)?;
        let accounts = work.connections().of_customer(customer.id).await?;
        let version = work.receipts().latest(authorization.id).await? + 1;
        let id = ReceiptId::fresh(&*self.clock, &*self.entropy);
        let document = self.receipts.write(&Statement {
            id,
            version,
            change,
            at,
            app: &app,
            organisation: &tenant.name,
            customer: &customer,
            authorization,
            accounts: &accounts,
        });
        let receipt = Receipt {
            id,
            tenant: authorization.tenant,
            client: authorization.client,
            customer: authorization.customer,
            authorization: authorization.id,
            version,
            change,
            at,
            document,
        };
        match work.receipts().add(&receipt).await {
            // Another change of the same approval was faster: this one must be
            // made anew, from what is there now.
            Err(StorageError::Duplicate { .. }) => {
                Err(StorageError::Conflict("the approval has changed meanwhile".into()))
            }
            other => other,
        }
    }
}
