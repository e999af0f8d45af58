//! How quiet the machine is: one probe of the disk, one of the processor.

use std::{
    fs::File,
    hint::black_box,
    io::{Seek, SeekFrom, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context;

use super::protocol::median;

/// What a probe may move between two looks.
const MOST: f64 = 0.30;

/// The state of the machine at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weather {
    /// The median `fdatasync` of 4 KiB, in microseconds.
    sync: f64,
    /// Turns of an empty loop in a second.
    spin: f64,
}

impl Weather {
    /// Looks for `each` at the disk that holds `folder`, then as long at the processor.
    pub(super) fn look(folder: &Path, each: Duration) -> anyhow::Result<Self> {
        Ok(Self { sync: sync(folder, each)?, spin: spin(each) })
    }

    /// The median `fdatasync`, in microseconds.
    pub(super) const fn sync_micros(self) -> f64 {
        self.sync
    }

    /// Whether disk or processor moved so much that a comparison means nothing.
    pub(super) fn moved_until(self, later: Self) -> bool {
        [(self.sync, later.sync), (self.spin, later.spin)]
            .iter()
            .any(|(before, after)| (after / before - 1.0).abs() > MOST)
    }
}

fn sync(folder: &Path, each: Duration) -> anyhow::Result<f64> {
    let path = folder.join("probe");
    let mut file =
        File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    let page = [7_u8; 4096];
    let (started, mut times) = (Instant::now(), Vec::new());
    while started.elapsed() < each {
        let began = Instant::now();
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&page)?;
        file.sync_data()?;
        times.push(began.elapsed().as_secs_f64() * 1e6);
    }
    Ok(median(&times))
}

fn spin(each: Duration) -> f64 {
    /// Turns between two looks at the clock.
    const STRIDE: u32 = 100_000;
    let (started, mut strides) = (Instant::now(), 0_u32);
    while started.elapsed() < each {
        for turn in 0..STRIDE {
            black_box(turn);
        }
        strides += 1;
    }
    f64::from(strides) * f64::from(STRIDE) / started.elapsed().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALM: Weather = Weather { sync: 100.0, spin: 1e9 };

    #[test]
    fn a_third_is_too_much_in_either_direction() {
        assert!(!CALM.moved_until(Weather { sync: 129.0, spin: 0.75e9 }));
        assert!(CALM.moved_until(Weather { sync: 140.0, ..CALM }));
        assert!(CALM.moved_until(Weather { sync: 60.0, ..CALM }));
        assert!(CALM.moved_until(Weather { spin: 0.6e9, ..CALM }));
    }

    #[test]
    fn a_look_sees_disk_and_processor() {
        let seen = Weather::look(&std::env::temp_dir(), Duration::from_millis(20)).unwrap();
        assert!(seen.sync > 0.0 && seen.spin > 1e6, "{seen:?}");
    }
}
