//! Codes of authenticator apps (RFC 4226).

use hmac::{Hmac, KeyInit as _, Mac as _};
use lodge_services::OneTimeCodes;
use sha1::Sha1;

/// The codes that every authenticator app shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct HmacCodes;

impl OneTimeCodes for HmacCodes {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length: RFC 2104, 2")]
    fn code(&self, key: &[u8], step: u64) -> u32 {
        let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("HMAC takes any key");
        mac.update(&step.to_be_bytes());
        let tag = mac.finalize().into_bytes();
        // RFC 4226, 5.3: the last four bits say where the 31 bits begin.
        let place = usize::from(tag.last().copied().unwrap_or_default() & 0xf);
        let bits = tag.iter().skip(place).take(4).fold(0, |all, it| all << 8 | u32::from(*it));
        (bits & 0x7fff_ffff) % 1_000_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 4226, appendix D.
        let expected = [
            755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871,
            520_489,
        ];
        for (step, code) in (0..).zip(expected) {
            assert_eq!(HmacCodes.code(b"12345678901234567890", step), code, "{step}");
        }
        // RFC 6238, appendix B, the last six digits: 2005-03-18 01:58:29.
        assert_eq!(HmacCodes.code(b"12345678901234567890", 1_111_111_109 / 30), 81_804);
    }
}
