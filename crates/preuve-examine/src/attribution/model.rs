//! What the engine has learned of one language: tagger, labeller, strengths of cues and lexicon, read from bytes.

use preuve_case::Lang;
use thiserror::Error;

use super::columns::Columns;
use super::crf::Crf;
use super::decode::{DecodeParams, decode};
use super::features::{Clusters, CueBins, Inputs, keys_of};
use super::lexicon::Lexicon;
use super::link::Reach;
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
    /// The classes of words.
    #[error("classes of words cannot be read")]
    Clusters,
}

/// Tagger and labeller of one language.
#[derive(Debug, Clone)]
pub struct Model {
    lang: Lang,
    tagger: Table,
    crf: Crf,
    bins: CueBins,
    clusters: Clusters,
    lexicon: Lexicon,
}

impl Model {
    /// The model whose parts the bytes hold; the lexicon is text.
    pub fn parse(
        lang: Lang,
        tagger: &[u8],
        labeller: &[u8],
        clusters: &[u8],
        lexicon: &str,
    ) -> Result<Self, WeightsError> {
        let (tagger, _) = Table::parse(tagger).map_err(|error| WeightsError::Tagger(lang.code(), error))?;
        let (table, rest) =
            Table::parse(labeller).map_err(|error| WeightsError::Labeller(lang.code(), error))?;
        let bins = CueBins::parse(rest).ok_or(WeightsError::Labeller(lang.code(), TableError::Short))?;
        let clusters = Clusters::parse(clusters).ok_or(WeightsError::Clusters)?;
        let lexicon = Lexicon::parse(lexicon, lang);
        Ok(Self { lang, tagger, crf: Crf::new(table), bins, clusters, lexicon })
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
        let inputs =
            Inputs { document, columns, classes: &classes, bins: &self.bins, clusters: &self.clusters };
        let mut relations = Vec::new();
        for (number, paragraph) in document.paragraphs.iter().enumerate() {
            let keys = keys_of(&inputs, paragraph, number);
            let params = params_of(self.lang);
            relations.extend(decode(&self.crf, &keys, paragraph.start, &document.sentences, &params));
        }
        relations
    }
}

/// How labels become relations in `lang`: what cross-validation on the training texts chose.
pub fn params_of(lang: Lang) -> DecodeParams {
    match lang {
        Lang::En | Lang::Other => DecodeParams { cue: 0.6, source: 1.5, reach: Reach::Sentence },
        Lang::Fr => DecodeParams { cue: 1.0, source: 3.0, reach: Reach::Sentence },
        Lang::Es => DecodeParams { cue: 1.0, source: 3.0, reach: Reach::Paragraph },
    }
}
