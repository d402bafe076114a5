//! What stays the same in every language: numbers and names.
//!
//! They find the texts worth comparing when there are too many to compare all, and a rare one that two texts
//! share speaks for their kinship. Limit: numbers written as words and names that are translated are missed.

use std::collections::BTreeMap;

use super::token::words;

/// Anchors read from one text.
const MAX_ANCHORS: usize = 400;
/// An anchor in more texts than this finds nothing.
const MAX_TEXTS: usize = 64;

/// Anchors of a text, sorted, each once: numbers of two digits or more and capitalised words.
pub(super) fn anchors(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut number = String::new();
    let mut number_end = 0;
    for word in words(text).take(200_000) {
        if word.text.chars().all(|c| c.is_ascii_digit()) {
            let gap = if number_end <= word.byte { &text[number_end..word.byte] } else { "" };
            let grouped = word.text.len() == 3 && !number.is_empty() && is_group_mark(gap);
            if !grouped {
                push_number(&mut number, &mut found);
            }
            number.push_str(word.text);
            number_end = word.byte_end();
        } else if word.is_capitalised() && word.text.len() >= 4 {
            found.push(fold(word.text));
        }
        if found.len() >= MAX_ANCHORS {
            break;
        }
    }
    push_number(&mut number, &mut found);
    found.sort();
    found.dedup();
    found
}

fn push_number(number: &mut String, found: &mut Vec<String>) {
    if number.len() >= 2 {
        found.push(number.clone());
    }
    number.clear();
}

/// Marks between groups of three digits: 340,000, 340.000, 340 000.
fn is_group_mark(gap: &str) -> bool {
    matches!(gap, "," | "." | " " | "\u{a0}" | "\u{202f}" | "'" | "’")
}

/// Lower case without accents.
pub(super) fn fold(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// For every text, the `keep` others that share most with it by rarity, sorted by place; symmetric.
pub(super) fn neighbours(lists: &[Vec<String>], keep: usize) -> Vec<Vec<u32>> {
    let mut index: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (at, list) in lists.iter().enumerate() {
        for anchor in list {
            index.entry(anchor).or_default().push(at as u32);
        }
    }
    let mut near: Vec<Vec<u32>> = lists.iter().map(|list| nearest(list, &index, keep)).collect();
    for (at, list) in near.iter_mut().enumerate() {
        list.retain(|other| *other != at as u32);
    }
    let forth: Vec<(u32, u32)> = near
        .iter()
        .enumerate()
        .flat_map(|(at, list)| list.iter().map(move |other| (*other, at as u32)))
        .collect();
    for (to, from) in forth {
        near[to as usize].push(from);
    }
    for list in &mut near {
        list.sort_unstable();
        list.dedup();
    }
    near
}

fn nearest(list: &[String], index: &BTreeMap<&str, Vec<u32>>, keep: usize) -> Vec<u32> {
    let mut shared: BTreeMap<u32, f32> = BTreeMap::new();
    for anchor in list {
        let Some(texts) = index.get(anchor.as_str()).filter(|texts| (2..=MAX_TEXTS).contains(&texts.len()))
        else {
            continue;
        };
        for text in texts {
            *shared.entry(*text).or_default() += 1.0 / texts.len() as f32;
        }
    }
    let mut ranked: Vec<(u32, f32)> = shared.into_iter().collect();
    ranked.sort_by(|one, two| two.1.total_cmp(&one.1).then(one.0.cmp(&two.0)));
    ranked.into_iter().take(keep + 1).map(|(text, _)| text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_the_same_in_every_language() {
        let english = anchors("On 17 May Halden Lines paid Núria Roig 340,000 crowns.");
        let french = anchors("Le 17 mai, Halden Lines a payé 340 000 couronnes à Nuria Roig.");
        let spanish = anchors("El 17 de mayo Halden Lines pagó 340.000 coronas a Núria Roig.");
        for list in [&english, &french, &spanish] {
            for anchor in ["17", "340000", "halden", "lines", "nuria", "roig"] {
                assert!(list.iter().any(|found| found == anchor), "{anchor} in {list:?}");
            }
        }
    }

    #[test]
    fn neighbours_share_what_is_rare() {
        let lists: Vec<Vec<String>> = (0..200)
            .map(|at| vec!["everybody".to_owned(), format!("pair{}", at / 2), format!("own{at}")])
            .collect();
        let near = neighbours(&lists, 4);
        assert!(near.iter().enumerate().all(|(at, list)| list == &[(at ^ 1) as u32]));
        assert!(neighbours(&[], 4).is_empty());
    }

    #[test]
    fn a_long_text_gives_a_bounded_list() {
        let text: String = (0..50_000).map(|n| format!("Name{n} ")).collect();
        assert!(anchors(&text).len() <= MAX_ANCHORS);
    }
}
