//! Which column of a table holds what: usual names in three languages, and a mapping that overrules them.

use std::collections::BTreeMap;
use std::str::FromStr;

use thiserror::Error;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The article.
    Text,
    /// Headline.
    Title,
    /// Canonical address.
    Url,
    /// Time of publication.
    Published,
    /// Author line.
    Byline,
    /// Who publishes.
    Outlet,
    /// Language tag.
    Lang,
    /// File that a row of metadata is about.
    File,
}

/// Usual names of columns, folded as [`fold`] does, the likelier first.
const USUAL: [(Field, &[&str]); 8] = [
    (
        Field::Text,
        &[
            "text",
            "body",
            "content",
            "article",
            "full_text",
            "fulltext",
            "article_text",
            "article_body",
            "articlebody",
            "maintext",
            "main_text",
            "plain_text",
            "content_text",
            "body_text",
            "story",
            "texte",
            "contenu",
            "corps",
            "texte_integral",
            "corps_du_texte",
            "texto",
            "contenido",
            "cuerpo",
            "texto_completo",
            "cuerpo_del_texto",
        ],
    ),
    (Field::Title, &["title", "headline", "heading", "article_title", "titre", "titulo", "titular"]),
    (
        Field::Url,
        &[
            "url",
            "link",
            "canonical_url",
            "permalink",
            "article_url",
            "source_url",
            "web_url",
            "uri",
            "address",
            "lien",
            "adresse",
            "enlace",
            "direccion",
        ],
    ),
    (
        Field::Published,
        &[
            "published",
            "date",
            "published_at",
            "publishedat",
            "publication_date",
            "date_published",
            "datepublished",
            "publish_date",
            "published_date",
            "pub_date",
            "pubdate",
            "published_time",
            "datetime",
            "timestamp",
            "created_at",
            "date_publication",
            "date_de_publication",
            "publie_le",
            "publie",
            "fecha",
            "fecha_publicacion",
            "fecha_de_publicacion",
            "publicado",
        ],
    ),
    (
        Field::Byline,
        &[
            "byline",
            "author",
            "authors",
            "writer",
            "creator",
            "auteur",
            "auteurs",
            "signature",
            "autor",
            "autores",
            "firma",
        ],
    ),
    (
        Field::Outlet,
        &[
            "outlet",
            "publisher",
            "publication",
            "source",
            "source_name",
            "site_name",
            "sitename",
            "site",
            "newspaper",
            "media",
            "media_name",
            "domain",
            "journal",
            "editeur",
            "medio",
            "periodico",
            "fuente",
        ],
    ),
    (
        Field::Lang,
        &["lang", "language", "language_code", "locale", "inlanguage", "langue", "idioma", "lengua"],
    ),
    (
        Field::File,
        &["file", "filename", "file_name", "path", "fichier", "nom_de_fichier", "archivo", "fichero", "ruta"],
    ),
];

/// Columns named by the person, `text=body,title=headline`; what is not named goes by the usual names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMapping {
    columns: BTreeMap<Field, String>,
}

/// Why a mapping could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ColumnMappingError {
    /// A part is not of the form `field=column`.
    #[error("`{0}` is no `field=column` pair")]
    NoPair(String),
    /// The field is unknown.
    #[error("`{0}` is no field: known are text, title, url, published, byline, outlet, lang, file")]
    UnknownField(String),
}

impl FromStr for ColumnMapping {
    type Err = ColumnMappingError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let mut columns = BTreeMap::new();
        for pair in raw.split(',').filter(|pair| !pair.trim().is_empty()) {
            let (field, column) =
                pair.split_once('=').ok_or_else(|| ColumnMappingError::NoPair(pair.to_owned()))?;
            let (field, column) = (field.trim(), column.trim());
            let known = usual(field).ok_or_else(|| ColumnMappingError::UnknownField(field.to_owned()))?;
            if column.is_empty() {
                return Err(ColumnMappingError::NoPair(pair.to_owned()));
            }
            columns.insert(known.0, column.to_owned());
        }
        Ok(Self { columns })
    }
}

