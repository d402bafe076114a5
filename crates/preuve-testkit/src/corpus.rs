//! Planted corpora of text reuse: invented articles, and copies of them edited in known ways.
//!
//! Words are made of syllables and drawn as often as words are (Zipf), between real words of grammar and stock
//! phrases, so that unrelated articles share what unrelated articles share. Limit: the language is invented;
//! it tests what is done with letters, not with meaning.

/// How a planted document was made from its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edit {
    /// No source: an article of its own.
    Original,
    /// Two originals that share a long quotation or a paragraph, as real ones do.
    Natural,
    /// The same text, between another header and footer.
    Verbatim,
    /// One word in twenty changed, a sentence dropped.
    Light,
    /// A fifth to a third of the sentences, in a row.
    Excerpt,
    /// One word in four changed, two fifths of the sentences dropped, the rest in another order.
    Heavy,
}

/// One planted document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    /// Its text, about 1.5 KB for an original.
    pub text: String,
    /// How it was made.
    pub edit: Edit,
    /// Place of its source in the corpus: what it was made from, or the article it shares a passage with.
    pub source: Option<usize>,
}

/// What to plant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorpusPlan {
    /// Documents in all.
    pub documents: usize,
    /// Of a thousand documents, how many are copies of each of the four kinds.
    pub copies_per_mille: usize,
    /// Of a thousand documents, how many share a passage with another without being its copy.
    pub natural_per_mille: usize,
    /// Outlets whose footer, the same under all their articles, is added to an article.
    pub outlets: usize,
    /// The same seed gives the same corpus.
    pub seed: u64,
}

/// Pseudo-random numbers after SplitMix64: small, and the same for ever.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Numbers that depend on `seed` alone.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let value = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    }

    /// A number below `limit`; 0 when `limit` is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.number() % (limit.max(1) as u64)) as usize
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

const GRAMMAR: [&str; 24] = [
    "the", "of", "and", "to", "in", "a", "that", "for", "on", "with", "was", "by", "at", "from", "it",
    "were", "had", "who", "which", "after", "their", "not", "has", "before",
];
const PHRASES: [&str; 12] = [
    "according to the",
    "a spokesman for the",
    "said in a statement",
    "did not immediately respond to a request for comment",
    "on condition of anonymity",
    "at the same time",
    "for the first time since",
    "the end of the year",
    "members of the committee",
    "one of the most",
    "in the wake of the",
    "told reporters on monday",
];
const SYLLABLES: [&str; 48] = [
    "ba", "cor", "dem", "el", "fin", "gra", "hol", "im", "jun", "kas", "lor", "men", "nor", "ost", "pel",
    "qua", "ris", "sol", "ter", "und", "vel", "wen", "yar", "zo", "ta", "ri", "lo", "ne", "ma", "ku", "si",
    "po", "ra", "ti", "le", "an", "er", "is", "on", "ar", "ent", "ous", "al", "ing", "ed", "ly", "ty", "ism",
];
/// Content words in the invented language.
const WORDS: usize = 20_000;

/// Word number `n` of the invented language.
fn word(n: usize) -> String {
    let mut random = Random::new(n as u64 ^ 0xC0FFEE);
    (0..2 + n % 3).map(|_| SYLLABLES[random.below(SYLLABLES.len())]).collect()
}

/// A content word, common ones more often.
fn draw(random: &mut Random) -> String {
    let unit = (random.number() >> 11) as f64 / (1u64 << 53) as f64;
    word(((WORDS as f64).powf(unit) - 1.0) as usize + random.below(40))
}

pub(crate) fn sentence(random: &mut Random) -> String {
    let mut words: Vec<String> = Vec::new();
    for _ in 0..8 + random.below(14) {
        match random.below(20) {
            0..=7 => words.push(GRAMMAR[random.below(GRAMMAR.len())].to_owned()),
            8 => words.push(PHRASES[random.below(PHRASES.len())].to_owned()),
            9 if random.once_in(3) => words.push(format!("{}", 2 + random.below(3000))),
            _ => words.push(draw(random)),
        }
    }
    finish(&words.join(" "))
}

fn finish(words: &str) -> String {
    let mut chars = words.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

fn article(random: &mut Random) -> Vec<String> {
    (0..9 + random.below(9)).map(|_| sentence(random)).collect()
}

/// The sentences of original number `at`: made anew each time, so that no corpus is held twice.
fn original(plan: &CorpusPlan, at: usize) -> Vec<String> {
    article(&mut Random::new(Random::new(plan.seed ^ (at as u64) << 20).number()))
}

/// Change one word in `times`: another word, none, or one more.
fn change(text: &str, times: usize, random: &mut Random) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in text.trim_end_matches('.').split(' ') {
        if !random.once_in(times) {
            words.push(word.to_owned());
            continue;
        }
        match random.below(4) {
            0 => {}
            1 => words.extend([word.to_owned(), draw(random)]),
            _ => words.push(draw(random)),
        }
    }
    finish(&words.join(" "))
}

