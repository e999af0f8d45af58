//! How urgent a job is.

/// Which line a job stands in. Within a line, organisations take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Queue {
    /// Somebody waits for it.
    High,
    /// The usual.
    Default,
    /// It may wait for all others.
    Low,
}

impl Queue {
    /// Every line, the most urgent first.
    pub const ALL: [Self; 3] = [Self::High, Self::Default, Self::Low];

    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Default => "default",
            Self::Low => "low",
        }
    }

    /// The line of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}
