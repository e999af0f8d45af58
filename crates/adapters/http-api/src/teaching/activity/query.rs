//! What lists of facts take.

use std::str::FromStr as _;

use lodge_activity::{FactKind, Step};
use lodge_kernel::{StudentId, Timestamp};
use lodge_teaching::activity::{FactPage, FactQuery, Period};
use serde::Deserialize;

use super::place::FactCursor;
use crate::{
    query::limit,
    teaching::{caller::Teacher, page::Pager, problem::Refusal},
};

/// The query of a list of facts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactsQuery {
    limit: Option<String>,
    cursor: Option<String>,
    author: Option<String>,
    state: Option<String>,
    since: Option<String>,
    until: Option<String>,
}

/// From when until when, and in which steps.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeriodQuery {
    since: Option<String>,
    until: Option<String>,
    step: Option<String>,
    student_id: Option<String>,
}

fn instant(name: &str, text: Option<&str>) -> Result<Option<Timestamp>, Refusal> {
    let unusable = || {
        let message = format!("`{name}` is an instant, for example 2026-10-01T00:00:00Z");
        Refusal::invalid(message)
    };
    text.map(|it| Timestamp::parse(it).map_err(|_not_one| unusable())).transpose()
}

impl FactsQuery {
    /// What is meant, and which page of it. `states` are those that the kind has.
    pub(crate) fn read(
        self,
        teacher: &Teacher,
        (of, kind): (String, FactKind),
        states: &[&str],
    ) -> Result<(Pager, FactQuery, FactPage), Refusal> {
        if let Some(state) = &self.state
            && !states.contains(&state.as_str())
        {
            let message = if states.is_empty() {
                "this list has no filter `state`".to_owned()
            } else {
                format!("`state` is one of {}", states.join(", "))
            };
            return Err(Refusal::invalid(message));
        }
        let student = self.author.as_deref().and_then(|it| StudentId::from_str(it).ok());
        let query = FactQuery {
            kind,
            student,
            username: self.author.clone().filter(|_| student.is_none()),
            state: self.state.clone(),
            since: instant("since", self.since.as_deref())?,
            until: instant("until", self.until.as_deref())?,
        };
        let limit = limit(self.limit.as_deref())?;
        let mut filters = vec![("of", of)];
        for (name, it) in [
            ("author", self.author),
            ("state", self.state),
            ("since", self.since),
            ("until", self.until),
        ] {
            filters.extend(it.map(|it| (name, it)));
        }
        let pager = Pager::of(teacher, limit, filters);
        let after = self.cursor.map(|it| pager.open::<FactCursor>(teacher, &it)).transpose()?;
        let after = after.map(|it| it.id.0);
        Ok((pager, query, FactPage { after, limit: limit.get() + 1 }))
    }
}

impl PeriodQuery {
    pub(crate) fn period(&self) -> Result<Period, Refusal> {
        let since = instant("since", self.since.as_deref())?;
        let until = instant("until", self.until.as_deref())?;
        Ok(Period { since, until })
    }

    pub(crate) fn step(&self) -> Result<Step, Refusal> {
        match self.step.as_deref() {
            None | Some("day") => Ok(Step::Day),
            Some("week") => Ok(Step::Week),
            Some(_) => Err(Refusal::invalid("`step` is day or week")),
        }
    }

    pub(crate) fn student(&self) -> Result<Option<StudentId>, Refusal> {
        let student = self.student_id.as_deref().map(str::parse).transpose();
        student.map_err(|_not_an_id| Refusal::invalid("`student_id` is `student_…`"))
    }
}
