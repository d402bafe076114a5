//! Letters with their places → lines → paragraphs.
//!
//! Lines follow the order in which the page draws them, which is the order of reading in what word
//! processors and newsrooms make. Words parted by a hyphen at a line's end are joined without it. Lines that
//! repeat at the edges of many pages are left out.

use std::collections::BTreeMap;

use super::glyphs::Glyph;

/// Gap between letters, in font sizes, that parts words.
const WORD_GAP: f64 = 0.17;
/// How far letters of one line may stand from its baseline, in font sizes (raised notes).
const BASELINE: f64 = 0.45;
/// Line distance, against the usual one of the document, that parts paragraphs.
const PARAGRAPH_GAP: f64 = 1.3;
/// Indentation of a first line, in font sizes.
const INDENT: f64 = 0.9;
/// Pages that must repeat a line at their edge for it to be a running line.
const RUNNING_PAGES: usize = 2;
/// Bytes of the longest line that can be a running one.
const MAX_RUNNING_LEN: usize = 90;
/// Lines that may stand over each other at an edge: a heading and a number.
const RUNNING_LINES: usize = 2;

#[derive(Debug, Clone, PartialEq)]
struct Line {
    text: String,
    x: f64,
    end: f64,
    y: f64,
    size: f64,
    angle: i32,
    page: usize,
}

/// The text of the pages, blank lines between paragraphs, and how many running lines were left out.
pub(super) fn join_pages(pages: &[&[Glyph]]) -> (String, usize) {
    let mut lines: Vec<Line> =
        pages.iter().enumerate().flat_map(|(page, glyphs)| lines_of(glyphs, page)).collect();
    let before = lines.len();
    (0..RUNNING_LINES).for_each(|_| drop_running_lines(&mut lines));
    let dropped = before - lines.len();
    (join_lines(&lines), dropped)
}

fn lines_of(glyphs: &[Glyph], page: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for glyph in glyphs {
        match lines.last_mut().filter(|line| continues(line, glyph)) {
            Some(line) => {
                let gap = glyph.x - line.end;
                let parted =
                    line.text.ends_with(char::is_whitespace) || glyph.text.starts_with(char::is_whitespace);
                if gap > WORD_GAP * line.size.min(glyph.size) && !parted {
                    line.text.push(' ');
                }
                line.text.push_str(&glyph.text);
                line.end = glyph.end.max(line.end);
                line.size = line.size.max(glyph.size);
            }
            None => lines.push(Line {
                text: glyph.text.clone(),
                x: glyph.x,
                end: glyph.end,
                y: glyph.y,
                size: glyph.size,
                angle: glyph.angle,
                page,
            }),
        }
    }
    for line in &mut lines {
        line.text = tidy(&line.text);
    }
    lines.retain(|line| !line.text.is_empty());
    lines
}

/// One space between words, ligatures and presentation forms spelled out.
fn tidy(text: &str) -> String {
    let spelled: String = text
        .chars()
        .flat_map(|c| {
            let letters = match c {
                'ﬀ' => "ff",
                'ﬁ' => "fi",
                'ﬂ' => "fl",
                'ﬃ' => "ffi",
                'ﬄ' => "ffl",
                'ﬅ' | 'ﬆ' => "st",
                _ => "",
            };
            letters
                .chars()
                .chain(letters.is_empty().then_some(c).filter(|c| !c.is_control() || c.is_whitespace()))
        })
        .collect();
    spelled.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn continues(line: &Line, glyph: &Glyph) -> bool {
    let size = line.size.max(glyph.size);
    let near = (glyph.y - line.y).abs() < BASELINE * size;
    let forward = glyph.x > line.end - 0.6 * size && glyph.x < line.end + 6.0 * size;
    line.angle == glyph.angle && near && forward
}

/// Drop the outermost lines of pages where many pages have the same at the same height, numbers aside.
fn drop_running_lines(lines: &mut Vec<Line>) {
    let mut edges: BTreeMap<(String, i64), Vec<usize>> = BTreeMap::new();
    let pages = lines.last().map_or(0, |line| line.page + 1);
    let mut start = 0;
    for on_page in lines.chunk_by(|a, b| a.page == b.page) {
        let by_height = |a: &&(usize, &Line), b: &&(usize, &Line)| a.1.y.total_cmp(&b.1.y);
        let numbered: Vec<(usize, &Line)> = on_page.iter().enumerate().collect();
        let top = numbered.iter().min_by(by_height);
        let bottom =
            numbered.iter().max_by(by_height).filter(|bottom| top.is_some_and(|top| top.0 != bottom.0));
        for (index, line) in top.into_iter().chain(bottom) {
            if line.text.len() <= MAX_RUNNING_LEN {
                let height = (line.y / line.size).round() as i64;
                edges.entry((without_numbers(&line.text), height)).or_default().push(start + index);
            }
        }
        start += on_page.len();
    }
    let mut running: Vec<usize> = edges
        .into_values()
        .filter(|indices| indices.len() >= RUNNING_PAGES && indices.len() * 5 >= pages * 2)
        .flatten()
        .collect();
    running.sort_unstable();
    let mut index = 0;
    lines.retain(|_| {
        index += 1;
        running.binary_search(&(index - 1)).is_err()
    });
}

fn without_numbers(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()).collect()
}

