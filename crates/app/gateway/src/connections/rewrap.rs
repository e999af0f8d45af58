//! After a rotation of master keys: every data key is wrapped by the new one.

use lodge_access::DataKey;
use lodge_kernel::Vault;
use lodge_storage::{Storage, StorageError};

use crate::sealing::key_context;

/// How many data keys one transaction wraps again.
const AT_ONCE: usize = 100;

/// Data keys cannot be wrapped again.
#[derive(Debug, thiserror::Error)]
pub enum RewrapError {
    /// Its master key is not in the ring.
    #[error(
        "the data key {} of {} was wrapped by the master key k{}, which is not in the ring: put \
         it back below the others", .key.number, .key.tenant, .key.master
    )]
    NoMaster {
        /// The data key.
        key: Box<DataKey>,
    },
    /// The database did not answer.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Wraps every data key that another master key wrapped with the newest one;
/// answers how many. `tell` hears after each step how many are done. It can be
/// broken off at any time, and begun again.
///
/// # Errors
///
/// [`RewrapError`]; what was done before stays done.
pub async fn rewrap_data_keys(
    storage: &dyn Storage,
    vault: &dyn Vault,
    mut tell: impl FnMut(u64) + Send,
) -> Result<u64, RewrapError> {
    let mut done = 0;
    loop {
        let mut work = storage.begin().await?;
        let keys = work.data_keys().not_wrapped_by(vault.master(), AT_ONCE).await?;
        if keys.is_empty() {
            return Ok(done);
        }
        for key in keys {
            let context = key_context(key.tenant, key.number);
            let Some(wrapped) = vault.rewrap(&context, &key.wrapped) else {
                // What was wrapped again in this step is not lost.
                work.commit().await?;
                return Err(RewrapError::NoMaster { key: Box::new(key) });
            };
            let again = DataKey { wrapped, master: vault.master(), ..key.clone() };
            // `false` when another process was faster: then it is done, too.
            done += u64::from(work.data_keys().rewrap(&again, &key.wrapped).await?);
        }
        work.commit().await?;
        tell(done);
    }
}

/// Which data keys `vault` cannot open, and how many it can.
///
/// # Errors
///
/// [`StorageError`].
pub async fn closed_data_keys(
    storage: &dyn Storage,
    vault: &dyn Vault,
) -> Result<(u64, Vec<DataKey>), StorageError> {
    /// More than there are: a few for each organisation.
    const ALL: usize = 10_000_000;
    let mut work = storage.read().await?;
    // No master key has the number 0.
    let keys = work.data_keys().not_wrapped_by(0, ALL).await?;
    let (mut opened, mut closed) = (0, Vec::new());
    for key in keys {
        let context = key_context(key.tenant, key.number);
        if vault.rewrap(&context, &key.wrapped).is_some() {
            opened += 1;
        } else {
            closed.push(key);
        }
    }
    Ok((opened, closed))
}