impl ColumnMapping {
    /// For each field that the columns `names` hold, the index of its column.
    pub(crate) fn resolve<'n>(&self, names: impl Iterator<Item = &'n str> + Clone) -> BTreeMap<Field, usize> {
        let mut best: BTreeMap<Field, (usize, usize)> = BTreeMap::new();
        for (index, name) in names.clone().enumerate() {
            if let Some((field, rank)) = usual(name).filter(|(field, _)| !self.columns.contains_key(field)) {
                let held = best.entry(field).or_insert((rank, index));
                *held = (*held).min((rank, index));
            }
        }
        let mut found: BTreeMap<Field, usize> =
            best.into_iter().map(|(field, (_, index))| (field, index)).collect();
        for (field, column) in &self.columns {
            if let Some(index) = names.clone().position(|name| fold(name) == fold(column)) {
                found.retain(|_, held| *held != index);
                found.insert(*field, index);
            }
        }
        found
    }

    /// Columns that the mapping names, for columns within columns (`content.body`).
    pub(crate) fn named(&self) -> impl Iterator<Item = (Field, &str)> {
        self.columns.iter().map(|(field, column)| (*field, column.as_str()))
    }
}

/// The field that a column called `name` usually holds, and how usual the name is (0 most).
fn usual(name: &str) -> Option<(Field, usize)> {
    let name = fold(name);
    USUAL.iter().find_map(|(field, names)| Some((*field, names.iter().position(|usual| *usual == name)?)))
}

/// Lower case, no accents, `_` for what separates words.
fn fold(name: &str) -> String {
    let plain = |c| match c {
        'à' | 'á' | 'â' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' | 'î' => 'i',
        'ó' | 'ô' => 'o',
        'ú' | 'ù' | 'û' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        ' ' | '-' | ':' => '_',
        _ => c,
    };
    name.trim().trim_start_matches('\u{feff}').to_lowercase().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(mapping: &str, names: &[&str]) -> Vec<(Field, usize)> {
        let mapping: ColumnMapping = mapping.parse().expect("a mapping");
        mapping.resolve(names.iter().copied()).into_iter().collect()
    }

    #[test]
    fn usual_names_are_known_in_three_languages() {
        use Field::{Byline, Lang, Outlet, Published, Text, Title, Url};
        let expected = [(Text, 0), (Title, 1), (Url, 2), (Published, 3), (Byline, 4), (Outlet, 5), (Lang, 6)];
        let mut sorted = expected.to_vec();
        sorted.sort();
        for names in [
            ["text", "title", "url", "date", "author", "outlet", "lang"],
            ["Texte", "Titre", "Lien", "Publié le", "Auteur", "Média", "Langue"],
            ["Texto", "Título", "Enlace", "Fecha de publicación", "Autor", "Medio", "Idioma"],
        ] {
            assert_eq!(resolve("", &names), sorted);
        }
    }

    #[test]
    fn the_likelier_name_wins() {
        assert_eq!(resolve("", &["content", "text", "source"]), [(Field::Text, 1), (Field::Outlet, 2)]);
    }

    #[test]
    fn a_mapping_overrules_the_usual_names() {
        let found = resolve("text=Lead, title=kicker", &["text", "lead", "title", "kicker"]);
        assert_eq!(found, [(Field::Text, 1), (Field::Title, 3)]);
        assert_eq!(resolve("text=title", &["title"]), [(Field::Text, 0)]);
    }

    #[test]
    fn a_bad_mapping_says_what_is_wrong() {
        let error = |raw: &str| raw.parse::<ColumnMapping>().expect_err("bad");
        assert_eq!(error("text"), ColumnMappingError::NoPair("text".to_owned()));
        assert_eq!(error("text="), ColumnMappingError::NoPair("text=".to_owned()));
        assert_eq!(error("colour=x"), ColumnMappingError::UnknownField("colour".to_owned()));
    }
}
