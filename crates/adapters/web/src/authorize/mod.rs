//! The consent flow, in the order in which a browser walks through it.

pub(crate) mod app;
pub(crate) mod approve;
mod arrive;
pub(crate) mod begin;
pub(crate) mod cookie;
mod deny;
mod details;
pub(crate) mod form;
mod login;
mod opener;
pub(crate) mod origin;
pub(crate) mod parameters;
mod redirect;
mod show;
mod view;

pub(crate) use approve::approve;
pub(crate) use arrive::arrive;
pub(crate) use deny::{deny_by_form, deny_by_link};
pub(crate) use details::DETAILS;
pub(crate) use login::login;
