//! Time zones of courses, by the database that is built in: it is the same
//! wherever the program runs.

use jiff::tz::{TimeZone, TimeZoneDatabase};
use lodge_kernel::Timestamp;

/// The zone of that name in the IANA database
/// (<https://www.iana.org/time-zones>), in whichever case.
fn zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok().filter(|it| !it.is_unknown())
}

/// The name as the database writes it. `None` when it has none of that name.
pub(crate) fn known(name: &str) -> Option<String> {
    zone(name)?.iana_name().map(str::to_owned)
}

/// How many seconds clocks are ahead of UTC, in the zone of that name, at an
/// instant; in UTC where the database has none of that name.
pub fn offset(name: &str) -> impl Fn(Timestamp) -> i32 + use<> {
    let zone = zone(name).unwrap_or(TimeZone::UTC);
    move |at| {
        let at = jiff::Timestamp::from_microsecond(at.as_micros());
        at.map_or(0, |at| zone.to_offset(at).seconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_those_of_the_zone_on_that_day() {
        let bratislava = offset("Europe/Bratislava");
        for (at, seconds) in [("2026-07-01T00:00:00Z", 7_200), ("2026-11-22T23:30:00Z", 3_600)] {
            assert_eq!(bratislava(Timestamp::parse(at).unwrap()), seconds, "{at}");
        }
        assert_eq!(offset("Mars/Olympus")(Timestamp::EPOCH), 0);
    }

    #[test]
    fn a_name_is_written_as_the_database_does() {
        assert_eq!(known("europe/bratislava").as_deref(), Some("Europe/Bratislava"));
        assert_eq!(known("utc").as_deref(), Some("UTC"));
        for wrong in ["", "Mars/Olympus", "Etc/Unknown", "+02:00"] {
            assert_eq!(known(wrong), None, "{wrong}");
        }
    }
}
