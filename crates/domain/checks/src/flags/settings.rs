//! From when on a pattern is seen.

/// From when on a pattern is seen. All of it a course may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlagSettings {
    /// Commit spam: so many successive commits of one student or more,
    pub spam_commits: u32,
    /// within so many minutes,
    pub spam_minutes: u32,
    /// with at most so many changed lines at the median.
    pub spam_median_lines: u32,
    /// Commit splitting: so many successive commits of one student or more, each
    /// with a file of the one before,
    pub split_commits: u32,
    /// within so many minutes.
    pub split_minutes: u32,
    /// Empty commits: so many of one student or more.
    pub empty_commits: u32,
    /// Churn: one student adds so many lines to a file or more,
    pub churn_lines: u32,
    /// and removes so many percent of that or more from it
    pub churn_percent: u32,
    /// within so many hours.
    pub churn_hours: u32,
    /// Review without reading: an approval less than so many seconds after the
    /// merge request was opened,
    pub lgtm_seconds: u32,
    /// which had so many changed lines or more. A self-merge of as many is medium.
    pub lgtm_lines: u32,
    /// Review that says nothing: so many remarks on merge requests or more, and
    /// all of them say only that something is fine.
    pub lgtm_notes: u32,
    /// Review ring: of each one's reviews so many percent or more go to the
    /// other,
    pub ring_percent: u32,
    /// and so many or more.
    pub ring_reviews: u32,
    /// Last-minute burst: so many percent of a student's changed lines or more
    pub burst_percent: u32,
    /// lie in the last so many percent of the period,
    pub burst_last_percent: u32,
    /// which has so many days or more,
    pub burst_days: u32,
    /// and the student has changed so many lines or more.
    pub burst_lines: u32,
    /// Create and close: an issue is closed less than so many minutes after it
    /// was written.
    pub close_minutes: u32,
    /// A remark is a review when it has so many characters or more.
    pub note_characters: u32,
}

impl Default for FlagSettings {
    fn default() -> Self {
        Self {
            spam_commits: 5,
            spam_minutes: 10,
            spam_median_lines: 3,
            split_commits: 3,
            split_minutes: 30,
            empty_commits: 1,
            churn_lines: 20,
            churn_percent: 50,
            churn_hours: 24,
            lgtm_seconds: 60,
            lgtm_lines: 50,
            lgtm_notes: 3,
            ring_percent: 80,
            ring_reviews: 4,
            burst_percent: 60,
            burst_last_percent: 10,
            burst_days: 7,
            burst_lines: 100,
            close_minutes: 5,
            note_characters: 15,
        }
    }
}
