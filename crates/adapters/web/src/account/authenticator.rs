//! Setting an authenticator app up, and removing it.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use askama::Template;
use lodge_gateway::people::{AuthenticatorError, SessionError};
use lodge_kernel::{ExposeSecret as _, SecretString};
use qrcodegen::{QrCode, QrCodeEcc};
use serde::Deserialize;

use super::{
    own::{corrected, done},
    told::{Told, exposed, shown},
};
use crate::{
    dashboard::frame::{Frame, Place},
    session::{Away, CheckedForm, SignedInPerson, caller},
};

/// White space around a QR code, in modules (ISO/IEC 18004, 5.3.8).
const QUIET: i32 = 4;

#[derive(Template)]
#[template(path = "account/enrol.html")]
struct EnrolPage<'a> {
    frame: Frame,
    key: &'a str,
    picture: Option<Picture>,
}

#[derive(Template)]
#[template(path = "account/codes.html")]
pub(super) struct CodesPage {
    pub(super) frame: Frame,
    pub(super) codes: Vec<String>,
}

/// A QR code as one path.
struct Picture {
    side: i32,
    path: String,
}

/// The password, once more.
#[derive(Deserialize)]
pub(crate) struct ProofForm {
    #[serde(default)]
    pub(super) password: SecretString,
}

/// The first code.
#[derive(Deserialize)]
pub(crate) struct CodeForm {
    code: String,
}

/// Makes a key and shows it.
pub(crate) async fn enrol(
    ask: CheckedForm<ProofForm, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    let CheckedForm { who, form } = ask;
    let nowhere = |_error: SessionError| Away::to("/app/account");
    let visitor = who.person.clone().visits().map_err(nowhere)?;
    let caller = caller(&who.site, &who.request);
    match who.site.gateway.enrol_authenticator(&visitor, &form.password, &caller).await {
        Ok(enrolled) => {
            let key = grouped(enrolled.key.expose_secret());
            let picture = picture(enrolled.uri.expose_secret());
            Ok(shown(&EnrolPage { frame: frame(&who), key: &key, picture }))
        }
        Err(error) => refused(&who, error).await,
    }
}

/// The app shows the right codes.
pub(crate) async fn confirm(
    ask: CheckedForm<CodeForm, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    let CheckedForm { who, form } = ask;
    let caller = caller(&who.site, &who.request);
    match who.site.gateway.confirm_authenticator(&who.person, &form.code, &caller).await {
        Ok(codes) => Ok(shown(&CodesPage { frame: frame(&who), codes: exposed(&codes) })),
        Err(error) => refused(&who, error).await,
    }
}

/// New recovery codes.
pub(crate) async fn renew(
    ask: CheckedForm<ProofForm, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    let CheckedForm { who, form } = ask;
    let caller = caller(&who.site, &who.request);
    match who.site.gateway.renew_recovery_codes(&who.person, &form.password, &caller).await {
        Ok(codes) => Ok(shown(&CodesPage { frame: frame(&who), codes: exposed(&codes) })),
        Err(error) => refused(&who, error).await,
    }
}

/// No app any more.
pub(crate) async fn remove(
    ask: CheckedForm<ProofForm, SignedInPerson>,
) -> Result<HttpResponse, Away> {
    let CheckedForm { who, form } = ask;
    let caller = caller(&who.site, &who.request);
    match who.site.gateway.remove_authenticator(&who.person, &form.password, &caller).await {
        Ok(()) => Ok(done("authenticator")),
        Err(error) => refused(&who, error).await,
    }
}

fn frame(who: &SignedInPerson) -> Frame {
    let below = [("Your account", "/app/account")];
    Frame::new(&who.person.user, &who.csrf, Place::Account).below(below)
}

async fn refused(who: &SignedInPerson, error: AuthenticatorError) -> Result<HttpResponse, Away> {
    let told = match error {
        AuthenticatorError::WrongCode | AuthenticatorError::None => Told::correct(&error),
        AuthenticatorError::Proof(error) => Told::proof(error)?,
        AuthenticatorError::Storage(error) => return Err(error.into()),
    };
    corrected(who, &told).await
}

/// A key in groups of four, as people type it.
fn grouped(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let groups = letters.chunks(4).map(|it| it.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

/// `None` for what is too long to be a picture.
fn picture(text: &str) -> Option<Picture> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size();
    let dark = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    let dark = dark.filter(|(x, y)| code.get_module(*x, *y));
    let path = dark.fold(String::new(), |mut path, (x, y)| {
        // Writing to a `String` cannot fail.
        let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        path
    });
    Some(Picture { side: side + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_typed_in_groups_and_scanned_as_a_square() {
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
        let picture = picture("otpauth://totp/Gitlodge:ada@example.org?secret=ABCD").unwrap();
        // The three corners of every QR code begin with a dark module.
        assert!(picture.path.starts_with("M4 4h1v1h-1z"), "{}", picture.path);
        assert!(picture.path.contains(&format!("M4 {}h1", picture.side - 5)), "{}", picture.path);
        assert!(super::picture(&"a".repeat(5_000)).is_none());
    }
}
