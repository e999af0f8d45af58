//! What several results come to.

use std::fmt;

use lodge_courses::settings::Thresholds;

/// A result of 0 to 100, in hundredths: 8,333 is 83.33.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(u32);

impl Points {
    /// 0.
    pub const NONE: Self = Self(0);
    /// 100.
    pub const ALL: Self = Self(10_000);

    /// So many hundredths; 100 when it is more.
    pub const fn of_hundredths(hundredths: u32) -> Self {
        if hundredths > Self::ALL.0 { Self::ALL } else { Self(hundredths) }
    }

    /// In hundredths.
    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// 0 to 100, with two digits after the point.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    /// The share `part` has of `whole`, rounded to the nearest hundredth, a half
    /// up; all when it is more than the whole. `None` of nothing.
    pub fn share(part: usize, whole: usize) -> Option<Self> {
        let (part, whole) = (u64::try_from(part).ok()?, u64::try_from(whole).ok()?);
        let scaled = u128::from(part) * u128::from(Self::ALL.0);
        let rounded = (scaled + u128::from(whole / 2)).checked_div(u128::from(whole))?;
        // Neither all nor nothing is said of what is neither.
        let most = if part < whole { Self::ALL.0 - 1 } else { Self::ALL.0 };
        let least = u32::from(part > 0);
        let rounded = u32::try_from(rounded).unwrap_or(Self::ALL.0);
        Some(Self(rounded.clamp(least.min(most), most)))
    }

    /// Which light a course shows for it.
    pub fn light(self, thresholds: Thresholds) -> Light {
        let Thresholds { green, red } = thresholds;
        if self.0 >= green.saturating_mul(100) {
            Light::Green
        } else if self.0 < red.saturating_mul(100) {
            Light::Red
        } else {
            Light::Yellow
        }
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// A light for a result, by the course's thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// As it should be.
    Green,
    /// Between.
    Yellow,
    /// Somebody should look.
    Red,
}

impl Light {
    /// The word in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }
}

/// Σ wᵢ·sᵢ ÷ Σ wᵢ over the results that there are, rounded to the nearest. `None`
/// when none of them weighs anything.
pub fn weighted(results: impl IntoIterator<Item = (u32, Option<Points>)>) -> Option<Points> {
    let (mut sum, mut weights) = (0_u64, 0_u64);
    for (weight, points) in results {
        let Some(points) = points else { continue };
        sum += u64::from(weight) * u64::from(points.0);
        weights += u64::from(weight);
    }
    let rounded = (sum + weights / 2).checked_div(weights)?;
    Some(Points::of_hundredths(u32::try_from(rounded).unwrap_or(u32::MAX)))
}

/// The mean of the results that there are. `None` of none.
pub fn mean(results: impl IntoIterator<Item = Option<Points>>) -> Option<Points> {
    weighted(results.into_iter().map(|it| (1, it)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_share_is_rounded_but_never_to_all_or_nothing() {
        assert_eq!(Points::share(1, 3), Some(Points(3_333)));
        assert_eq!(Points::share(2, 3), Some(Points(6_667)));
        assert_eq!(Points::share(99_999, 100_000), Some(Points(9_999)));
        assert_eq!(Points::share(1, 100_000), Some(Points(1)));
        assert_eq!(Points::share(0, 7), Some(Points::NONE));
        assert_eq!(Points::share(9, 7), Some(Points::ALL));
        assert_eq!(Points::share(0, 0), None);
    }

    #[test]
    fn what_cannot_be_judged_weighs_nothing() {
        let results = [(10, Some(Points::ALL)), (30, Some(Points::NONE)), (60, None)];
        assert_eq!(weighted(results), Some(Points(2_500)));
        assert_eq!(weighted([(0, Some(Points::ALL)), (5, None)]), None);
        assert_eq!(mean([Some(Points::ALL), None, Some(Points::NONE)]), Some(Points(5_000)));
    }

    #[test]
    fn lights_change_at_the_thresholds() {
        let lights = |n| Points(n).light(Thresholds::default());
        assert_eq!(
            [8_000, 7_999, 5_000, 4_999].map(lights),
            [Light::Green, Light::Yellow, Light::Yellow, Light::Red]
        );
    }

    proptest! {
        #[test]
        fn a_weighted_mean_lies_between_its_parts(
            parts in proptest::collection::vec((1..1_000_u32, 0..=10_000_u32), 1..30)
        ) {
            let score = weighted(parts.iter().map(|(w, p)| (*w, Some(Points(*p))))).unwrap();
            let all = parts.iter().map(|(_, p)| *p);
            prop_assert!(score.0 >= all.clone().min().unwrap());
            prop_assert!(score.0 <= all.max().unwrap());
        }
    }
}
