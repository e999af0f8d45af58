//! Where a flag stands: what somebody who looked at it says of it.

/// Where a flag stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagState {
    /// Nobody has decided, or it was taken back.
    Open,
    /// It is as the flag says.
    Confirmed,
    /// There is nothing to it.
    Dismissed,
}

impl FlagState {
    /// The word in answers and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Open, Self::Confirmed, Self::Dismissed].into_iter().find(|it| it.name() == name)
    }
}
