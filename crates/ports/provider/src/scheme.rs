//! How a vendor's hosts prove and name what they deliver. It is the same at
//! each host of the vendor, and asks none.

use lodge_activity::{Actor, Fact, FactKind};
use lodge_intake::Kind;
use lodge_kernel::{SecretString, Timestamp};

use crate::{BoxError, Delivery, HookRefused};

/// What a delivery is about, as far as its headers and the frame of its body
/// tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The kind.
    pub kind: Kind,
    /// The host's own word for it, at most [`LONGEST_EVENT`](Self::LONGEST_EVENT)
    /// bytes.
    pub event: String,
    /// The host's id of the repository, as the host's adapter knows it.
    pub repository: Option<String>,
    /// The repository's path.
    pub path: Option<String>,
}

impl About {
    /// How long the host's word may be.
    pub const LONGEST_EVENT: usize = 100;
    /// How long an id or a path of a repository may be.
    const LONGEST_NAME: usize = 500;

    /// A delivery of `kind`, which the host calls `event`. What is longer than a
    /// host makes it is cut or, where cutting would make it another's, left out.
    pub fn new(kind: Kind, event: &str, repository: Option<String>, path: Option<String>) -> Self {
        let event = event.get(..event.floor_char_boundary(Self::LONGEST_EVENT));
        let event = event.unwrap_or_default().to_owned();
        let named = |it: &String| (1..=Self::LONGEST_NAME).contains(&it.len());
        Self { kind, event, repository: repository.filter(named), path: path.filter(named) }
    }
}

/// How a vendor's hosts prove and name what they deliver.
pub trait WebhookScheme: Send + Sync {
    /// Proves that `delivery` was sent by who knows one of `secrets` (two
    /// while a secret is changed), before anything of it is parsed. MUST
    /// compare in constant time, and MUST refuse what is not signed.
    ///
    /// # Errors
    ///
    /// [`HookRefused`] with what is wrong with the proof.
    fn verify(&self, secrets: &[SecretString], delivery: &Delivery) -> Result<(), HookRefused>;

    /// The secret itself, where the host sends it along: by it the hook is
    /// found. `None` where the host signs, or sends nothing.
    fn shown_secret<'a>(&self, delivery: &'a Delivery) -> Option<&'a str>;

    /// What is the same in a delivery and in its repetitions, and in no
    /// other. `None` when the host says nothing of the kind.
    fn delivery_id(&self, delivery: &Delivery) -> Option<String>;

    /// The headers that say what a delivery is, in lower case: those that are
    /// kept. MUST NOT name one that carries a proof.
    fn headers(&self) -> &'static [&'static str];

    /// What the delivery is about.
    ///
    /// # Errors
    ///
    /// When the body is not JSON, or not as the vendor writes it. It MUST quote
    /// nothing of the body: it is logged, and answered.
    fn about(&self, delivery: &Delivery) -> Result<About, BoxError>;

    /// When what it tells happened, by the host's clock. `None` where the host
    /// does not say.
    ///
    /// # Errors
    ///
    /// When the body is not as the vendor writes one of its kind; as with
    /// [`about`](Self::about).
    fn occurred_at(&self, delivery: &Delivery) -> Result<Option<Timestamp>, BoxError>;

    /// What the delivery tells of a project, in the terms of courses: the same
    /// facts as a [`CourseHost`](crate::CourseHost) gives, as far as the host
    /// tells them. Nothing for what courses do not use.
    ///
    /// # Errors
    ///
    /// When the body is not as the vendor writes one of its kind; as with
    /// [`about`](Self::about).
    fn facts(&self, delivery: &Delivery) -> Result<Vec<Fact<Actor>>, BoxError> {
        let _ = delivery;
        Ok(Vec::new())
    }

    /// Of what the host's deliveries never tell, because there is no such thing
    /// in a repository of it: nobody is judged by that.
    fn silent_on(&self) -> &'static [FactKind] {
        &[]
    }
}
