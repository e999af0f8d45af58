//! Who is signed in, and whether a form comes from our own page.
//!
//! A page that needs somebody takes [`SignedIn`]; whoever is not signed in is
//! sent to the login page, and comes back. A form of such a page has a hidden
//! field `csrf` with [`SignedIn::csrf`], and its handler takes
//! [`CheckedForm`]. A form for strangers is an [`OpenForm`].

pub(crate) mod cookie;
mod form;
pub(crate) mod return_to;
mod signed_in;

pub(crate) use form::{CheckedForm, OpenForm};
pub(crate) use signed_in::{Away, CsrfToken, SignedIn, SignedInPerson, caller};
