//! When two deliveries are the same one.

use lodge_forge::ProviderName;
use lodge_kernel::{Digest, HookId, TenantId, Timestamp};

/// By what a delivery is known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sameness {
    /// The sender's own id of the delivery, the same at every repetition:
    /// `webhook-id` of Standard Webhooks, or `Idempotency-Key`.
    Delivery(String),
    /// The host's id of what happened. Several deliveries, to several hooks or
    /// about several objects, can have the same one: the body counts too.
    Event(String, Digest),
    /// The host names nothing: the body, and the minute it came in.
    Body(Digest, Timestamp),
}

/// Whose hook a delivery came by: one of an organisation's, or the secret of
/// the installation, which is no hook of anybody.
pub type Door = Option<HookId>;

/// The bytes of which the digest is a delivery's key. Parts that come from
/// outside have their length before them, so that no two lists of parts have
/// the same bytes.
pub fn preimage(
    tenant: TenantId,
    source: &ProviderName,
    door: Door,
    sameness: &Sameness,
) -> Vec<u8> {
    let mut bytes = b"intake.key.v1".to_vec();
    bytes.extend(tenant.as_uuid().as_bytes());
    match door {
        Some(hook) => bytes.extend(hook.as_uuid().as_bytes()),
        None => bytes.extend([0; 16]),
    }
    part(&mut bytes, source.as_str().as_bytes());
    match sameness {
        Sameness::Delivery(id) => {
            bytes.push(1);
            part(&mut bytes, id.as_bytes());
        }
        Sameness::Event(id, body) => {
            bytes.push(2);
            part(&mut bytes, id.as_bytes());
            bytes.extend(body.0);
        }
        Sameness::Body(body, at) => {
            bytes.push(3);
            bytes.extend(body.0);
            bytes.extend(at.as_seconds().div_euclid(60).to_be_bytes());
        }
    }
    bytes
}

fn part(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
    bytes.extend(part);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn key(door: Door, sameness: &Sameness) -> Vec<u8> {
        let tenant = TenantId::earliest(Timestamp::EPOCH);
        preimage(tenant, &ProviderName::parse("gitlab").unwrap(), door, sameness)
    }

    #[test]
    fn what_differs_in_anything_that_counts_is_another_delivery() {
        let (one, two) = (Digest([1; 32]), Digest([2; 32]));
        let at = Timestamp::from_seconds(120);
        let later = at.plus(Duration::from_mins(1));
        let hook = Some(HookId::earliest(at));
        let all = [
            key(None, &Sameness::Delivery("a".to_owned())),
            key(None, &Sameness::Delivery("b".to_owned())),
            key(hook, &Sameness::Delivery("a".to_owned())),
            key(None, &Sameness::Event("a".to_owned(), one)),
            key(None, &Sameness::Event("a".to_owned(), two)),
            key(None, &Sameness::Body(one, at)),
            key(None, &Sameness::Body(two, at)),
            key(None, &Sameness::Body(one, later)),
        ];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }

    #[test]
    fn a_body_without_a_name_is_the_same_within_its_minute() {
        let body = Digest([7; 32]);
        let first = Sameness::Body(body, Timestamp::from_seconds(120));
        let again = Sameness::Body(body, Timestamp::from_seconds(179));
        assert_eq!(key(None, &first), key(None, &again));
    }
}
