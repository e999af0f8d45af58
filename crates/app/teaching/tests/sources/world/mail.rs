//! What the host delivers: a body is `kind repository number`, and tells of the
//! issue of that number.

use lodge_activity::{Actor, Fact, Issue, IssueState};
use lodge_intake::Kind;
use lodge_kernel::{ExposeSecret as _, SecretString, Timestamp};
use lodge_provider::{About, BoxError, Delivery, HookRefused, WebhookScheme};
use lodge_testkit::builders::NOW;

/// The secret of the installation.
pub(crate) const SECRET: &str = "a-secret-of-twenty-four-bytes";

pub(crate) const MAIL: &dyn WebhookScheme = &Mail;

struct Mail;

fn word(delivery: &Delivery, n: usize) -> Result<String, BoxError> {
    let text = String::from_utf8(delivery.body.clone())?;
    Ok(text.split(' ').nth(n).ok_or("a word is missing")?.to_owned())
}

impl WebhookScheme for Mail {
    fn verify(&self, secrets: &[SecretString], delivery: &Delivery) -> Result<(), HookRefused> {
        let given = self.shown_secret(delivery).ok_or(HookRefused::Unsigned)?;
        let fits = secrets.iter().any(|it| it.expose_secret() == given);
        if fits { Ok(()) } else { Err(HookRefused::WrongSignature) }
    }

    fn shown_secret<'a>(&self, delivery: &'a Delivery) -> Option<&'a str> {
        delivery.header("x-secret")
    }

    fn delivery_id(&self, _: &Delivery) -> Option<String> {
        None
    }

    fn headers(&self) -> &'static [&'static str] {
        &[]
    }

    fn about(&self, delivery: &Delivery) -> Result<About, BoxError> {
        let kind = Kind::parse(&word(delivery, 0)?).ok_or("no kind")?;
        Ok(About::new(kind, kind.name(), Some(word(delivery, 1)?), None))
    }

    fn occurred_at(&self, _: &Delivery) -> Result<Option<Timestamp>, BoxError> {
        Ok(Some(NOW))
    }

    fn facts(&self, delivery: &Delivery) -> Result<Vec<Fact<Actor>>, BoxError> {
        Ok(vec![Fact::Issue(Issue {
            number: word(delivery, 2)?.parse()?,
            title: "It does not work".to_owned(),
            description: None,
            author: Some(Actor { username: Some("ada".to_owned()), ..Actor::default() }),
            state: IssueState::Opened,
            labels: Vec::new(),
            assignees: Vec::new(),
            created_at: NOW,
            updated_at: NOW,
            closed_at: None,
            due_at: None,
            web_url: None,
        })])
    }
}
