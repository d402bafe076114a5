//! Annotated texts → articles with relations: PolNeAR's brat standoff and the inline markup of our own texts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use preuve_case::{Act, Evidence, Lang, SourceClass, Span, Stance};

use crate::TrainError;

/// A relation by the code points of its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gold {
    /// Who speaks.
    pub source: Vec<Span>,
    /// The cue.
    pub cue: Vec<Span>,
    /// What is said.
    pub content: Vec<Span>,
}

/// A text with its relations.
#[derive(Debug, Clone)]
pub struct Article {
    /// File name without folder and ending.
    pub name: String,
    /// Language.
    pub lang: Lang,
    /// The text, markup removed.
    pub text: String,
    /// Its relations.
    pub gold: Vec<Gold>,
    /// Whether reports inside reports are marked, too.
    pub marks_inner: bool,
}

/// Files of `folder` with `ending`, by name.
pub fn files_in(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, TrainError> {
    let entries =
        fs::read_dir(folder).map_err(|source| TrainError::Read { path: folder.to_owned(), source })?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    files.retain(|path| path.extension().is_some_and(|found| found == ending));
    files.sort();
    Ok(files)
}

/// The text of the file at `path`.
pub fn read_text(path: &Path) -> Result<String, TrainError> {
    fs::read_to_string(path).map_err(|source| TrainError::Read { path: path.to_owned(), source })
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Articles of `folder/text/*.txt` with the relations of the first annotator by file name.
pub fn read_standoff(folder: &Path) -> Result<Vec<Article>, TrainError> {
    let mut first: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in files_in(&folder.join("attributions"), "ann")? {
        let name = stem(&path);
        let name = name.rsplit_once('_').map_or(name.as_str(), |(article, _)| article).to_owned();
        first.entry(name).or_insert(path);
    }
    let mut articles = Vec::new();
    for (name, path) in first {
        let text = read_text(&folder.join("text").join(format!("{name}.txt")))?;
        articles.push(Article {
            name,
            lang: Lang::En,
            text,
            gold: parse_standoff(&read_text(&path)?),
            marks_inner: false,
        });
    }
    Ok(articles)
}

fn parse_standoff(ann: &str) -> Vec<Gold> {
    let mut spans: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    let mut relations = Vec::new();
    for line in ann.lines() {
        let mut fields = line.split('\t');
        let (Some(id), Some(rest)) = (fields.next(), fields.next()) else { continue };
        if id.starts_with('T') {
            let offsets = rest.split_once(' ').map_or("", |(_, offsets)| offsets);
            let pair = |text: &str| {
                let (start, end) = text.split_once(' ')?;
                Some(Span::new(start.parse().ok()?, end.parse().ok()?))
            };
            spans.insert(id, offsets.split(';').filter_map(pair).collect());
        } else if id.starts_with('E') {
            relations.push(rest);
        }
    }
    let gold = |arguments: &&str| {
        let mut gold = Gold::default();
        for (role, target) in arguments.split(' ').skip(1).filter_map(|argument| argument.split_once(':')) {
            let part = match role.trim_end_matches(|c: char| c.is_ascii_digit()) {
                "Source" => &mut gold.source,
                "Cue" => &mut gold.cue,
                "Content" => &mut gold.content,
                _ => continue,
            };
            part.extend(spans.get(target).into_iter().flatten());
        }
        for part in [&mut gold.source, &mut gold.cue, &mut gold.content] {
            part.sort();
        }
        (!gold.cue.is_empty() || !gold.content.is_empty()).then_some(gold)
    };
    relations.iter().filter_map(gold).collect()
}

/// Articles of `folder/{en,fr,es}/*.txt` in our inline markup.
pub fn read_marked(folder: &Path) -> Result<Vec<Article>, TrainError> {
    let mut articles = Vec::new();
    for lang in Lang::HANDLED {
        let folder = folder.join(lang.code());
        if !folder.is_dir() {
            continue;
        }
        for path in files_in(&folder, "txt")? {
            let (text, gold) =
                parse_marked(&read_text(&path)?).ok_or_else(|| TrainError::Markup { path: path.clone() })?;
            articles.push(Article {
                name: format!("{}-{}", lang.code(), stem(&path)),
                lang,
                text,
                gold,
                marks_inner: true,
            });
        }
    }
    Ok(articles)
}

/// What is judged of a relation; `None` where the judge did not know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Stance.
    pub stance: Option<Stance>,
    /// Class of the source.
    pub class: Option<SourceClass>,
    /// Evidence.
    pub evidence: Option<Evidence>,
    /// The accusation it is about, if any.
    pub accusation: Option<Named>,
}

/// An accusation; everybody by all names that count as right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Who accuses; `None`: nobody is named.
    pub accuser: Option<Vec<String>>,
    /// Who is accused.
    pub accused: Vec<String>,
    /// Of what.
    pub act: Act,
}

