//! How evenly something is spread.

use crate::Points;

/// 100 × (1 − G·n ÷ (n − 1)), where G is the Gini coefficient of the parts: 100
/// when all are equal, 0 when one has everything. Neither is said of what only
/// comes close to it. `None` with less than two parts, or of nothing.
///
/// Formula: G·n ÷ (n − 1) = Σᵢ﹤ⱼ |xᵢ − xⱼ| ÷ ((n − 1) · Σ xᵢ).
///
/// Source: G. Deltas, “The Small-Sample Bias of the Gini Coefficient”, Review
/// of Economics and Statistics 85 (2003).
pub(crate) fn balance(parts: &[u64]) -> Option<Points> {
    let others = u128::try_from(parts.len().checked_sub(1)?).ok()?;
    let sum: u128 = parts.iter().map(|it| u128::from(*it)).sum();
    let whole = sum.saturating_mul(others);
    let mut apart = 0_u128;
    for (n, one) in parts.iter().enumerate() {
        let rest = parts.iter().skip(n + 1);
        apart += rest.map(|other| u128::from(one.abs_diff(*other))).sum::<u128>();
    }
    let even = whole.saturating_sub(apart);
    let scaled = even.saturating_mul(Points::ALL.hundredths().into());
    let rounded = scaled.saturating_add(whole / 2).checked_div(whole)?;
    let rounded = Points::of_hundredths(u32::try_from(rounded).unwrap_or(u32::MAX));
    let between = |it: Points| {
        let most = Points::ALL.hundredths() - 1;
        Points::of_hundredths(it.hundredths().clamp(1, most))
    };
    Some(if even == 0 || apart == 0 { rounded } else { between(rounded) })
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn hundredths(parts: &[u64]) -> Option<u32> {
        balance(parts).map(Points::hundredths)
    }

    #[test]
    fn the_more_even_the_more_points() {
        assert_eq!(hundredths(&[5, 5, 5]), Some(10_000));
        assert_eq!(hundredths(&[3, 1]), Some(5_000));
        assert_eq!(hundredths(&[4, 2, 0]), Some(3_333));
        // G = 2/9 for 1, 2 and 3 parts, times 3/2.
        assert_eq!(hundredths(&[1, 3, 2]), Some(6_667));
        assert_eq!(hundredths(&[0, 9, 0]), Some(0));
        assert_eq!(hundredths(&[1_000_000, 1_000_001]), Some(9_999));
        assert_eq!(hundredths(&[1, 1_000_000]), Some(1));
        assert_eq!(hundredths(&[u64::MAX, u64::MAX, u64::MAX]), Some(10_000));
    }

    #[test]
    fn nothing_is_not_balanced() {
        for parts in [&[][..], &[7], &[0, 0]] {
            assert_eq!(balance(parts), None, "{parts:?}");
        }
    }

    proptest! {
        #[test]
        fn equal_parts_are_in_balance(part in 1..=u64::MAX, n in 2..12_usize) {
            prop_assert_eq!(balance(&vec![part; n]), Some(Points::ALL));
        }

        #[test]
        fn who_has_everything_is_in_none(part in 1..=u64::MAX, n in 2..12_usize, at: prop::sample::Index) {
            let mut parts = vec![0; n];
            parts[at.index(n)] = part;
            prop_assert_eq!(balance(&parts), Some(Points::NONE));
        }

        #[test]
        fn the_order_does_not_count(parts in vec(any::<u64>(), 0..12)) {
            let mut sorted = parts.clone();
            sorted.sort_unstable();
            prop_assert_eq!(balance(&parts), balance(&sorted));
        }

        #[test]
        fn all_and_nothing_are_said_of_nothing_else(parts in vec(0..500_u64, 2..12)) {
            let having = parts.iter().filter(|it| **it > 0).count();
            let is_even = parts.iter().all(|it| *it == parts[0]);
            if let Some(points) = balance(&parts) {
                prop_assert_eq!(points == Points::ALL, is_even);
                prop_assert_eq!(points == Points::NONE, having == 1);
            } else {
                prop_assert_eq!(having, 0);
            }
        }
    }
}
