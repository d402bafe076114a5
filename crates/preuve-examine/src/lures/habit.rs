//! What a sender usually does: the few values of one trait of its messages, counted.

use std::collections::BTreeMap;

/// Values kept of one trait; a sender with more has no habit.
const MOST_VALUES: usize = 8;
/// Characters kept of a value.
const MOST_CHARS: usize = 60;
/// A value is rare when at most one other message in so many has it.
const RARE: u32 = 20;
/// There is a habit when so many values make up four fifths of the other messages.
const FEW: usize = 3;

/// Messages of a sender by the value of one trait. Of too many values the first by name stay, whatever the order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Habit {
    values: BTreeMap<Box<str>, u32>,
    too_many: bool,
}

/// How a message departs from a habit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Departure {
    /// The value most other messages have.
    pub(super) usual: String,
    /// Other messages of the sender that bear the trait.
    pub(super) messages: u32,
    /// Those among them with the value of this one.
    pub(super) alike: u32,
}

impl Habit {
    pub(super) fn add(&mut self, value: &str) {
        *self.values.entry(clip(value)).or_default() += 1;
        if self.values.len() > MOST_VALUES {
            self.values.pop_last();
            self.too_many = true;
        }
    }

    /// Other messages with `value`; `counted` when the message itself was learnt.
    pub(super) fn others(&self, value: &str, counted: bool) -> u32 {
        let count = self.values.get(&*clip(value)).copied().unwrap_or(0);
        count.saturating_sub(u32::from(counted))
    }

    /// Does `value` depart from what at least `least` other messages show? `near` are values that count as the same.
    pub(super) fn departure(
        &self,
        value: &str,
        near: &[&str],
        least: u32,
        counted: bool,
    ) -> Option<Departure> {
        let total = self.values.values().fold(0u32, |sum, &count| sum.saturating_add(count));
        let messages = total.saturating_sub(u32::from(counted));
        let mut alike = self.others(value, counted);
        for other in near {
            alike = alike.saturating_add(self.others(other, false));
        }
        if self.too_many || messages < least.max(1) || alike.saturating_mul(RARE) > messages {
            return None;
        }
        let clipped = clip(value);
        let mut rest: Vec<(&str, u32)> = self
            .values
            .iter()
            .filter(|(kept, _)| **kept != clipped)
            .map(|(kept, &count)| (&**kept, count))
            .collect();
        rest.sort_by_key(|&(kept, count)| (std::cmp::Reverse(count), kept));
        let few: u32 = rest.iter().take(FEW).map(|&(_, count)| count).sum();
        let usual = rest.first()?.0.to_owned();
        (few.saturating_mul(5) >= messages.saturating_mul(4)).then_some(Departure { usual, messages, alike })
    }
}

fn clip(value: &str) -> Box<str> {
    value.chars().take(MOST_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn habit(values: &[(&str, u32)]) -> Habit {
        let mut habit = Habit::default();
        for (value, count) in values {
            (0..*count).for_each(|_| habit.add(value));
        }
        habit
    }

    #[test]
    fn a_value_that_is_rare_among_steady_ones_departs() {
        let steady = habit(&[("Quill", 30), ("Phone", 5), ("Web", 1)]);
        let departure = steady.departure("Web", &[], 10, true);
        assert_eq!(departure, Some(Departure { usual: "Quill".into(), messages: 35, alike: 0 }));
        assert_eq!(steady.departure("Phone", &[], 10, true), None);
    }

    #[test]
    fn there_is_no_habit_in_few_messages_or_many_values() {
        assert_eq!(habit(&[("Quill", 6), ("Web", 1)]).departure("Web", &[], 10, true), None);
        let motley: Vec<(String, u32)> = (0..7).map(|n| (format!("{n}"), 4)).collect();
        let motley: Vec<(&str, u32)> = motley.iter().map(|(value, count)| (value.as_str(), *count)).collect();
        assert_eq!(habit(&motley).departure("x", &[], 10, false), None);
        let many: Vec<(String, u32)> = (0..20).map(|n| (format!("{n:02}"), 1)).collect();
        let many: Vec<(&str, u32)> = many.iter().map(|(value, count)| (value.as_str(), *count)).collect();
        assert_eq!(habit(&many).departure("x", &[], 10, false), None);
    }

    #[test]
    fn near_values_count_as_the_same() {
        let summer = habit(&[("60", 20), ("120", 1)]);
        assert_eq!(summer.departure("120", &["60", "180"], 10, true), None);
        assert!(summer.departure("330", &["270", "390"], 10, false).is_some());
    }
}
