//! A host delivers: it is proved, kept, and only then answered.

use lodge_forge::ProviderName;
use lodge_intake::{Intake, Kind, Sameness, State, Tries, nesting, preimage};
use lodge_kernel::{HookId, IntakeId};
use lodge_provider::{BoxError, Delivery, HookRefused, WebhookScheme};
use lodge_storage::{Kept, StorageError};

use super::parcel;
use crate::Teaching;

/// How deep a body may be nested. Hosts need a dozen levels.
const DEEPEST: usize = 64;

/// A delivery that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// Under which id: that of the first, where it came before.
    pub id: IntakeId,
    /// It came before.
    pub repeated: bool,
    /// What it is about.
    pub kind: Kind,
}

/// A delivery is turned away. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The address names no host.
    #[error("no host is called that: it is one of {names}")]
    UnknownHost {
        /// The names of the hosts.
        names: String,
    },
    /// The address names no hook that there is.
    #[error("there is no such hook: make another one, and give its address to the host")]
    UnknownHook,
    /// It is signed, and does not say which hook it is of.
    #[error(
        "the delivery shows no secret token, and its address names no hook: add `?hook=` and the \
         hook's id to the URL at the host"
    )]
    NoHookNamed,
    /// It is not proved.
    #[error(transparent)]
    Refused(#[from] HookRefused),
    /// Its body is nested too deep.
    #[error("the body is nested more than 64 levels deep")]
    TooDeep,
    /// Its body is not what the host sends.
    #[error("the body is not what the host sends: {0}")]
    Unreadable(BoxError),
    /// It could not be kept. The host will try again.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// By what `delivery` is known again.
fn sameness(teaching: &Teaching, scheme: &dyn WebhookScheme, delivery: &Delivery) -> Sameness {
    let named = ["webhook-id", "idempotency-key"].into_iter();
    let mut named = named.filter_map(|it| delivery.header(it)).filter(|it| !it.is_empty());
    if let Some(id) = named.next() {
        return Sameness::Delivery(id.to_owned());
    }
    let body = teaching.keys.digest(&delivery.body);
    match scheme.delivery_id(delivery) {
        Some(id) => Sameness::Event(id, body),
        None => Sameness::Body(body, delivery.received_at),
    }
}

impl Teaching {
    /// The host called `host`, with its name: whether it may deliver is known
    /// before anything of a delivery is read.
    ///
    /// # Errors
    ///
    /// [`ReceiveError::UnknownHost`].
    pub fn delivering_host(
        &self,
        host: &str,
    ) -> Result<(&ProviderName, &'static dyn WebhookScheme), ReceiveError> {
        let unknown = || ReceiveError::UnknownHost { names: self.intake.schemes.names() };
        self.intake.schemes.find(host).ok_or_else(unknown)
    }

    /// Keeps what the host called `host` delivers, by the hook `hook` if its
    /// address names one. When it is kept, a power cut cannot lose it.
    ///
    /// # Errors
    ///
    /// [`ReceiveError`]. Nothing is parsed before the proof fits.
    #[tracing::instrument(name = "teaching.receive_delivery", skip_all)]
    pub async fn receive_delivery(
        &self,
        host: &str,
        hook: Option<HookId>,
        delivery: Delivery,
    ) -> Result<Received, ReceiveError> {
        let (source, scheme) = self.delivering_host(host)?;
        let door = self.open_door(source, scheme, hook, &delivery).await?;
        if nesting::is_deeper(&delivery.body, DEEPEST) {
            return Err(ReceiveError::TooDeep);
        }
        let about = scheme.about(&delivery).map_err(ReceiveError::Unreadable)?;
        let sameness = sameness(self, scheme, &delivery);
        let key = self.keys.digest(&preimage(door.tenant, source, door.door, &sameness));
        let id = IntakeId::fresh(&*self.clock, &*self.entropy);
        let received_at = delivery.received_at;
        let delivery = parcel::without_proof(scheme, delivery);
        let sealed = parcel::seal(&*self.keys, door.tenant, id, &delivery);
        let kind = about.kind;
        let intake = Intake {
            id,
            tenant: door.tenant,
            door: door.door,
            source: source.clone(),
            kind,
            event: about.event,
            repository: about.repository,
            path: about.path,
            project: None,
            key,
            received_at,
            state: State::Pending { next_at: received_at },
            tries: Tries::default(),
        };
        match self.intake.log.keep(intake, sealed).await? {
            Kept::New => Ok(Received { id, repeated: false, kind }),
            Kept::Repeated(id) => Ok(Received { id, repeated: true, kind }),
        }
    }
}
