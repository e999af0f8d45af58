//! Chance from the operating system.

use lodge_kernel::Entropy;

/// The operating system's source of chance.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    #[expect(clippy::expect_used, reason = "without chance no secret can be made: stop at once")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ_in_about_half_of_their_bits() {
        let (mut one, mut two) = ([0; 64], [0; 64]);
        OsEntropy.fill(&mut one);
        OsEntropy.fill(&mut two);
        let differing: u32 =
            one.iter().zip(two).map(|(a, b): (&u8, u8)| (a ^ b).count_ones()).sum();
        // 512 fair coins: 16 standard deviations of 11.3 lie between these.
        assert!((165..=347).contains(&differing), "{differing} of 512 bits differ");
    }
}
