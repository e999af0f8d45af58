//! A webhook as it came, sealed: it has not passed the firewall.
//!
//! Its bytes are a count of headers, each name and value with its length (four
//! bytes, big-endian) before it, then the body. It is sealed with the key ring
//! itself, since it waits for moments: one that was given up can be replayed
//! until the second rotation of keys.

use lodge_kernel::{Keyring, SubscriptionId, TenantId, Timestamp};
use lodge_provider::Delivery;

/// What a webhook is sealed beside, so that it opens nowhere else.
fn context(tenant: TenantId, subscription: SubscriptionId) -> Vec<u8> {
    let (tenant, subscription) = (tenant.as_uuid(), subscription.as_uuid());
    [b"inbox.parcel.v1".as_slice(), tenant.as_bytes(), subscription.as_bytes()].concat()
}

/// Seals `delivery` for its subscription.
pub(super) fn seal(
    keys: &dyn Keyring,
    tenant: TenantId,
    subscription: SubscriptionId,
    delivery: &Delivery,
) -> String {
    keys.seal(&context(tenant, subscription), &pack(delivery))
}

/// Opens what [`seal`] made. `None` when no key fits any more.
pub(super) fn open(
    keys: &dyn Keyring,
    tenant: TenantId,
    subscription: SubscriptionId,
    sealed: &str,
    received_at: Timestamp,
) -> Option<Delivery> {
    unpack(&keys.open(&context(tenant, subscription), sealed)?, received_at)
}

/// The bytes of `delivery`, without the instant, which stands beside them.
fn pack(delivery: &Delivery) -> Vec<u8> {
    let count = u32::try_from(delivery.headers.len()).unwrap_or(u32::MAX);
    let mut bytes = count.to_be_bytes().to_vec();
    for text in delivery.headers.iter().flat_map(|(name, value)| [name, value]) {
        bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(text.as_bytes());
    }
    bytes.extend(&delivery.body);
    bytes
}

/// Reads [`pack`]; `None` for anything else.
fn unpack(mut bytes: &[u8], received_at: Timestamp) -> Option<Delivery> {
    let count = take_number(&mut bytes)?;
    let mut headers = Vec::new();
    for _ in 0..count {
        let name = take_text(&mut bytes)?;
        let value = take_text(&mut bytes)?;
        headers.push((name, value));
    }
    Some(Delivery { headers, body: bytes.to_vec(), received_at })
}

fn take_number(bytes: &mut &[u8]) -> Option<usize> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    *bytes = rest;
    usize::try_from(u32::from_be_bytes(*number)).ok()
}

fn take_text(bytes: &mut &[u8]) -> Option<String> {
    let length = take_number(bytes)?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    String::from_utf8(text.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_survives_its_bytes_and_no_bytes_make_the_reader_panic() {
        let delivery = Delivery {
            headers: vec![
                ("x-event".to_owned(), "push".to_owned()),
                ("a".to_owned(), String::new()),
            ],
            body: vec![0, 255, 1],
            received_at: Timestamp::EPOCH,
        };
        let bytes = pack(&delivery);
        let again = unpack(&bytes, Timestamp::EPOCH).unwrap();
        assert_eq!((again.headers, again.body), (delivery.headers, delivery.body));
        for end in 0..bytes.len() {
            let _ = unpack(&bytes[..end], Timestamp::EPOCH);
        }
        assert!(unpack(&[255; 40], Timestamp::EPOCH).is_none());
    }
}
