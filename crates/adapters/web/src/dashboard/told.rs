//! Numbers and instants in words.

use std::time::Duration;

use lodge_kernel::Timestamp;

/// A day and a minute, in UTC.
pub(crate) fn minute(at: Timestamp) -> String {
    at.to_string().chars().take(16).collect::<String>().replace('T', " ")
}

/// A day and a second, in UTC.
pub(super) fn second(at: Timestamp) -> String {
    at.to_string().chars().take(19).collect::<String>().replace('T', " ")
}

/// A day, in UTC.
pub(crate) fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// With as many digits as somebody wants to know.
pub(super) fn took(duration: Duration) -> String {
    let micros = duration.as_micros();
    match micros {
        0..10_000 => format!("{}.{} ms", micros / 1_000, micros / 100 % 10),
        10_000..1_000_000 => format!("{} ms", micros / 1_000),
        _ => format!("{}.{} s", micros / 1_000_000, micros / 100_000 % 10),
    }
}

/// `part` of `all`.
pub(super) fn share(part: u64, all: u64) -> String {
    match part.saturating_mul(1_000).checked_div(all) {
        None => String::new(),
        Some(0) if part > 0 => "< 0.1 %".to_owned(),
        Some(tenths) => format!("{}.{} %", tenths / 10, tenths % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_the_digits_that_matter() {
        let told = |micros| took(Duration::from_micros(micros));
        assert_eq!([told(950), told(1_250), told(52_900)], ["0.9 ms", "1.2 ms", "52 ms"]);
        assert_eq!([told(999_999), told(2_350_000)], ["999 ms", "2.3 s"]);
        assert_eq!(
            [share(1, 8), share(1, 5_000), share(0, 9), share(0, 0)],
            ["12.5 %", "< 0.1 %", "0.0 %", ""]
        );
    }
}
