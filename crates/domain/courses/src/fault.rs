//! What is wrong with something that was sent: field by field, all at once.

/// One field that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands: `settings.checks[3].weight`, or a line and a column.
    pub field: String,
    /// What is wrong, and what is taken instead.
    pub problem: String,
}

/// Everything that was found wrong so far; of more than [`MOST`](Self::MOST)
/// the first ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// How many are told at once.
    pub const MOST: usize = 50;

    /// Takes note of one.
    pub fn say(&mut self, field: impl Into<String>, problem: impl Into<String>) {
        if self.0.len() < Self::MOST {
            self.0.push(Fault { field: field.into(), problem: problem.into() });
        }
    }

    /// The value, or a note of what is wrong with it.
    pub fn take<T>(&mut self, field: &str, parsed: Result<T, impl std::fmt::Display>) -> Option<T> {
        parsed.map_err(|problem| self.say(field, problem.to_string())).ok()
    }

    /// Nothing is wrong.
    ///
    /// # Errors
    ///
    /// What is wrong.
    pub fn none(self) -> Result<(), Vec<Fault>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