/// The distance between lines that is most usual, in font sizes.
fn usual_leading(lines: &[Line]) -> f64 {
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for pair in lines.windows(2) {
        let leading = (pair[1].y - pair[0].y) / pair[0].size.max(pair[1].size);
        if pair[0].page == pair[1].page && (0.8..3.0).contains(&leading) {
            *counts.entry((leading * 20.0).round() as i64).or_default() += pair[1].text.len();
        }
    }
    counts
        .into_iter()
        .max_by_key(|(leading, count)| (*count, -leading))
        .map_or(1.2, |(leading, _)| leading as f64 / 20.0)
}

fn join_lines(lines: &[Line]) -> String {
    let leading = usual_leading(lines);
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let previous = index.checked_sub(1).map(|before| &lines[before]);
        match previous {
            None => (),
            Some(previous) if parts(previous, line, leading) => text.push_str("\n\n"),
            Some(_) if is_hyphenated(&text, &line.text) => drop(text.pop()),
            Some(_) => text.push(' '),
        }
        text.push_str(&line.text);
    }
    text
}

/// Whether `line` opens a paragraph.
fn parts(previous: &Line, line: &Line, leading: f64) -> bool {
    let size = previous.size.max(line.size);
    let down = (line.y - previous.y) / size;
    let other_font = (line.size - previous.size).abs() > 0.12 * size;
    if line.angle != previous.angle || other_font {
        return true;
    }
    let next_column = line.page != previous.page || down < 0.0 || down > 3.0 * leading;
    if next_column {
        let ended = previous.text.ends_with(['.', '!', '?', '»', '”', '"', ':', '…']);
        return ended || !line.text.starts_with(char::is_lowercase) && line.page == previous.page;
    }
    let indented = line.x - previous.x > INDENT * size && line.x - previous.x < 6.0 * size;
    down > PARAGRAPH_GAP * leading || indented
}

/// Whether the text ends in a word that the next line goes on with.
fn is_hyphenated(text: &str, next: &str) -> bool {
    let mut back = text.chars().rev();
    let hyphen = matches!(back.next(), Some('-' | '\u{ad}' | '\u{2010}'));
    hyphen && back.next().is_some_and(char::is_alphabetic) && next.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters half a size wide from `(x, y, size, text)`.
    fn page(lines: &[(f64, f64, f64, &str)]) -> Vec<Glyph> {
        let glyph = |x: f64, y, size: f64, text: char| Glyph {
            text: text.to_string(),
            x,
            end: x + 0.5 * size,
            y,
            size,
            angle: 0,
        };
        lines
            .iter()
            .flat_map(|&(x, y, size, text)| {
                text.chars().enumerate().map(move |(n, c)| glyph(x + 0.5 * size * n as f64, y, size, c))
            })
            .collect()
    }

    fn joined(pages: &[Vec<Glyph>]) -> String {
        join_pages(&pages.iter().map(Vec::as_slice).collect::<Vec<_>>()).0
    }

    #[test]
    fn lines_become_paragraphs() {
        let glyphs = page(&[
            (50.0, 40.0, 18.0, "A title"),
            (50.0, 80.0, 10.0, "The first para-"),
            (50.0, 92.0, 10.0, "graph goes on"),
            (50.0, 104.0, 10.0, "and ends."),
            (50.0, 126.0, 10.0, "The second."),
            (62.0, 138.0, 10.0, "Indented third"),
            (50.0, 150.0, 10.0, "has two lines."),
        ]);
        assert_eq!(
            joined(&[glyphs]),
            "A title\n\nThe first paragraph goes on and ends.\n\nThe second.\n\nIndented third has two lines."
        );
    }

    #[test]
    fn gaps_part_words() {
        let glyphs = page(&[(0.0, 10.0, 10.0, "one"), (18.0, 10.0, 10.0, "two"), (33.0, 10.0, 10.0, "s")]);
        assert_eq!(joined(&[glyphs]), "one twos");
    }

    #[test]
    fn columns_and_pages_go_on() {
        let left = (0.0, 700.0, 10.0, "the left column ends in");
        let right = (300.0, 100.0, 10.0, "the middle.");
        let next = page(&[(0.0, 50.0, 10.0, "Another page.")]);
        assert_eq!(
            joined(&[page(&[left, right]), next]),
            "the left column ends in the middle.\n\nAnother page."
        );
    }

    #[test]
    fn running_lines_are_left_out() {
        let sheet = |number: usize, text| {
            let head = format!("The Quay Review {number}");
            page(&[
                (0.0, 10.0, 8.0, head.as_str()),
                (0.0, 100.0, 10.0, text),
                (0.0, 400.0, 10.0, "own words"),
            ])
        };
        let pages = [sheet(1, "One."), sheet(2, "Two."), sheet(3, "Three."), sheet(4, "Four.")];
        let (text, dropped) = join_pages(&pages.iter().map(Vec::as_slice).collect::<Vec<_>>());
        assert!(!text.contains("Quay"), "{text}");
        assert_eq!(dropped, 8, "the heads, and the words every page ends with");
    }

    #[test]
    fn ligatures_are_spelled_out() {
        assert_eq!(tidy("oﬃ cial  ﬁle\u{7}"), "offi cial file");
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(joined(&[]), "");
        assert_eq!(joined(&[Vec::new()]), "");
    }
}
