//! What the engine has learned of one language: tagger, labeller, strengths of cues and lexicon, read from bytes.

use preuve_case::Lang;
use thiserror::Error;

use super::columns::Columns;
use super::crf::Crf;
use super::features::{CueBins, Inputs, keys_of};
use super::lexicon::Lexicon;
use super::link::link;
use super::table::{Table, TableError};
use super::{Document, Relation, pos};

/// Embedded weights cannot be read: the program was built with broken files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WeightsError {
    /// The tagger of a language.
    #[error("weights of the tagger of `{0}` cannot be read")]
    Tagger(&'static str, #[source] TableError),
    /// The labeller of a language.
    #[error("weights of the labeller of `{0}` cannot be read")]
    Labeller(&'static str, #[source] TableError),
}

/// Tagger and labeller of one language.
#[derive(Debug, Clone)]
pub struct Model {
    lang: Lang,
    tagger: Table,
    crf: Crf,
    bins: CueBins,
    lexicon: Lexicon,
}

impl Model {
    /// The model whose parts the bytes hold; the lexicon is text.
    pub fn parse(lang: Lang, tagger: &[u8], labeller: &[u8], lexicon: &str) -> Result<Self, WeightsError> {
        let (tagger, _) = Table::parse(tagger).map_err(|error| WeightsError::Tagger(lang.code(), error))?;
        let (table, rest) =
            Table::parse(labeller).map_err(|error| WeightsError::Labeller(lang.code(), error))?;
        let bins = CueBins::parse(rest).ok_or(WeightsError::Labeller(lang.code(), TableError::Short))?;
        Ok(Self { lang, tagger, crf: Crf::new(table), bins, lexicon: Lexicon::parse(lexicon, lang) })
    }

    /// `text` cut and tagged.
    pub fn read<'t>(&self, text: &'t str) -> (Document<'t>, Columns) {
        let mut document = Document::new(text, self.lang);
        let columns = Columns::new(&document);
        pos::tag(&self.tagger, &mut document, &columns);
        (document, columns)
    }

    /// The relations of a document that [`Model::read`] gave, in order of their cues.
    pub fn relations(&self, document: &Document<'_>, columns: &Columns) -> Vec<Relation> {
        let classes = self.lexicon.classes(document, columns);
        let inputs = Inputs { document, columns, classes: &classes, bins: &self.bins };
        let mut relations = Vec::new();
        for (number, paragraph) in document.paragraphs.iter().enumerate() {
            let keys = keys_of(&inputs, paragraph, number);
            let emissions: Vec<_> = (0..keys.len()).map(|at| self.crf.emission(keys.of(at))).collect();
            let labels = self.crf.best(&emissions, &keys.kinds);
            relations.extend(link(&labels, paragraph.start, &document.sentences));
        }
        relations
    }
}
