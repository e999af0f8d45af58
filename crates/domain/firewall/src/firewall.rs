//! One request's view of the rules: whose data it is, and what was held back.

use lodge_kernel::{Keyring, Pseudonym, TenantId};

use crate::{RuleId, Rules, mask};

/// The rules, applied to the data of one organisation.
#[derive(Clone, Copy)]
pub struct Firewall<'a> {
    rules: &'a Rules,
    keys: &'a dyn Keyring,
    tenant: TenantId,
}

/// A file that was held back whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// The pseudonym of its path.
    pub path_hash: Pseudonym,
    /// Why.
    pub rule: RuleId,
}

/// A place of a text that is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: RuleId,
    /// Its line, counted from 1.
    pub line: usize,
}

/// What was held back from one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files, in the order they were met.
    pub withheld: Vec<Withheld>,
    /// How many places were masked.
    pub masked: u32,
}

impl<'a> Firewall<'a> {
    /// `rules` for the data of `tenant`.
    pub fn new(rules: &'a Rules, keys: &'a dyn Keyring, tenant: TenantId) -> Self {
        Self { rules, keys, tenant }
    }

    /// The rule that blocks `path`. `None` when none does.
    pub fn blocks_path(&self, path: &str) -> Option<RuleId> {
        self.rules.blocks_path(path)
    }

    /// `text` with every secret masked. A text that has none comes back as it
    /// is, without a copy.
    pub fn review_text(&self, text: String, tally: &mut Tally) -> String {
        self.masked(&text, tally).unwrap_or(text)
    }

    /// What [`review_text`](Self::review_text) would mask, in order.
    pub fn findings(&self, text: &str) -> Vec<Finding> {
        let (mut line, mut read) = (1, 0);
        let spans = self.rules.detectors().find(text).into_iter();
        let findings = spans.map(|span| {
            let passed = text.as_bytes().get(read..span.start).unwrap_or_default();
            line += memchr::memchr_iter(b'\n', passed).count();
            read = span.start;
            Finding { rule: span.rule, line }
        });
        findings.collect()
    }

    /// `text` with every secret masked. `None` when it has none.
    pub(crate) fn masked(&self, text: &str, tally: &mut Tally) -> Option<String> {
        let spans = self.rules.detectors().find(text);
        if spans.is_empty() {
            return None;
        }
        tally.masked = tally.masked.saturating_add(u32::try_from(spans.len()).unwrap_or(u32::MAX));
        Some(mask::apply(text, &spans, |secret| self.keys.pseudonym(self.tenant, secret)))
    }

    /// The pseudonym of a path.
    pub(crate) fn path_hash(&self, path: &str) -> Pseudonym {
        self.keys.pseudonym(self.tenant, path.as_bytes())
    }

    /// Takes note of a file that is held back.
    pub(crate) fn withhold(&self, path: &str, rule: RuleId, tally: &mut Tally) {
        tally.withheld.push(Withheld { path_hash: self.path_hash(path), rule });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{KEYS, TENANT, firewall};

    #[test]
    fn a_text_without_a_secret_is_not_copied() {
        let text = "Let the token expire: see docs/token.md".to_owned();
        let before = text.as_ptr();
        let mut tally = Tally::default();
        let after = firewall().review_text(text, &mut tally);
        assert_eq!(after.as_ptr(), before);
        assert_eq!(tally, Tally::default());
    }

    #[test]
    fn equal_secrets_have_equal_masks_inside_one_tenant_only() {
        let text = "a password=hunter2x and password=hunter2x";
        let other = TenantId::from_uuid(uuid_of(9));
        let ours = firewall().review_text(text.to_owned(), &mut Tally::default());
        let rules = Rules::built_in();
        let theirs = Firewall::new(&rules, &KEYS, other);
        let theirs = theirs.review_text(text.to_owned(), &mut Tally::default());
        let masks = |text: &str| -> Vec<String> {
            text.split('‹').skip(1).map(|rest| rest.split('›').next().unwrap().to_owned()).collect()
        };
        assert_eq!(masks(&ours).len(), 2);
        assert_eq!(masks(&ours)[0], masks(&ours)[1]);
        assert_ne!(masks(&ours)[0], masks(&theirs)[0]);
        assert_ne!(other, TENANT);
    }

    #[test]
    fn findings_name_rule_and_line_of_every_mask() {
        let text = "a\npassword=hunter2x\n\nb Bearer a81bc81bdead4e5dabff, token=a81bc81bdead4e5d";
        let found = firewall().findings(text);
        let told: Vec<_> = found.iter().map(|it| (it.rule, it.line)).collect();
        assert_eq!(told, [(RuleId::PASSWORD, 2), (RuleId::TOKEN, 4), (RuleId::TOKEN, 4)]);
    }

    fn uuid_of(bits: u8) -> uuid::Uuid {
        uuid::Uuid::from_u128(bits.into())
    }
}
