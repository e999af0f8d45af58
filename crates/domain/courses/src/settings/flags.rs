//! From when on a pattern in somebody's work is pointed out.

use super::section;
use crate::{Document, Faults, Fields};

macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $key:ident {
        $($(#[$of:meta])* $field:ident: $range:expr, $usual:literal;)+
    })+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $name {
                /// It is looked for.
                pub enabled: bool,
                $($(#[$of])* pub $field: u32,)+
            }

            impl Default for $name {
                fn default() -> Self {
                    Self { enabled: true, $($field: $usual,)+ }
                }
            }

            impl $name {
                fn read(fields: &mut Fields<'_>, faults: &mut Faults) -> Self {
                    let name = stringify!($key);
                    let Some(mut it) = section(fields, name, faults) else {
                        return Self::default();
                    };
                    let pattern = Self {
                        enabled: it.flag("enabled", true, faults),
                        $($field: it.whole(stringify!($field), $range, $usual, faults),)+
                    };
                    it.end(faults);
                    pattern
                }

                fn write(self) -> Document {
                    Document::object([
                        ("enabled", self.enabled.into()),
                        $((stringify!($field), self.$field.into()),)+
                    ])
                }
            }
        )+

        /// From when on each pattern is pointed out.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct FlagSettings {
            $($(#[$doc])* pub $key: $name,)+
        }

        impl FlagSettings {
            pub(super) fn read(fields: &mut Fields<'_>, faults: &mut Faults) -> Self {
                let Some(mut it) = section(fields, "flags", faults) else {
                    return Self::default();
                };
                let flags = Self { $($key: $name::read(&mut it, faults),)+ };
                it.end(faults);
                flags
            }

            pub(super) fn write(self) -> Document {
                Document::object([$((stringify!($key), self.$key.write()),)+])
            }
        }
    };
}

patterns! {
    /// Many commits in a short time that change next to nothing.
    CommitSpam = commit_spam {
        /// So many successive commits of one student or more,
        commits: 2..=1_000, 5;
        /// within so many minutes,
        minutes: 1..=1_440, 10;
        /// with at most so many changed lines at the median.
        median_lines: 0..=10_000, 3;
    }
    /// One piece of work in many commits.
    CommitSplitting = commit_splitting {
        /// So many successive commits of one student or more, each with a file of
        /// the one before,
        commits: 2..=1_000, 3;
        /// within so many minutes.
        minutes: 1..=1_440, 30;
    }
    /// Commits that change no file.
    EmptyCommits = empty_commits {
        /// So many of one student or more.
        commits: 1..=1_000, 1;
    }
    /// Lines that were added and soon removed.
    Churn = churn {
        /// One student adds so many lines to a file or more,
        lines: 1..=100_000, 20;
        /// and removes so many percent of that or more from it
        percent: 1..=100, 50;
        /// within so many hours.
        hours: 1..=720, 24;
    }
    /// Reviews that nobody can have done, or that say nothing.
    LgtmReview = lgtm_review {
        /// An approval less than so many seconds after the merge request was
        /// opened,
        seconds: 1..=86_400, 60;
        /// which had so many changed lines or more.
        lines: 1..=100_000, 50;
        /// So many remarks on merge requests or more, and all of them say only
        /// that something is fine.
        notes: 1..=1_000, 3;
    }
    /// Two who review each other's work and hardly anybody else's.
    ReviewRing = review_ring {
        /// Of each one's reviews so many percent or more go to the other,
        percent: 1..=100, 80;
        /// and so many or more.
        reviews: 1..=1_000, 4;
        /// A remark is a review when it has so many characters or more.
        characters: 1..=10_000, 15;
    }
    /// Most of the work at the very end.
    LastMinuteBurst = last_minute_burst {
        /// So many percent of a student's changed lines or more
        percent: 1..=100, 60;
        /// lie in the last so many percent of the period,
        last_percent: 1..=90, 10;
        /// which has so many days or more,
        days: 1..=1_000, 7;
        /// and the student has changed so many lines or more.
        lines: 1..=1_000_000, 100;
    }
    /// An issue that was closed as soon as it was written.
    CreateAndClose = create_and_close {
        /// It is closed less than so many minutes after it was written.
        minutes: 1..=1_440, 5;
    }
    /// A merge request that its author took in, and nobody reviewed.
    SelfMerge = self_merge {
        /// It is medium with so many changed lines or more.
        lines: 1..=100_000, 50;
        /// A remark is a review when it has so many characters or more.
        characters: 1..=10_000, 15;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(document: &Document) -> (FlagSettings, Option<Vec<crate::Fault>>) {
        let mut faults = Faults::default();
        let whole = Document::object([("flags", document.clone())]);
        let mut fields = Fields::of(&whole, "", &mut faults);
        let flags = FlagSettings::read(&mut fields, &mut faults);
        fields.end(&mut faults);
        (flags, faults.none().err())
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut flags = FlagSettings::default();
        flags.churn.enabled = false;
        flags.self_merge.lines = 7;
        assert_eq!(read(&flags.write()), (flags, None));
        assert_eq!(read(&Document::object([])), (FlagSettings::default(), None));
    }

    #[test]
    fn what_cannot_be_used_is_named_with_its_place() {
        let wrong = Document::object([
            ("commit_spam", Document::object([("commits", 1_u32.into())])),
            ("churn", Document::object([("enabled", 1_u32.into())])),
            ("copied_code", Document::object([])),
        ]);
        let faults = read(&wrong).1.unwrap_or_default();
        let places: Vec<_> = faults.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(
            places,
            ["flags.commit_spam.commits", "flags.churn.enabled", "flags.copied_code"]
        );
    }
}
