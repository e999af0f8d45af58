//! What is written of a team.

use lodge_activity::{Contribution, Happened, Offset, Step as Every, Whose};
use lodge_checks::Points;
use lodge_kernel::{Day, Timestamp};
use lodge_services::reports::{
    Bar, Bars, Cell, ColumnKind, Content, Report, Section, Step, Timeline,
};

use super::page::{TRUNCATED, column, facts_of, reasons, result, table, text, worded};
use crate::{
    activity::Work,
    evaluation::{MemberResult, TeamResult},
};

/// The most weeks of a timeline: the last ones.
const MOST_WEEKS: u64 = 53;

/// What is known of a team: its results, and what it did.
pub(super) struct Picture {
    pub(super) result: TeamResult,
    pub(super) work: Work,
}

impl Picture {
    /// The report, with days of the course's time zone.
    pub(super) fn report(&self, at: Timestamp, offset: Offset<'_>) -> Report {
        let known = &self.work.known;
        let (course, thresholds) = (&known.course, known.course.settings.thresholds);
        let TeamResult { team, score, students, truncated, .. } = &self.result;
        let mut facts = facts_of(course);
        let names: Vec<_> = students.iter().map(name).collect();
        let projects = self.work.projects.iter().map(|(it, _)| it.name.as_str());
        facts.extend([
            ("Members".to_owned(), listed(names.iter().map(String::as_str))),
            ("Projects".to_owned(), listed(projects)),
            ("Score".to_owned(), worded(*score, thresholds)),
        ]);
        let mut sections = vec![self.results(&names)];
        sections.extend(self.shares(&names));
        sections.extend(self.timeline(at, offset));
        sections.extend(self.runs(offset));
        let members = students.iter().zip(&names);
        sections.extend(members.map(|(it, name)| reasons(name, &it.result.checks, thresholds)));
        if *truncated {
            sections.insert(0, note("Not everything", TRUNCATED));
        }
        Report {
            title: team.name.clone(),
            subtitle: format!("{}, {}", course.details.code, course.details.name),
            made_at: at,
            facts,
            sections,
        }
    }

    /// The checks from top to bottom, the members from left to right.
    fn results(&self, names: &[String]) -> Section {
        let thresholds = self.work.known.course.settings.thresholds;
        let TeamResult { score, checks, students, .. } = &self.result;
        let mut columns = vec![
            column("Check", ColumnKind::Text),
            column("Weight", ColumnKind::Number),
            column("Team", ColumnKind::Number),
        ];
        columns.extend(names.iter().map(|it| column(it, ColumnKind::Number)));
        let mut first = vec![text("Score"), Cell::Empty, result(*score, thresholds)];
        first.extend(students.iter().map(|it| result(it.result.score, thresholds)));
        let others = checks.iter().enumerate().map(|(n, check)| {
            let mut row = vec![
                text(format!("{} {}", check.code, check.name)),
                Cell::Whole(check.weight.into()),
                result(check.points, thresholds),
            ];
            row.extend(students.iter().map(|it| {
                let found = it.result.checks.get(n);
                result(found.and_then(|it| it.outcome.points), thresholds)
            }));
            row
        });
        let rows = std::iter::once(first).chain(others).collect();
        table("Results", columns, rows)
    }

