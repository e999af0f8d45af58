//! How alike two files are, measured as Git measures it: otherwise renames
//! would not be the ones that people see elsewhere.
//!
//! A file is cut into chunks at line ends and every 64 bytes; a chunk counts
//! by its hash, and two files share the bytes of the chunks that both have.
//! Described in `gitdiffcore(7)`; the hash is part of the measure, since
//! chunks that collide count as the same.

use super::content::is_binary;

/// The score of two equal files.
pub(super) const FULL: u64 = 60_000;
/// How alike a renamed file must be to what it was: one half.
pub(super) const LEAST: u64 = FULL / 2;
/// How alike two files of one name must be: three quarters.
pub(super) const LEAST_SAME_NAME: u64 = LEAST + (FULL - LEAST) / 2;

const LONGEST_CHUNK: u32 = 64;
/// A prime, the number of values that a chunk's hash may have.
const HASHES: u32 = 107_927;

/// A file's chunks: how many bytes each hash stands for, by hash.
#[derive(Debug)]
pub(super) struct Chunks {
    counts: Vec<(u32, u64)>,
    size: u64,
}

impl Chunks {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let text = !is_binary(bytes);
        let mut chunks = Vec::new();
        let (mut high, mut low, mut length) = (0_u32, 0_u32, 0_u32);
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            // In a text, the two ways to end a line are the same.
            if text && byte == b'\r' && rest.first() == Some(&b'\n') {
                continue;
            }
            (high, low) = ((high << 7) ^ (low >> 25), (low << 7) ^ (high >> 25));
            high = high.wrapping_add(byte.into());
            length += 1;
            if length >= LONGEST_CHUNK || byte == b'\n' {
                chunks.push((hash(high, low), u64::from(length)));
                (high, low, length) = (0, 0, 0);
            }
        }
        if length > 0 {
            chunks.push((hash(high, low), u64::from(length)));
        }
        chunks.sort_unstable_by_key(|(hash, _)| *hash);
        chunks.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        Self { counts: chunks, size: u64::try_from(bytes.len()).unwrap_or(u64::MAX) }
    }

    /// How many steps a comparison takes.
    pub(super) fn len(&self) -> usize {
        self.counts.len()
    }

    /// How much of the larger file is in both: 0 to [`FULL`].
    pub(super) fn similarity(&self, other: &Self) -> u64 {
        let larger = self.size.max(other.size);
        if larger == 0 || !may_be_alike(self.size, other.size) {
            return 0;
        }
        let mut shared = 0;
        let mut others = other.counts.iter().peekable();
        for (hash, count) in &self.counts {
            while others.next_if(|(other, _)| other < hash).is_some() {}
            if let Some((_, other)) = others.next_if(|(other, _)| other == hash) {
                shared += count.min(other);
            }
        }
        shared * FULL / larger
    }
}

/// Whether the sizes alone leave room for the least similarity.
fn may_be_alike(one: u64, other: u64) -> bool {
    let larger = one.max(other);
    larger.saturating_mul(FULL - LEAST) >= one.abs_diff(other).saturating_mul(FULL)
}

fn hash(high: u32, low: u32) -> u32 {
    high.wrapping_add(low.wrapping_mul(0x61)) % HASHES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similarity_is_the_share_of_the_larger_file() {
        let lines = |range: std::ops::Range<u32>| {
            range.fold(String::new(), |text, line| format!("{text}line {line:04}\n"))
        };
        let of = |text: &str| Chunks::of(text.as_bytes());
        let whole = of(&lines(0..100));
        assert_eq!(whole.similarity(&whole), FULL);
        assert_eq!(of(&lines(0..75)).similarity(&whole), FULL * 3 / 4);
        assert_eq!(of(&lines(200..300)).similarity(&whole), 0);
        assert_eq!(of("").similarity(&whole), 0);
        assert_eq!(of("a\r\nb\r\n").similarity(&of("a\nb\n")), 4 * FULL / 6);
    }
}
