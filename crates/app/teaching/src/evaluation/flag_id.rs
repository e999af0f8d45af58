//! What a flag is told from others by.

use std::{fmt, str::FromStr};

use lodge_checks::Flag;
use lodge_kernel::{Keyring, TeamId, hex};

/// Which flag: the same for the same pattern whenever it is worked out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlagId {
    /// Of which team.
    pub team: TeamId,
    /// Half of the SHA-256 of its key, in hexadecimal digits.
    pub(super) digest: String,
}

impl FlagId {
    const PREFIX: &'static str = "flag_";
    const DIGITS: usize = 32;

    /// The one of a flag of a team.
    pub(super) fn of(team: TeamId, flag: &Flag, keys: &dyn Keyring) -> Self {
        let mut digest = hex::encode(&keys.digest(flag.key().as_bytes()).0);
        digest.truncate(Self::DIGITS);
        Self { team, digest }
    }
}

impl fmt::Display for FlagId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}_{}", Self::PREFIX, self.team.as_uuid().simple(), self.digest)
    }
}

/// A text is not the id of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of a flag is `flag_`, 32 hexadecimal digits, `_` and 32 more")]
pub struct ParseFlagIdError;

impl FromStr for FlagId {
    type Err = ParseFlagIdError;

    fn from_str(text: &str) -> Result<Self, ParseFlagIdError> {
        let id = || {
            let (team, digest) = text.strip_prefix(Self::PREFIX)?.split_once('_')?;
            let is_digit = |it: u8| it.is_ascii_digit() || matches!(it, b'a'..=b'f');
            let fits = digest.len() == Self::DIGITS && digest.bytes().all(is_digit);
            let team = format!("{}{team}", TeamId::PREFIX).parse().ok()?;
            fits.then(|| Self { team, digest: digest.to_owned() })
        };
        id().ok_or(ParseFlagIdError)
    }
}

#[cfg(test)]
mod tests {
    use lodge_testkit::builders::team_id;

    use super::*;

    #[test]
    fn an_id_survives_its_text_and_no_other_text_is_one() {
        let id = FlagId { team: team_id(7), digest: "0123456789abcdef".repeat(2) };
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        let upper = text.to_uppercase();
        for wrong in ["", "flag_", "flag__", &text[..60], &upper, &format!("{text}0")] {
            assert_eq!(wrong.parse::<FlagId>(), Err(ParseFlagIdError), "{wrong}");
        }
    }
}