    /// Who did how much of it.
    fn shares(&self, names: &[String]) -> Vec<Section> {
        type Measure = (&'static str, &'static str, fn(&Contribution) -> u64);
        const MEASURES: [Measure; 3] = [
            ("Changed lines", "Share of changed lines, %", |it| it.lines.changed()),
            ("Commits", "Share of commits, %", |it| it.commits),
            ("Remarks", "Share of remarks on work of others, %", |it| it.notes_given),
        ];
        let all = self.work.contributions();
        let of = |n: usize| {
            let student = self.result.students.get(n).map(|it| it.result.student);
            student.and_then(|it| all.students.get(&it)).copied().unwrap_or_default()
        };
        let section = |(title, measure, count): Measure| {
            let counts: Vec<_> = (0..names.len()).map(|n| count(&of(n))).collect();
            let sum = counts.iter().fold(0_u64, |sum, it| sum.saturating_add(*it));
            let share = |part: u64| {
                let [part, whole] = [part, sum].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
                Points::share(part, whole).unwrap_or_default().hundredths()
            };
            let bar =
                |(name, n): (&String, &u64)| Bar { label: name.clone(), hundredths: share(*n) };
            let content = Content::Bars(Bars {
                of: "Student".to_owned(),
                measure: measure.to_owned(),
                full: Points::ALL.hundredths(),
                bars: names.iter().zip(&counts).map(bar).collect(),
            });
            let counted = format!("{sum} by the members of the team.");
            (sum > 0).then(|| Section { title: title.to_owned(), text: vec![counted], content })
        };
        MEASURES.into_iter().filter_map(section).collect()
    }

    /// Commits, week by week.
    fn timeline(&self, at: Timestamp, offset: Offset<'_>) -> Option<Section> {
        let now = Day::of(at, offset(at));
        let line = self.work.timeline(Whose::Everybody, Every::Week, offset);
        // Clocks of members may be ahead.
        let is_meant = |(week, it): &(Day, Happened)| it.commits > 0 && *week <= now;
        let line: Vec<_> = line.into_iter().filter(is_meant).collect();
        let (last, _) = line.last()?;
        let earliest = last.weeks_before(u32::try_from(MOST_WEEKS - 1).unwrap_or_default());
        let first = line.iter().map(|(day, _)| *day).find(|it| *it >= earliest)?;
        let count =
            |day: Day| line.iter().find(|(it, _)| *it == day).map_or(0, |(_, it)| it.commits);
        let weeks = std::iter::successors(Some(first), |it| Some(it.next_week()));
        let weeks = weeks.take_while(|it| it <= last);
        let steps = weeks.map(|it| Step { label: it.to_string(), count: count(it) });
        let content = Content::Timeline(Timeline {
            of: "Week from".to_owned(),
            measure: "Commits".to_owned(),
            steps: steps.collect(),
        });
        let is_cut = line.first().is_some_and(|(day, _)| *day < first);
        let cut = is_cut.then(|| format!("The last {MOST_WEEKS} weeks of them."));
        Some(Section {
            title: "Commits by week".to_owned(),
            text: cut.into_iter().collect(),
            content,
        })
    }

    /// What continuous integration comes to.
    fn runs(&self, offset: Offset<'_>) -> Option<Section> {
        let titles =
            ["Project", "Runs", "Succeeded, %", "Median minutes", "Minutes to recovery", "A day"];
        let kind = |n| if n == 0 { ColumnKind::Text } else { ColumnKind::Number };
        let columns = titles.iter().enumerate().map(|(n, it)| column(*it, kind(n))).collect();
        let hundredths = |it: Option<u32>| {
            it.map_or(Cell::Empty, |hundredths| Cell::Score { hundredths, light: None })
        };
        let minutes = |it: Option<u64>| it.map_or(Cell::Empty, |it| Cell::Whole(it.div_ceil(60)));
        let all = self.work.metrics(offset);
        let with_runs = all.into_iter().filter(|(_, it)| it.ended > 0);
        let rows: Vec<_> = with_runs
            .map(|(project, it)| {
                vec![
                    text(project.name.as_str()),
                    Cell::Whole(it.ended),
                    hundredths(it.success_rate),
                    minutes(it.median_duration),
                    minutes(it.recovery),
                    hundredths(it.builds_per_day),
                ]
            })
            .collect();
        (!rows.is_empty()).then(|| table("Pipelines", columns, rows))
    }
}

fn name(of: &MemberResult) -> String {
    of.name.clone().filter(|it| !it.is_empty()).unwrap_or_else(|| of.result.student.to_string())
}

/// `A, B, C`, or that there is none.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn note(title: &str, said: &str) -> Section {
    Section { title: title.to_owned(), text: vec![said.to_owned()], content: Content::Nothing }
}
