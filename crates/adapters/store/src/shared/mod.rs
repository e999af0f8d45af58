//! Everything in which the two backends agree. Compiled twice: `super` is `pg`
//! or `lite`.

mod administration;
mod answers;
mod approved;
mod apps;
mod audit;
mod authorization_rows;
mod authorizations;
mod codes;
mod connections;
mod courses;
mod credentials;
mod customer_journal;
mod customer_sessions;
mod customers;
mod data_keys;
mod held;
mod hooks;
mod inbox;
mod intake;
mod intake_counts;
mod intake_ends;
mod intake_rows;
mod invitations;
mod key;
mod listing;
mod logins;
mod nonces;
mod outbox;
mod people;
mod personal_tokens;
mod projects;
mod proofs;
mod receipts;
pub(super) mod schema;
mod sessions;
mod staff;
mod students;
mod subscriptions;
mod sweep;
mod teams;
mod tokens;
mod usage;
mod usage_sums;
mod visits;
mod waiting;
mod work;

use super::{Conn, Db};

pub(super) use held::{Held, ask_pool};
pub(super) use intake_rows::{ParcelRecord, Row as IntakeRecord};
pub(super) use key::Key;
pub(super) use usage::Row as UsageRecord;
use work::Rows;
pub(super) use work::{Unit, access_version};