/// The articles of [`read_marked`] that have judgements beside them (`NNN-slug.judged.tsv`), a judgement a relation.
pub fn read_judged(folder: &Path) -> Result<Vec<(Article, Vec<Judgement>)>, TrainError> {
    let mut found = Vec::new();
    for article in read_marked(folder)? {
        let stem = &article.name[article.lang.code().len() + 1..];
        let path = folder.join(article.lang.code()).join(format!("{stem}.judged.tsv"));
        if !path.is_file() {
            continue;
        }
        let mut judgements = vec![Judgement::default(); article.gold.len()];
        for line in read_text(&path)?.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let place = cells[0].parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let slot = place.and_then(|place| judgements.get_mut(place));
            let judgement = parse_judgement(&cells);
            let (Some(slot), Some(judgement)) = (slot, judgement) else {
                return Err(TrainError::Markup { path });
            };
            *slot = judgement;
        }
        found.push((article, judgements));
    }
    Ok(found)
}

/// The cells of a line: number, stance, source class, evidence, accuser, accused, act, target, hedged.
fn parse_judgement(cells: &[&str]) -> Option<Judgement> {
    let [_, stance, class, evidence, accuser, accused, act, _, _] = cells else { return None };
    let name = |cell: &str| (!matches!(cell, "-" | "?" | "")).then(|| cell.to_owned());
    let accusation = name(act).and_then(|act| {
        Some(Named {
            accuser: name(accuser).map(|name| vec![name]),
            accused: vec![(*accused).to_owned()],
            act: value(&act)?,
        })
    });
    Some(Judgement { stance: value(stance), class: value(class), evidence: value(evidence), accusation })
}

fn value<T: serde::de::DeserializeOwned>(cell: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(cell.to_owned())).ok()
}

/// Text and relations of a marked text; `None` where tags do not close or have no role and number.
fn parse_marked(marked: &str) -> Option<(String, Vec<Gold>)> {
    let mut text = String::new();
    let mut chars = 0;
    let mut open: Vec<(char, Vec<u32>, usize)> = Vec::new();
    let mut gold: BTreeMap<u32, Gold> = BTreeMap::new();
    let mut rest = marked;
    while let Some(c) = rest.chars().next() {
        match c {
            '{' => {
                let (tag, behind) = rest[1..].split_once(':')?;
                let role = tag.chars().next()?;
                let numbers: Option<Vec<u32>> =
                    tag[1..].split(',').map(|number| number.parse().ok()).collect();
                open.push((role, numbers?, chars));
                rest = behind;
                continue;
            }
            '}' => {
                let (role, numbers, start) = open.pop()?;
                for number in numbers {
                    let relation = gold.entry(number).or_default();
                    let part = match role {
                        'S' => &mut relation.source,
                        'Q' => &mut relation.cue,
                        'C' => &mut relation.content,
                        _ => return None,
                    };
                    part.push(Span::new(start, chars));
                }
            }
            _ => {
                text.push(c);
                chars += 1;
            }
        }
        rest = &rest[c.len_utf8()..];
    }
    let mut gold: Vec<Gold> = gold.into_values().collect();
    for relation in &mut gold {
        for part in [&mut relation.source, &mut relation.cue, &mut relation.content] {
            part.sort();
        }
    }
    open.is_empty().then_some((text, gold))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_taken_out_and_its_spans_kept() {
        let (text, gold) =
            parse_marked("{S1,2:Ann} {Q1:says} {C1:that {S3:Bo} {Q3:said} {C3:no}}, {Q2:adds} {C2:yes}")
                .unwrap();
        assert_eq!(text, "Ann says that Bo said no, adds yes");
        assert_eq!(gold.len(), 3);
        assert_eq!(gold[0].content, [Span::new(9, 24)]);
        assert_eq!(gold[2].content, [Span::new(22, 24)]);
        assert_eq!(gold[1].source, gold[0].source);
    }

    #[test]
    fn markup_that_does_not_close_is_refused() {
        for marked in ["{S1:a", "a}", "{X1:a}", "{S:a}", "{S1 a}"] {
            assert!(parse_marked(marked).is_none(), "{marked}");
        }
    }

    #[test]
    fn standoff_lines_become_relations() {
        let ann = "T1\tSource 0 3\tAnn\nT2\tCue 4 8\tsays\nT3\tContent 9 11;12 14\tno no\nE1\tAttribution:T2 Cue:T2 Source1:T1 Content:T3\n";
        let gold = parse_standoff(ann);
        assert_eq!(gold[0].content, [Span::new(9, 11), Span::new(12, 14)]);
        assert_eq!(gold[0].source, [Span::new(0, 3)]);
    }
}
