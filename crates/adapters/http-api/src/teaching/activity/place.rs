//! Where a fact stands in a list, as a cursor carries it.

use std::str::FromStr;

use lodge_activity::{FactKey, FactKind};
use lodge_kernel::Timestamp;
use lodge_storage::FactPlace;

/// A place, to be written and read.
pub(crate) struct FactCursor(pub(crate) FactPlace);

/// A text is no place.
#[derive(Debug)]
pub(crate) struct NotAPlace;

impl FactCursor {
    pub(crate) fn text(place: &FactPlace) -> String {
        let FactPlace { at, project, key } = place;
        format!("{} {project} {} {}", at.as_micros(), key.kind.name(), key.id)
    }
}

impl FromStr for FactCursor {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let mut words = text.splitn(4, ' ');
        let mut word = || words.next().ok_or(NotAPlace);
        let (at, project, kind, id) = (word()?, word()?, word()?, word()?);
        let at = Timestamp::from_micros(at.parse().map_err(|_not_a_number| NotAPlace)?);
        let project = project.parse().map_err(|_not_an_id| NotAPlace)?;
        let kind = FactKind::parse(kind).ok_or(NotAPlace)?;
        Ok(Self(FactPlace { at, project, key: FactKey { kind, id: id.to_owned() } }))
    }
}
