//! Messages by sender domain and time, small enough for a picture: the domains with most messages, the others
//! together; months, or years where the mail spans many months.

use std::collections::BTreeMap;

use preuve_case::MailVerdict;

use super::{Mail, MailHead, NO_DOMAIN};

/// A stretch of time that has messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Period {
    /// A month: year and month from 1.
    Month(i32, i32),
    /// A year.
    Year(i32),
    /// Years that did not fit.
    OtherYears,
    /// Messages without a date.
    Undated,
}

/// Counts by verdict.
pub(crate) type Counts = BTreeMap<MailVerdict, usize>;

/// A row of the grid: a domain, or `None` for all that have no row of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DomainRow {
    pub domain: Option<String>,
    /// Domains that the row stands for.
    pub domains: usize,
    pub total: usize,
    pub verdicts: Counts,
    /// By column.
    pub cells: Vec<Counts>,
}

/// The grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grid {
    pub columns: Vec<Period>,
    pub rows: Vec<DomainRow>,
    /// Messages of the fullest cell.
    pub most: usize,
}

const MOST_MONTHS: usize = 30;
const MOST_YEARS: usize = 24;

impl Grid {
    /// The grid of `mail` with at most `rows` domains of their own.
    pub(crate) fn of(mail: &Mail<'_>, rows: usize) -> Self {
        let top = top_domains(&mail.heads, rows);
        let columns = columns(&mail.heads);
        let mut made: Vec<DomainRow> = top.iter().map(|&domain| row(mail.domain(domain), &columns)).collect();
        let mut rest = row(None, &columns);
        rest.domains = mail.domains.len().saturating_sub(top.len());
        let by_domain: BTreeMap<u32, usize> =
            top.iter().enumerate().map(|(at, &domain)| (domain, at)).collect();
        for head in &mail.heads {
            let row = match by_domain.get(&head.domain) {
                Some(&at) => &mut made[at],
                None => &mut rest,
            };
            row.total += 1;
            *row.verdicts.entry(head.verdict).or_insert(0) += 1;
            let column = column_of(head, &columns);
            *row.cells[column].entry(head.verdict).or_insert(0) += 1;
        }
        if rest.total > 0 {
            made.push(rest);
        }
        let cells = made.iter().flat_map(|row| &row.cells);
        let most = cells.map(|cell| cell.values().sum()).max().unwrap_or(0);
        Self { columns, rows: made, most }
    }
}

fn row(domain: Option<&str>, columns: &[Period]) -> DomainRow {
    DomainRow {
        domain: domain.map(str::to_owned),
        domains: 1,
        total: 0,
        verdicts: Counts::new(),
        cells: vec![Counts::new(); columns.len()],
    }
}

/// The domains with most messages, most first, then in order of appearance.
fn top_domains(heads: &[MailHead], rows: usize) -> Vec<u32> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for head in heads.iter().filter(|head| head.domain != NO_DOMAIN) {
        *counts.entry(head.domain).or_insert(0) += 1;
    }
    let mut ranked: Vec<(u32, usize)> = counts.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.into_iter().take(rows).map(|(domain, _)| domain).collect()
}

fn columns(heads: &[MailHead]) -> Vec<Period> {
    let mut months: BTreeMap<i32, usize> = BTreeMap::new();
    for month in heads.iter().filter_map(|head| head.month) {
        *months.entry(month).or_insert(0) += 1;
    }
    let mut columns = if months.len() <= MOST_MONTHS {
        months.keys().map(|&month| month_of(month)).collect()
    } else {
        years(&months)
    };
    if heads.iter().any(|head| head.month.is_none()) {
        columns.push(Period::Undated);
    }
    columns
}

fn month_of(month: i32) -> Period {
    Period::Month(month.div_euclid(12), month.rem_euclid(12) + 1)
}

fn years(months: &BTreeMap<i32, usize>) -> Vec<Period> {
    let mut counts: BTreeMap<i32, usize> = BTreeMap::new();
    for (month, count) in months {
        *counts.entry(month.div_euclid(12)).or_insert(0) += count;
    }
    let mut ranked: Vec<(i32, usize)> = counts.into_iter().collect();
    let many = ranked.len() > MOST_YEARS;
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.truncate(MOST_YEARS);
    let mut columns: Vec<Period> = ranked.into_iter().map(|(year, _)| Period::Year(year)).collect();
    columns.sort();
    if many {
        columns.push(Period::OtherYears);
    }
    columns
}

fn column_of(head: &MailHead, columns: &[Period]) -> usize {
    let wanted = |period: Period| columns.binary_search(&period).ok();
    let found = match head.month {
        None => wanted(Period::Undated),
        Some(month) => wanted(month_of(month))
            .or_else(|| wanted(Period::Year(month.div_euclid(12))))
            .or_else(|| wanted(Period::OtherYears)),
    };
    found.unwrap_or(columns.len().saturating_sub(1))
}

impl Period {
    /// Whether nothing lies between this period and the next.
    pub(crate) fn touches(self, next: Period) -> bool {
        match (self, next) {
            (Period::Month(year, month), Period::Month(next_year, next_month)) => {
                year * 12 + month + 1 == next_year * 12 + next_month
            }
            (Period::Year(year), Period::Year(next)) => year + 1 == next,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Traits;

    fn head(month: Option<i32>) -> MailHead {
        MailHead { domain: 0, month, verdict: MailVerdict::Valid, traits: Traits::default() }
    }

    #[test]
    fn few_months_are_columns_with_their_gaps() {
        let heads = [head(Some(2018 * 12)), head(Some(2018 * 12 + 1)), head(Some(2019 * 12)), head(None)];
        let found = columns(&heads);
        assert_eq!(
            found,
            [Period::Month(2018, 1), Period::Month(2018, 2), Period::Month(2019, 1), Period::Undated]
        );
        assert!(found[0].touches(found[1]) && !found[1].touches(found[2]));
        assert_eq!(heads.map(|head| column_of(&head, &found)), [0, 1, 2, 3]);
    }

    #[test]
    fn many_months_become_years_and_many_years_are_taken_together() {
        let heads: Vec<MailHead> = (0..40).map(|year| head(Some((1980 + year) * 12 + 3))).collect();
        let found = columns(&heads);
        assert_eq!(found.len(), MOST_YEARS + 1);
        assert_eq!(found.last(), Some(&Period::OtherYears));
        assert_eq!(column_of(&heads[39], &found), MOST_YEARS);
    }
}
