//! How much something matters.

/// How much something matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Worth a question.
    Medium,
    /// Worth a talk.
    High,
}

impl Severity {
    /// From what matters least.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The word in answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// By how far `n` is over a threshold: medium from twice as much, high from
    /// four times as much.
    pub(crate) fn over(n: u64, threshold: u32) -> Self {
        let threshold = u64::from(threshold);
        Self::from_on(n, threshold.saturating_mul(2), threshold.saturating_mul(4))
    }

    /// Medium and high from so much on.
    pub(crate) const fn from_on(n: u64, medium: u64, high: u64) -> Self {
        if n >= high {
            Self::High
        } else if n >= medium {
            Self::Medium
        } else {
            Self::Low
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_grows_with_the_distance() {
        let (low, medium, high) = (Severity::Low, Severity::Medium, Severity::High);
        let over = |n| Severity::over(n, 5);
        assert_eq!([5, 9, 10, 19, 20].map(over), [low, low, medium, medium, high]);
        assert_eq!([low, medium, high].map(Severity::name), ["low", "medium", "high"]);
        assert!(low < medium && medium < high);
    }
}
