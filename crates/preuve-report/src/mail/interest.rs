//! Which messages a reader should see first: those that are not as signed, those that show traits of a lure or do
//! not fit, those that others bear out. An order of reading, no verdict.

use preuve_case::{CheckOutcome, MailVerdict, Observation, ObservationKind};

use super::MailHead;

/// What the observations of a message come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// Traits of a lure: those that stand out count threefold.
    lures: u8,
    /// Observations where things do not fit.
    misfits: u8,
    /// Observations by which others bear it out.
    borne_out: u8,
}

/// Two remarks, or one that stands out, make a message worth a look as a lure.
const LEAST_LURE: u8 = 2;
/// Remarks that only help to judge the others.
const CONTEXT: [&str; 2] = ["lure.first_message_to_recipient", "lure.genuine_account"];

impl Traits {
    pub(crate) fn of(observations: &[Observation]) -> Self {
        let mut traits = Self::default();
        for observation in observations {
            let (place, by) = match (observation.kind, observation.outcome) {
                (ObservationKind::Lure, CheckOutcome::Fail) => (&mut traits.lures, 3),
                (ObservationKind::Lure, CheckOutcome::Note)
                    if !CONTEXT.contains(&observation.name.as_str()) =>
                {
                    (&mut traits.lures, 1)
                }
                (ObservationKind::Lure, _) => continue,
                (_, CheckOutcome::Fail) => (&mut traits.misfits, 1),
                (ObservationKind::Corroboration, CheckOutcome::Pass) => (&mut traits.borne_out, 1),
                _ => continue,
            };
            *place = place.saturating_add(by);
        }
        traits
    }

    pub(crate) fn lure(self) -> bool {
        self.lures >= LEAST_LURE
    }

    pub(crate) fn inconsistent(self) -> bool {
        self.misfits > 0
    }

    pub(crate) fn corroborated(self) -> bool {
        self.borne_out > 0
    }

    fn weight(self) -> u32 {
        2 * u32::from(self.lures) + 2 * u32::from(self.misfits) + u32::from(self.borne_out)
    }
}

/// Why a message is shown, what weighs most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Interest {
    /// Not as it was signed.
    NotAsSigned,
    /// A displayed part lies outside the signature.
    Partial,
    /// Traits of mail made to deceive.
    Lure,
    /// Something does not fit.
    Inconsistent,
    /// Others bear it out.
    Corroborated,
    /// A signature that holds on weak ground, or a message that cannot be judged.
    Weak,
    /// All others.
    Rest,
}

/// Groups that each get a share of the places, however many messages an earlier one has.
const SHARED: [Interest; 5] = [
    Interest::NotAsSigned,
    Interest::Partial,
    Interest::Lure,
    Interest::Inconsistent,
    Interest::Corroborated,
];

impl Interest {
    pub(crate) fn of(head: &MailHead) -> Self {
        match head.verdict {
            MailVerdict::Altered | MailVerdict::HeadersIntactBodyChanged => Self::NotAsSigned,
            MailVerdict::ValidPartial => Self::Partial,
            _ if head.traits.lure() => Self::Lure,
            _ if head.traits.inconsistent() => Self::Inconsistent,
            _ if head.traits.corroborated() => Self::Corroborated,
            MailVerdict::ValidWeak | MailVerdict::KeyRecoveredUnattested | MailVerdict::Malformed => {
                Self::Weak
            }
            _ => Self::Rest,
        }
    }
}

/// At most `limit` messages, those of most interest first; none of the first groups crowds out the others.
pub(crate) fn choose(heads: &[MailHead], limit: usize) -> Vec<usize> {
    let key = |index: &usize| {
        let head = &heads[*index];
        (Interest::of(head), std::cmp::Reverse(head.traits.weight()), *index)
    };
    let mut ranked: Vec<usize> = (0..heads.len()).collect();
    ranked.sort_by_key(key);
    if ranked.len() <= limit {
        return ranked;
    }
    let share = limit / SHARED.len();
    let mut chosen = Vec::with_capacity(limit);
    let mut others = Vec::new();
    let mut taken = [0usize; SHARED.len()];
    for index in ranked {
        let group = SHARED.iter().position(|&shared| shared == Interest::of(&heads[index]));
        match group.and_then(|group| taken.get_mut(group)) {
            Some(count) if *count < share => {
                *count += 1;
                chosen.push(index);
            }
            _ if others.len() < limit => others.push(index),
            _ => {}
        }
    }
    others.truncate(limit - chosen.len());
    chosen.extend(others);
    chosen.sort_by_key(key);
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(verdict: MailVerdict, misfits: u8) -> MailHead {
        MailHead { domain: 0, month: None, verdict, traits: Traits { misfits, ..Traits::default() } }
    }

    #[test]
    fn what_is_not_as_signed_comes_first_and_does_not_crowd_out_the_rest() {
        let mut heads = vec![head(MailVerdict::Altered, 0); 500];
        heads.push(head(MailVerdict::Valid, 1));
        heads.push(head(MailVerdict::ValidPartial, 0));
        heads.push(head(MailVerdict::Valid, 0));
        let chosen = choose(&heads, 50);
        assert_eq!(chosen.len(), 50);
        assert_eq!(chosen[0], 0);
        assert_eq!(chosen[48..], [501, 500]);
    }

    #[test]
    fn all_are_shown_where_there_is_room() {
        let heads = [head(MailVerdict::Valid, 0), head(MailVerdict::Altered, 0), head(MailVerdict::Valid, 3)];
        assert_eq!(choose(&heads, 10), [1, 2, 0]);
        assert_eq!(choose(&heads, 0), Vec::<usize>::new());
    }
}
