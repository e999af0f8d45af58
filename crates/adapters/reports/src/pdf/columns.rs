//! How wide columns are, and which stand beside each other on a page.

use super::canvas::{WIDTH, count};

/// The columns that stand beside each other: each its number and its width.
pub(super) type Band = Vec<(usize, f32)>;

/// The least and the most that a column takes.
const NARROWEST: f32 = 36.0;
const WIDEST: f32 = 220.0;
/// What a column of texts takes when it must.
const WRAPPED: f32 = 80.0;

/// Divides columns into bands that fit on a page; each begins with the first
/// column, which names the rows. `wishes`: how wide each would be with all its
/// texts on one line.
pub(super) fn bands(wishes: &[f32]) -> Vec<Band> {
    let within = |most: f32| wishes.iter().map(|it| it.clamp(NARROWEST, most)).collect();
    let sum = |widths: &Vec<f32>| -> f32 { widths.iter().sum() };
    let mut widths: Vec<f32> = within(WIDEST);
    if sum(&widths) > WIDTH && sum(&within(WRAPPED)) <= WIDTH {
        // The texts of the widest columns wrap instead, as little as they must.
        let (mut fits, mut exceeds) = (WRAPPED, WIDEST);
        for _ in 0..12 {
            let most = f32::midpoint(fits, exceeds);
            if sum(&within(most)) <= WIDTH { fits = most } else { exceeds = most }
        }
        widths = within(fits);
    }
    let mut columns = widths.iter().copied().enumerate();
    let Some(first) = columns.next() else { return Vec::new() };
    let mut bands = Vec::new();
    let (mut band, mut used) = (vec![first], first.1);
    for column in columns {
        if used + column.1 > WIDTH && band.len() > 1 {
            bands.push(stretched(std::mem::replace(&mut band, vec![first])));
            used = first.1;
        }
        used += column.1;
        band.push(column);
    }
    bands.push(stretched(band));
    bands
}

/// What is left of the page's width goes to all columns alike, as far as that
/// is no distance between them.
fn stretched(band: Band) -> Band {
    let used: f32 = band.iter().map(|it| it.1).sum();
    let more = ((WIDTH - used) / count(band.len())).clamp(0.0, 40.0);
    band.into_iter().map(|(column, width)| (column, width + more)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_stands_in_one_band_after_the_first() {
        for number in 1..60 {
            let bands = bands(&vec![90.0; number]);
            let mut others = Vec::new();
            for band in &bands {
                assert_eq!(band[0].0, 0);
                assert!(band.iter().map(|it| it.1).sum::<f32>() <= WIDTH + 0.1);
                others.extend(band[1..].iter().map(|it| it.0));
            }
            assert_eq!(others, (1..number).collect::<Vec<_>>());
        }
        assert!(bands(&[]).is_empty());
    }

    #[test]
    fn wide_columns_shrink_before_a_table_is_divided() {
        let bands = bands(&[60.0, 900.0, 40.0, 500.0, 70.0]);
        let [band] = bands.as_slice() else { panic!("{} bands", bands.len()) };
        assert!(band[0].1 >= 60.0 && band[2].1 >= 40.0 && band[4].1 >= 70.0);
        assert!(band.iter().map(|it| it.1).sum::<f32>() <= WIDTH + 0.1);
    }
}
