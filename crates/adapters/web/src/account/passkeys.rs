//! Adding passkeys, and keeping them.

use actix_web::HttpResponse;
use askama::Template;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lodge_access::{Backup, Passkey, Transport};
use lodge_gateway::people::{AddPasskey, AddingPasskey, PasskeyError, Question};
use lodge_kernel::SecretString;
use lodge_services::NewPasskey;
use serde::Deserialize;

use super::{
    authenticator::{CodesPage, ProofForm},
    own::{corrected, done},
    told::{Told, exposed, shown},
};
use crate::{
    dashboard::{
        frame::{Frame, Place},
        told::minute,
    },
    session::{Away, CheckedForm, SignedInPerson, caller},
};

#[derive(Template)]
#[template(path = "account/add_passkey.html")]
struct AddPage {
    frame: Frame,
    asked: AskedView,
    /// The person's id, as devices keep it.
    user: String,
    email: String,
    name: String,
}

/// What a device is asked, for the script of the page.
pub(super) struct AskedView {
    pub(super) ticket: String,
    pub(super) challenge: String,
    pub(super) party: String,
    /// The passkeys that are meant: `id,transport,…`, separated by spaces.
    pub(super) known: String,
}

impl AskedView {
    pub(super) fn new(question: &Question, known: &[Passkey]) -> Self {
        let described = |it: &Passkey| {
            let transports = it.transports.iter().map(|it| it.name().to_owned());
            let id = URL_SAFE_NO_PAD.encode(it.credential.as_bytes());
            [id].into_iter().chain(transports).collect::<Vec<_>>().join(",")
        };
        Self {
            ticket: question.ticket.clone(),
            challenge: URL_SAFE_NO_PAD.encode(question.challenge),
            party: question.party.id().to_owned(),
            known: known.iter().map(described).collect::<Vec<_>>().join(" "),
        }
    }
}

/// A passkey of the list.
pub(super) struct PasskeyView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) place: &'static str,
    pub(super) since: String,
    pub(super) used: Option<String>,
}

impl PasskeyView {
    pub(super) fn new(it: &Passkey) -> Self {
        Self {
            id: it.id.to_string(),
            name: it.name.clone(),
            place: match it.backup {
                Backup::OneDevice => "on one device",
                Backup::Possible => "can be copied to your other devices",
                Backup::Done => "on several of your devices",
            },
            since: minute(it.created_at),
            used: it.used_at.map(minute),
        }
    }
}

/// What a device answered.
#[derive(Deserialize)]
pub(crate) struct AddForm {
    ticket: String,
    name: String,
    #[serde(default)]
    client_data: String,
    #[serde(default)]
    attestation: String,
    /// Separated by commas.
    #[serde(default)]
    transports: String,
}

/// Another name.
#[derive(Deserialize)]
pub(crate) struct NameForm {
    name: String,
}

/// Shows the page that asks a device.
pub(crate) async fn begin(
    ask: CheckedForm<ProofForm, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    let CheckedForm { who, form } = ask;
    let caller = caller(&who.site, &who.request);
    match who.site.gateway.begin_passkey(&who.person, &form.password, &caller).await {
        Ok(AddingPasskey { question, known }) => {
            let user = &who.person.user;
            Ok(shown(&AddPage {
                frame: frame(&who),
                asked: AskedView::new(&question, &known),
                user: URL_SAFE_NO_PAD.encode(user.id.as_uuid().as_bytes()),
                email: user.email.clone(),
                name: user.name.clone().unwrap_or_else(|| user.email.clone()),
            }))
        }
        Err(error) => refused(&who, error).await,
    }
}

/// Adds what the device made.
pub(crate) async fn add(ask: CheckedForm<AddForm, SignedInPerson>) -> Result<HttpResponse, Away> {
    let CheckedForm { who, form } = ask;
    let ask = AddPasskey {
        ticket: form.ticket,
        name: form.name,
        answer: NewPasskey {
            client_data: decoded(&form.client_data),
            attestation: decoded(&form.attestation),
        },
        transports: Transport::known(form.transports.split(',')),
    };
    match who.site.gateway.add_passkey(&who.person, &ask).await {
        Ok(added) if added.recovery_codes.is_empty() => Ok(done("passkey")),
        Ok(added) => {
            let codes = exposed(&added.recovery_codes);
            Ok(shown(&CodesPage { frame: frame(&who), codes }))
        }
        Err(error) => refused(&who, error).await,
    }
}

/// Another name.
pub(crate) async fn rename(
    ask: CheckedForm<NameForm, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    let CheckedForm { who, form } = ask;
    let id = who.request.match_info().get("passkeyId").unwrap_or_default();
    let Ok(id) = id.parse() else { return refused(&who, PasskeyError::NotFound).await };
    match who.site.gateway.rename_passkey(&who.person, id, &form.name).await {
        Ok(()) => Ok(done("passkey-renamed")),
        Err(error) => refused(&who, error).await,
    }
}

/// One passkey less.
pub(crate) async fn remove(
    ask: CheckedForm<ProofForm, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    let CheckedForm { who, form } = ask;
    let caller = caller(&who.site, &who.request);
    let password: &SecretString = &form.password;
    let id = who.request.match_info().get("passkeyId").unwrap_or_default();
    let Ok(id) = id.parse() else { return refused(&who, PasskeyError::NotFound).await };
    match who.site.gateway.remove_passkey(&who.person, id, password, &caller).await {
        Ok(removed) if removed.was_last => Ok(done("last-passkey-removed")),
        Ok(_) => Ok(done("passkey-removed")),
        Err(error) => refused(&who, error).await,
    }
}

fn frame(who: &SignedInPerson) -> Frame {
    let below = [("Your account", "/app/account")];
    Frame::new(&who.person.user, &who.csrf, Place::Account).below(below)
}

async fn refused(who: &SignedInPerson, error: PasskeyError) -> Result<HttpResponse, Away> {
    let told = match error {
        PasskeyError::Proof(error) => Told::proof(error)?,
        PasskeyError::Storage(error) => return Err(error.into()),
        error => Told::correct(&error),
    };
    corrected(who, &told).await
}

/// What the page's script wrote. What it cannot have written is empty, which no
/// device answers.
pub(super) fn decoded(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap_or_default()
}
