//! Instants, which GitLab writes in more than one way.

use lodge_kernel::Timestamp;
use lodge_provider_kit::Text;
use serde::{Deserialize, Deserializer};

/// An instant: RFC 3339 in the API, `2016-08-12 15:23:28 UTC` or
/// `2021-04-28 21:50:00 +0200` in webhooks. `None` when it is neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Time(pub(crate) Option<Timestamp>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<Text<'de>>::deserialize(deserializer)?;
        Ok(Self(text.and_then(|it| read(&it))))
    }
}

fn read(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).ok().or_else(|| {
        let mut parts = text.splitn(3, ' ');
        let (date, time, zone) = (parts.next()?, parts.next()?, parts.next()?);
        let (hours, minutes) =
            if zone == "UTC" { ("+00", "00") } else { zone.split_at_checked(3)? };
        Timestamp::parse(&format!("{date}T{time}{hours}:{minutes}")).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_however_they_are_written() {
        for (text, read_as) in [
            ("2012-09-20T11:50:22+03:00", Some("2012-09-20T08:50:22.000Z")),
            ("2018-09-07T11:16:17.520Z", Some("2018-09-07T11:16:17.520Z")),
            ("2016-08-12 15:23:28 UTC", Some("2016-08-12T15:23:28.000Z")),
            ("2021-04-28 21:50:00 +0200", Some("2021-04-28T19:50:00.000Z")),
            ("2021-04-28", None),
            ("2021-04-28 21:50:00 é", None),
            ("", None),
        ] {
            assert_eq!(read(text).map(|it| it.to_string()).as_deref(), read_as, "{text}");
        }
    }
}
