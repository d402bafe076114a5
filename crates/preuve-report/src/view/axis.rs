//! A time axis on which a case of a few busy days stays readable although an older article is among it: days
//! without any article shrink to a break.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// Days between two articles that are drawn to scale; a longer gap is drawn as long as this and marked.
const LONGEST_GAP: i64 = 4;

/// Where times lie between 0 and 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    /// Days on which something was published, and where each begins, in drawn days.
    days: Vec<(Date, i64)>,
    /// Length in drawn days.
    length: i64,
}

/// The UTC day of a time.
pub(crate) fn day(time: Timestamp) -> Date {
    Offset::UTC.to_datetime(time).date()
}

impl Axis {
    /// The axis over `times`; `None` where there are none.
    pub(crate) fn of(times: impl Iterator<Item = Timestamp>) -> Option<Self> {
        let mut dates: Vec<Date> = times.map(day).collect();
        dates.sort();
        dates.dedup();
        let mut days = Vec::with_capacity(dates.len());
        let mut at = 0;
        for date in dates {
            if let Some(&(last, _)) = days.last() {
                at += days_between(last, date).min(LONGEST_GAP);
            }
            days.push((date, at));
        }
        days.last().map(|last: &(Date, i64)| last.1 + 1).map(|length| Self { days, length })
    }

    /// Where `time` lies; times off the axis go to its ends.
    pub(crate) fn at(&self, time: Timestamp) -> f64 {
        let hours = f64::from(Offset::UTC.to_datetime(time).hour());
        self.begin(day(time)) + hours / 24.0 / self.length as f64
    }

    /// Where the day begins; a day between two known ones goes to the earlier one's end.
    pub(crate) fn begin(&self, date: Date) -> f64 {
        let next = self.days.partition_point(|day| day.0 <= date);
        let Some(before) = next.checked_sub(1) else { return 0.0 };
        let (known, at) = self.days[before];
        let past = days_between(known, date).min(LONGEST_GAP);
        let ceiling = self.days.get(next).map_or(self.length, |day| day.1);
        ((at + past).min(ceiling)) as f64 / self.length as f64
    }

    /// Days to write under the axis, at most about `wanted`, each with its place.
    pub(crate) fn ticks(&self, wanted: usize) -> Vec<(Date, f64)> {
        let least = self.length as f64 / wanted.max(1) as f64;
        let mut last = None;
        let mut found = Vec::new();
        for &(date, at) in &self.days {
            if last.is_none_or(|last: i64| (at - last) as f64 >= least) {
                found.push((date, at as f64 / self.length as f64));
                last = Some(at);
            }
        }
        found
    }

    /// Places where days were left out.
    pub(crate) fn breaks(&self) -> Vec<f64> {
        let pairs = self.days.windows(2);
        pairs
            .filter(|pair| days_between(pair[0].0, pair[1].0) > LONGEST_GAP)
            .map(|pair| (pair[0].1 + pair[1].1 + 1) as f64 / 2.0 / self.length as f64)
            .collect()
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(times: &[&str]) -> Axis {
        Axis::of(times.iter().map(|time| time.parse().unwrap())).unwrap()
    }

    #[test]
    fn without_times_there_is_no_axis() {
        assert_eq!(Axis::of(std::iter::empty()), None);
    }

    #[test]
    fn an_old_article_does_not_squeeze_the_others() {
        let axis = axis(&["2016-03-01T00:00:00Z", "2027-09-18T00:00:00Z", "2027-09-19T12:00:00Z"]);
        assert_eq!(axis.breaks().len(), 1);
        assert!(axis.at("2027-09-18T00:00:00Z".parse().unwrap()) < 0.7);
        assert!(axis.at("2027-09-19T12:00:00Z".parse().unwrap()) > 0.9);
    }

    #[test]
    fn times_keep_their_order() {
        let axis = axis(&["2027-09-18T05:00:00Z", "2027-09-18T17:00:00Z", "2027-09-24T05:00:00Z"]);
        let at = |time: &str| axis.at(time.parse().unwrap());
        assert!(at("2027-09-18T05:00:00Z") < at("2027-09-18T17:00:00Z"));
        assert!(at("2027-09-18T17:00:00Z") < at("2027-09-21T05:00:00Z"));
        assert!(at("2027-09-21T05:00:00Z") < at("2027-09-24T05:00:00Z"));
        assert_eq!(at("2020-01-01T05:00:00Z"), at("2019-01-01T05:00:00Z"));
    }

    #[test]
    fn ticks_keep_their_distance() {
        let times: Vec<String> = (1..=28).map(|day| format!("2027-09-{day:02}T00:00:00Z")).collect();
        let times: Vec<&str> = times.iter().map(String::as_str).collect();
        let ticks = axis(&times).ticks(7);
        assert_eq!(ticks.len(), 7);
        assert!(ticks.windows(2).all(|pair| pair[1].1 > pair[0].1));
    }
}
