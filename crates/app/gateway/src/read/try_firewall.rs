//! What the firewall would do, for those who want to know before it does.

use lodge_firewall::{Finding, Firewall, Review as _, RuleId, Tally};
use lodge_forge::{DiffFile, FileStatus, PatchState};
use lodge_kernel::TenantId;

use crate::Gateway;

/// What is to be tried.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// Any text.
    pub text: Option<String>,
    /// Paths of files.
    pub paths: Vec<String>,
    /// Files of a diff.
    pub files: Vec<TrialFile>,
}

/// One file of a diff that is to be tried.
#[derive(Clone, Debug)]
pub struct TrialFile {
    /// Where it is.
    pub path: String,
    /// Where it was before a rename.
    pub previous_path: Option<String>,
    /// Its hunks.
    pub patch: Option<String>,
}

/// What would leave.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The text, with its secrets masked.
    pub text: Option<String>,
    /// What was masked in the text.
    pub findings: Vec<Finding>,
    /// Each path with the rule that blocks it.
    pub paths: Vec<(String, Option<RuleId>)>,
    /// The files, reviewed.
    pub files: Vec<DiffFile>,
    /// What was done to text and files.
    pub tally: Tally,
}

impl Gateway {
    /// The rule that holds back what is at `path`. `None` when none does.
    pub fn blocks_path(&self, path: &str) -> Option<RuleId> {
        let nobody = TenantId::fresh(&*self.clock, &*self.entropy);
        Firewall::new(&self.rules(), &*self.keys, nobody).blocks_path(path)
    }

    /// Does to `trial` what is done to everything that leaves.
    ///
    /// Pseudonyms are those of an organisation that does not exist: with real
    /// ones, whoever sees a mask could try passwords here until one fits.
    pub fn try_firewall(&self, trial: Trial) -> Tried {
        let nobody = TenantId::fresh(&*self.clock, &*self.entropy);
        let rules = self.rules();
        let firewall = Firewall::new(&rules, &*self.keys, nobody);
        let mut tally = Tally::default();
        let findings = trial.text.as_deref().map(|text| firewall.findings(text));
        let text = trial.text.map(|text| firewall.review_text(text, &mut tally));
        let judged = |path: String| (firewall.blocks_path(&path), path);
        let paths = trial.paths.into_iter().map(judged).map(|(rule, path)| (path, rule)).collect();
        let files = trial.files.into_iter().map(DiffFile::from);
        let files = files.filter_map(|it| it.review(&firewall, &mut tally)).collect();
        Tried { text, findings: findings.unwrap_or_default(), paths, files, tally }
    }
}

impl From<TrialFile> for DiffFile {
    fn from(it: TrialFile) -> Self {
        let renamed = it.previous_path.is_some();
        Self {
            path: it.path,
            previous_path: it.previous_path,
            status: if renamed { FileStatus::Renamed } else { FileStatus::Modified },
            additions: None,
            deletions: None,
            binary: None,
            mode: None,
            previous_mode: None,
            patch_state: if it.patch.is_some() { PatchState::Full } else { PatchState::Omitted },
            patch: it.patch,
        }
    }
}