fn shuffle(list: &mut [String], random: &mut Random) {
    for at in (1..list.len()).rev() {
        list.swap(at, random.below(at + 1));
    }
}

/// The sentences of `source` after `edit`.
fn edited(source: &[String], edit: Edit, random: &mut Random) -> Vec<String> {
    let mut kept: Vec<String> = source.to_vec();
    match edit {
        Edit::Light => {
            kept.remove(random.below(source.len()));
            kept.iter().map(|text| change(text, 20, random)).collect()
        }
        Edit::Excerpt => {
            let count = (source.len() / 5 + random.below(source.len() / 7 + 1)).max(3);
            let from = random.below(source.len() - count + 1);
            kept[from..from + count].to_vec()
        }
        Edit::Heavy => {
            shuffle(&mut kept, random);
            kept.truncate((source.len() * 3).div_ceil(5));
            kept.iter().map(|text| change(text, 4, random)).collect()
        }
        Edit::Original | Edit::Natural | Edit::Verbatim => kept,
    }
}

/// Lay out sentences under a headline, and above the footer of an outlet where there is one.
fn page(sentences: &[String], plan: &CorpusPlan, random: &mut Random) -> String {
    let mut text = sentence(random);
    for part in sentences.chunks(3) {
        text.push('\n');
        text.push_str(&part.join(" "));
    }
    if plan.outlets > 0 && random.once_in(3) {
        let mut footer = Random::new(plan.seed ^ (1 << 40) ^ random.below(plan.outlets) as u64);
        text.push('\n');
        text.push_str(&(0..3).map(|_| sentence(&mut footer)).collect::<Vec<_>>().join(" "));
    }
    text
}

/// The planted corpus of `plan`; copies stand after all originals, in a mixed order.
pub fn planted_corpus(plan: &CorpusPlan) -> Vec<Planted> {
    let mut random = Random::new(plan.seed);
    let share = |per_mille: usize| plan.documents * per_mille / 1000;
    let (copies, natural) = (share(plan.copies_per_mille), share(plan.natural_per_mille));
    let originals = plan.documents.saturating_sub(4 * copies + natural).max(1);
    let mut corpus: Vec<Planted> = (0..originals)
        .map(|at| Planted {
            text: page(&original(plan, at), plan, &mut random),
            edit: Edit::Original,
            source: None,
        })
        .collect();
    for _ in 0..natural {
        let source = random.below(originals);
        let mut sentences = article(&mut random);
        let theirs = original(plan, source);
        let shared = theirs[random.below(theirs.len())].clone();
        let place = random.below(sentences.len());
        sentences.insert(place, shared);
        let text = page(&sentences, plan, &mut random);
        corpus.push(Planted { text, edit: Edit::Natural, source: Some(source) });
    }
    for at in 0..4 * copies {
        let edit = [Edit::Verbatim, Edit::Light, Edit::Excerpt, Edit::Heavy][at % 4];
        let source = random.below(originals);
        let sentences = edited(&original(plan, source), edit, &mut random);
        let text = page(&sentences, plan, &mut random);
        corpus.push(Planted { text, edit, source: Some(source) });
    }
    corpus
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: CorpusPlan =
        CorpusPlan { documents: 400, copies_per_mille: 50, natural_per_mille: 50, outlets: 5, seed: 7 };

    #[test]
    fn the_same_seed_gives_the_same_corpus() {
        assert_eq!(planted_corpus(&PLAN), planted_corpus(&PLAN));
        assert_ne!(planted_corpus(&PLAN), planted_corpus(&CorpusPlan { seed: 8, ..PLAN }));
    }

    #[test]
    fn the_plan_is_kept() {
        let corpus = planted_corpus(&PLAN);
        let count = |edit: Edit| corpus.iter().filter(|planted| planted.edit == edit).count();
        assert_eq!(corpus.len(), 400);
        for edit in [Edit::Verbatim, Edit::Light, Edit::Excerpt, Edit::Heavy, Edit::Natural] {
            assert_eq!(count(edit), 20, "{edit:?}");
        }
        assert!(corpus.iter().all(|planted| planted.source.is_none() == (planted.edit == Edit::Original)));
        let bytes: usize = corpus.iter().map(|planted| planted.text.len()).sum();
        assert!((900..2200).contains(&(bytes / corpus.len())));
    }

    #[test]
    fn edits_do_what_they_say() {
        let corpus = planted_corpus(&PLAN);
        for planted in corpus.iter().filter(|planted| planted.edit == Edit::Excerpt) {
            let source = &corpus[planted.source.expect("an excerpt has a source")].text;
            let body = planted.text.lines().nth(1).expect("an excerpt has a body");
            let first = body.split(". ").next().expect("a body has a sentence");
            assert!(source.contains(first));
        }
    }
}
