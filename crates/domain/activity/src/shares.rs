//! Shares of a whole.

/// The whole, in hundredths of a percent.
pub const WHOLE: u32 = 10_000;

/// What share each part has of their sum, in hundredths of a percent. They add
/// up to [`WHOLE`], or are all zero when the sum is.
///
/// Formula: ⌊10,000 × part ÷ sum⌋, and what is left goes, one each, to those
/// with the largest remainders, earlier ones first (the method of Hamilton).
pub fn shares(parts: &[u64]) -> Vec<u32> {
    let sum: u128 = parts.iter().map(|it| u128::from(*it)).sum();
    if sum == 0 {
        return vec![0; parts.len()];
    }
    let scaled = |part: u64| u128::from(part) * u128::from(WHOLE);
    let floor = |part: u64| u32::try_from(scaled(part) / sum).unwrap_or(WHOLE);
    let mut shares: Vec<u32> = parts.iter().map(|it| floor(*it)).collect();
    let given: u32 = shares.iter().sum();
    let left = usize::try_from(WHOLE.saturating_sub(given)).unwrap_or_default();
    let mut by_remainder: Vec<_> = shares.iter_mut().zip(parts).collect();
    by_remainder.sort_by_key(|(_, part)| std::cmp::Reverse(scaled(**part) % sum));
    for (share, _) in by_remainder.into_iter().take(left) {
        *share += 1;
    }
    shares
}

/// What share `part` has of `whole`, in hundredths of a percent, rounded to the
/// nearest. `None` of nothing.
pub fn ratio(part: u64, whole: u64) -> Option<u32> {
    rounded(part, WHOLE, whole)
}

/// How many there are for each of `whole`, in hundredths, rounded to the
/// nearest. `None` of nothing.
pub fn hundredths(part: u64, whole: u64) -> Option<u32> {
    rounded(part, 100, whole)
}

fn rounded(part: u64, scale: u32, whole: u64) -> Option<u32> {
    let (part, whole) = (u128::from(part) * u128::from(scale), u128::from(whole));
    let rounded = (part + whole / 2).checked_div(whole)?;
    Some(u32::try_from(rounded).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn what_is_left_goes_to_the_largest_remainders() {
        assert_eq!(shares(&[1, 1, 1]), [3_334, 3_333, 3_333]);
        assert_eq!(shares(&[1, 2]), [3_333, 6_667]);
        assert_eq!(shares(&[0, 5]), [0, 10_000]);
        assert_eq!(shares(&[0, 0]), [0, 0]);
        assert_eq!(shares(&[]), [0; 0]);
        assert_eq!(shares(&[u64::MAX, u64::MAX]), [5_000, 5_000]);
    }

    #[test]
    fn a_ratio_of_nothing_is_none() {
        assert_eq!(ratio(2, 3), Some(6_667));
        assert_eq!(ratio(0, 3), Some(0));
        assert_eq!(ratio(0, 0), None);
        assert_eq!(ratio(u64::MAX, 1), Some(u32::MAX));
        assert_eq!((hundredths(5, 3), hundredths(5, 0)), (Some(167), None));
    }

    proptest! {
        #[test]
        fn shares_add_up_and_keep_the_order(parts in vec(0..5_000_u64, 0..12)) {
            let shares = shares(&parts);
            let whole = if parts.iter().all(|it| *it == 0) { 0 } else { WHOLE };
            prop_assert_eq!(shares.iter().sum::<u32>(), whole);
            for (one, share) in parts.iter().zip(&shares) {
                for (other, less) in parts.iter().zip(&shares) {
                    prop_assert!(one <= other || share >= less);
                }
            }
        }
    }
}
