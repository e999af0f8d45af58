//! Deliveries as bytes, to be kept.
//!
//! They are a count of headers, each name and value with its length (four bytes,
//! big-endian) before it, then the body.

use lodge_kernel::Timestamp;

use crate::Delivery;

impl Delivery {
    /// Everything but the instant, which stands beside it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let count = u32::try_from(self.headers.len()).unwrap_or(u32::MAX);
        let mut bytes = Vec::with_capacity(self.body.len() + 1_024);
        bytes.extend(count.to_be_bytes());
        for text in self.headers.iter().flat_map(|(name, value)| [name, value]) {
            bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes.extend(&self.body);
        bytes
    }

    /// Reads [`to_bytes`](Self::to_bytes); `None` for anything else.
    pub fn from_bytes(mut bytes: &[u8], received_at: Timestamp) -> Option<Self> {
        let count = take_number(&mut bytes)?;
        let mut headers = Vec::new();
        for _ in 0..count {
            let name = take_text(&mut bytes)?;
            let value = take_text(&mut bytes)?;
            headers.push((name, value));
        }
        Some(Self { headers, body: bytes.to_vec(), received_at })
    }
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
        let bytes = delivery.to_bytes();
        let again = Delivery::from_bytes(&bytes, Timestamp::EPOCH).unwrap();
        assert_eq!((again.headers, again.body), (delivery.headers, delivery.body));
        for end in 0..bytes.len() {
            let _ = Delivery::from_bytes(&bytes[..end], Timestamp::EPOCH);
        }
        assert!(Delivery::from_bytes(&[255; 40], Timestamp::EPOCH).is_none());
    }
}
