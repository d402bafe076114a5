//! The engine's door: an item in, its attributions out. Tag, label, link, judge.
//!
//! Texts beyond [`PIECE`] bytes are worked on in pieces cut at line ends, so memory stays bounded; names are then
//! joined within a piece only.

use preuve_case::{Attribution, Diagnostic, Item, ItemAttributions, Lang, Severity, Span};

use super::judge::{Hints, Judged, Learned, Learning, judge};
use super::model::{Labeller, Model, WeightsError};
use super::overlooked::{ClauseWords, overlooked};

/// Bytes of text worked on at once.
const PIECE: usize = 1 << 20;

/// Finds who says what in items.
#[derive(Debug)]
pub struct Attributor {
    labeller: Labeller,
    models: Vec<(Model, ClauseWords)>,
    judge: Learned,
}

macro_rules! embedded {
    ($lang:literal) => {
        (
            include_bytes!(concat!("../../weights/pos.", $lang, ".bin")).as_slice(),
            include_str!(concat!("../../lexicons/cues.", $lang, ".tsv")),
        )
    };
}

impl Attributor {
    /// The engine with its embedded weights; reading them takes some milliseconds.
    pub fn new() -> Result<Self, WeightsError> {
        let parts = [embedded!("en"), embedded!("fr"), embedded!("es")];
        let model = |(lang, (tagger, lexicon))| {
            Model::parse(lang, tagger, lexicon).map(|model| (model, ClauseWords::of(lang)))
        };
        let models: Result<Vec<(Model, ClauseWords)>, WeightsError> =
            Lang::HANDLED.into_iter().zip(parts).map(model).collect();
        let labeller = Labeller::parse(include_bytes!("../../weights/label.bin"))?;
        let judge = Learned::parse(include_bytes!("../../weights/judge.bin"))?;
        Ok(Self { labeller, models: models?, judge })
    }

    /// The attributions of `item`. Of a language that is not handled there are none, and a diagnostic says so.
    pub fn detect(&self, item: &Item) -> ItemAttributions {
        let mut found = ItemAttributions { lang: item.lang, ..ItemAttributions::default() };
        let Some((model, words)) = self.model(item.lang) else {
            found.diagnostics.push(not_handled(item));
            return found;
        };
        let meta = &item.meta;
        let hints = Hints { outlet: meta.outlet.as_deref(), byline: meta.byline.as_deref() };
        let mut chars = 0;
        for piece in pieces(&item.text) {
            let (document, columns) = model.read(piece);
            let classes = model.classes(&document, &columns);
            let mut relations = model.relations(&self.labeller, &document, &columns, &classes);
            relations.extend(overlooked(&document, words, &relations));
            let learning = Learning { weights: &self.judge, cue_classes: &classes };
            take(&mut found, judge(&document, &relations, &hints, Some(learning)), chars);
            chars += piece.chars().count();
        }
        found
    }

    /// `text` cut and tagged.
    #[cfg(test)]
    pub(super) fn read<'t>(&self, text: &'t str, lang: Lang) -> Option<super::Document<'t>> {
        self.model(lang).map(|(model, _)| model.read(text).0)
    }

    fn model(&self, lang: Lang) -> Option<&(Model, ClauseWords)> {
        let at = Lang::HANDLED.iter().position(|&handled| handled == lang)?;
        self.models.get(at)
    }
}

fn not_handled(item: &Item) -> Diagnostic {
    Diagnostic::new(
        &item.path,
        Severity::Warning,
        "attribution::language_not_handled",
        "the text's language is none of `en`, `fr`, `es`; no attributions were looked for",
    )
    .for_item(item.id)
    .hint("name the language with `--metadata` if it was not recognised")
}

/// `text` in pieces of at most [`PIECE`] bytes, cut behind a line end, else behind a space, else anywhere.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.len() > PIECE {
        let limit = rest.floor_char_boundary(PIECE);
        let head = &rest[..limit];
        let cut = head.rfind('\n').or_else(|| head.rfind(' ')).map_or(limit, |at| at + 1);
        let (piece, behind) = rest.split_at(cut);
        pieces.push(piece);
        rest = behind;
    }
    pieces.push(rest);
    pieces
}

/// Add what was judged of a piece that starts at code point `by` of the item's text.
fn take(found: &mut ItemAttributions, judged: Judged, by: usize) {
    let base = found.attributions.len();
    for mut attribution in judged.attributions {
        shift(&mut attribution, by);
        attribution.within = attribution.within.map(|outer| outer + base);
        found.attributions.push(attribution);
    }
    for mut entity in judged.entities {
        shift_spans(&mut entity.spans, by);
        found.entities.push(entity);
    }
    for mut diagnostic in judged.diagnostics {
        diagnostic.chars = diagnostic.chars.map(|span| Span::new(span.start + by, span.end + by));
        found.diagnostics.push(diagnostic);
    }
}

fn shift(attribution: &mut Attribution, by: usize) {
    let parts = [attribution.source.as_mut(), attribution.cue.as_mut(), Some(&mut attribution.content)];
    let reasons = attribution.reasons.iter_mut().map(|reason| &mut reason.spans);
    for spans in parts.into_iter().flatten().map(|part| &mut part.spans).chain(reasons) {
        shift_spans(spans, by);
    }
}

fn shift_spans(spans: &mut [Span], by: usize) {
    for span in spans {
        *span = Span::new(span.start + by, span.end + by);
    }
}
