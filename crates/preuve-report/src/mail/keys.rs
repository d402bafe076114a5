//! The keys that somebody would have to find: names of keys without which signatures could not be checked.

use std::collections::BTreeMap;

use preuve_case::{AuthResult, HalfResult, MailVerdict, MessageFinding};

/// Names kept; messages that want others are counted.
const MOST_NAMES: usize = 20_000;

/// A key that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyGap {
    /// `selector._domainkey.domain`, lower case.
    pub name: String,
    /// Messages that it might decide.
    pub messages: usize,
    /// First and last month of those messages, in months since the year 0.
    pub months: Option<(i32, i32)>,
}

/// Names of missing keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyGaps {
    by_name: BTreeMap<String, (usize, Option<(i32, i32)>)>,
    /// Messages that want a name beyond those kept.
    pub beyond: usize,
}

impl KeyGaps {
    /// Note what `finding` lacks, where the lack decided its verdict.
    pub(super) fn take(&mut self, finding: &MessageFinding, month: Option<i32>) {
        if finding.verdict != MailVerdict::KeyUnknown {
            return;
        }
        let unchecked = finding.signatures.iter().filter(|signature| {
            signature.header == HalfResult::NotChecked && signature.result == AuthResult::TempError
        });
        for signature in unchecked {
            let name = format!("{}._domainkey.{}", signature.selector, signature.domain).to_lowercase();
            if !self.by_name.contains_key(&name) && self.by_name.len() >= MOST_NAMES {
                self.beyond += 1;
                continue;
            }
            let gap = self.by_name.entry(name).or_default();
            gap.0 += 1;
            if let Some(month) = month {
                gap.1 =
                    Some(gap.1.map_or((month, month), |(first, last)| (first.min(month), last.max(month))));
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Those that would decide most messages first.
    pub(crate) fn ranked(&self) -> Vec<KeyGap> {
        let gap = |(name, &(messages, months)): (&String, &(usize, _))| KeyGap {
            name: name.clone(),
            messages,
            months,
        };
        let mut gaps: Vec<KeyGap> = self.by_name.iter().map(gap).collect();
        gaps.sort_by(|a, b| b.messages.cmp(&a.messages).then_with(|| a.name.cmp(&b.name)));
        gaps
    }
}
