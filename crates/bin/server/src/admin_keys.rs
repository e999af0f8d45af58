//! `gitlodge admin-key`: named keys for programs of the administrator.

use std::time::Duration;

use anyhow::Context as _;
use lodge_access::{Actor, AdminKey, AdminScope, AdminScopes};
use lodge_gateway::administration::AdminKeyDraft;
use lodge_kernel::Timestamp;

use crate::{admin, cli::AdminKeyCommand, print};

/// `gitlodge admin-key …`
pub(crate) fn run(command: AdminKeyCommand) -> anyhow::Result<()> {
    admin::runtime()?.block_on(async {
        match command {
            AdminKeyCommand::Create { name, scope, expires, data } => {
                let draft = AdminKeyDraft {
                    name,
                    scopes: AdminScopes::parse(&scope.join(" "))?,
                    life: days(&expires)?,
                };
                let (gateway, writer) = admin::open(&data).await?;
                let made = gateway.make_admin_key(Actor::Operator, draft).await;
                writer.finish().await;
                let made = made?;
                let shown = serde_json::json!({
                    "id": made.key.id.to_string(),
                    "name": made.key.name,
                    "scopes": made.key.scopes.iter().map(AdminScope::name).collect::<Vec<_>>(),
                    "expiresAt": made.key.expires_at.to_string(),
                    "adminKey": made.secret.expose(),
                });
                print::line(&serde_json::to_string_pretty(&shown)?)
            }
            AdminKeyCommand::List { data } => {
                let (gateway, writer) = admin::open(&data).await?;
                let (keys, now) = (gateway.list_admin_keys().await, gateway.now());
                writer.finish().await;
                for key in keys? {
                    print::line(&line(&key, now))?;
                }
                Ok(())
            }
            AdminKeyCommand::Revoke { id, data } => {
                let id = id.parse()?;
                let (gateway, writer) = admin::open(&data).await?;
                let revoked = gateway.revoke_admin_key(Actor::Operator, id).await;
                writer.finish().await;
                anyhow::ensure!(revoked?, "there is no key {id} that could be taken back");
                print::line(&format!("{id} is taken back"))
            }
        }
    })
}

/// A number of days, written as `90d` or `90`.
fn days(text: &str) -> anyhow::Result<Duration> {
    let number = text.strip_suffix('d').unwrap_or(text).parse::<u32>();
    let number = number.with_context(|| format!("`{text}` is not a number of days such as 90d"))?;
    Ok(Duration::from_hours(24) * number)
}

fn line(key: &AdminKey, now: Timestamp) -> String {
    let state = match key.revoked_at {
        Some(at) => format!("taken back {at}"),
        None if key.is_live(now) => format!("until {}", key.expires_at),
        None => format!("ended {}", key.expires_at),
    };
    let used = key.last_used_at.map_or("never used".to_owned(), |at| format!("last used {at}"));
    format!("{}  {}  {state}  {used}  {}", key.id, key.name, key.scopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_is_a_number_of_days() {
        assert_eq!(days("90d").unwrap(), Duration::from_hours(90 * 24));
        assert_eq!(days("1").unwrap(), Duration::from_hours(24));
        for wrong in ["", "d", "-1d", "1h", "99999999999d"] {
            assert!(days(wrong).is_err(), "{wrong}");
        }
    }
}
