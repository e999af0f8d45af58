//! The consent flow, in the order in which a browser walks through it.

mod app;
mod approve;
mod arrive;
mod begin;
mod cookie;
mod deny;
mod details;
mod form;
mod login;
mod opener;
mod origin;
mod parameters;
mod redirect;
mod show;
mod view;

pub(crate) use approve::approve;
pub(crate) use arrive::arrive;
pub(crate) use deny::{deny_by_form, deny_by_link};
pub(crate) use details::DETAILS;
pub(crate) use login::login;
