//! What the engine has learned, read from bytes: one labeller for all languages, a tagger and a lexicon for each.

use std::ops::Range;

use preuve_case::Lang;
use thiserror::Error;

use super::codes::{Inputs, Place, codes_of, signals};
use super::columns::Columns;
use super::crf::Crf;
use super::decode::{DecodeParams, decode};
use super::labels::LABELS;
use super::lexicon::Lexicon;
use super::link::Reach;
use super::network::Network;
use super::strength::CueBins;
use super::table::{Table, TableError};
use super::words::{Met, Words, vectors_of};
use super::{Document, Relation, pos};
use crate::lineage::VectorError;

/// Embedded weights cannot be read: the program was built with broken files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WeightsError {
    /// The tagger of a language.
    #[error("weights of the tagger of `{0}` cannot be read")]
    Tagger(&'static str, #[source] TableError),
    /// The labeller.
    #[error("weights of the labeller cannot be read")]
    Labeller,
    /// The judge.
    #[error("weights of the judge cannot be read")]
    Judge(#[source] TableError),
    /// The vectors of words.
    #[error("vectors of words cannot be read")]
    Vectors(#[from] VectorError),
}

/// Who says what, learned from annotated texts of all languages together.
#[derive(Debug)]
pub struct Labeller {
    /// Their scores are averaged.
    networks: Vec<Network>,
    met: Met,
    crf: Crf,
    bins: CueBins,
}

impl Labeller {
    /// Networks behind their number (a byte, not 0), then the strengths of cues.
    pub fn parse(bytes: &[u8]) -> Result<Self, WeightsError> {
        let (&count, mut rest) = bytes.split_first().ok_or(WeightsError::Labeller)?;
        let mut networks = Vec::new();
        for _ in 0..count {
            let (network, behind) = Network::parse(rest).ok_or(WeightsError::Labeller)?;
            networks.push(network);
            rest = behind;
        }
        let bins = CueBins::parse(rest).filter(|_| count > 0).ok_or(WeightsError::Labeller)?;
        vectors_of(&[""; 0])?;
        let share = 1.0 / f32::from(count);
        let crf = Crf::new(|kind, before, label| {
            networks.iter().map(|network| network.step_worth(kind, before, label)).sum::<f32>() * share
        });
        Ok(Self { networks, met: Met::default(), crf, bins })
    }

    /// The relations of a tagged document, whose tokens have the lexicon's `classes`, in order of their cues.
    pub fn relations(
        &self,
        document: &Document<'_>,
        columns: &Columns,
        classes: &[u8],
        params: &DecodeParams,
    ) -> Vec<Relation> {
        let Ok(words) = Words::new(document, columns, (&self.networks, &self.met)) else { return Vec::new() };
        let inputs = Inputs { document, columns, classes, bins: &self.bins };
        let mut relations = Vec::new();
        for (number, paragraph) in document.paragraphs.iter().enumerate() {
            let place = if number == 0 { Place::First } else { Place::Later };
            let mut found = self.label(&inputs, &words, (paragraph, place), params);
            let contents = found.iter().flat_map(|outer| &outer.content);
            let reported = contents.filter(|content| may_report(&inputs, content));
            let inner: Vec<Relation> = reported
                .flat_map(|content| self.label(&inputs, &words, (content, Place::Inside), params))
                .collect();
            found.extend(inner);
            found.sort_by_key(|relation| relation.cue.first().map_or(0, |cue| cue.start));
            relations.extend(found);
        }
        relations
    }

    fn label(
        &self,
        inputs: &Inputs<'_>,
        words: &Words,
        (tokens, place): (&Range<usize>, Place),
        params: &DecodeParams,
    ) -> Vec<Relation> {
        let (codes, kinds) = codes_of(inputs, tokens, place);
        let mut emissions = vec![[0f32; LABELS]; codes.len()];
        for (number, network) in self.networks.iter().enumerate() {
            let scores = network.emissions(&codes, words.of(tokens, number));
            let share = 1.0 / self.networks.len() as f32;
            for (sum, score) in emissions.iter_mut().flatten().zip(scores.iter().flatten()) {
                *sum += score * share;
            }
        }
        let lean = if place == Place::Inside { params.inner } else { params.cue };
        decode(&self.crf, (emissions, &kinds), tokens.start, &inputs.document.sentences, (lean, params))
    }
}

/// Whether a content holds a word that strongly signals a report.
fn may_report(inputs: &Inputs<'_>, content: &Range<usize>) -> bool {
    content.len() > 3 && content.clone().any(|at| signals(inputs, at))
}

/// Tagger, lexicon and ways of one language.
#[derive(Debug, Clone)]
pub struct Model {
    lang: Lang,
    tagger: Table,
    lexicon: Lexicon,
}

impl Model {
    /// The model whose tagger the bytes hold; the lexicon is text.
    pub fn parse(lang: Lang, tagger: &[u8], lexicon: &str) -> Result<Self, WeightsError> {
        let (tagger, _) = Table::parse(tagger).map_err(|error| WeightsError::Tagger(lang.code(), error))?;
        Ok(Self { lang, tagger, lexicon: Lexicon::parse(lexicon, lang) })
    }

    /// `text` cut and tagged.
    pub fn read<'t>(&self, text: &'t str) -> (Document<'t>, Columns) {
        let mut document = Document::new(text, self.lang);
        let columns = Columns::new(&document);
        pos::tag(&self.tagger, &mut document, &columns);
        (document, columns)
    }

    /// Lexicon classes of the tokens of a document that [`Model::read`] gave.
    pub fn classes(&self, document: &Document<'_>, columns: &Columns) -> Vec<u8> {
        self.lexicon.classes(document, columns)
    }

    /// The relations of a document that [`Model::read`] gave, in order of their cues; `classes` are its own.
    pub fn relations(
        &self,
        labeller: &Labeller,
        document: &Document<'_>,
        columns: &Columns,
        classes: &[u8],
    ) -> Vec<Relation> {
        labeller.relations(document, columns, classes, &params_of(self.lang))
    }
}

/// How labels become relations in `lang`: what cross-validation on the training texts chose.
pub fn params_of(lang: Lang) -> DecodeParams {
    let reach = if lang == Lang::Es { Reach::Paragraph } else { Reach::Sentence };
    let source = if matches!(lang, Lang::Fr | Lang::Es) { 3.0 } else { 1.5 };
    DecodeParams { cue: 0.7, inner: 1.0, source, reach }
}
