//! The invented case that comes with the program, laid out as files so that it goes the way all material goes.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::args::{Material, ReadingArgs};
use crate::error::CommandError;

/// Title of the demo's report.
pub const TITLE: &str = "The Renn files: an invented affair";

/// The demo's files on disk, for as long as the value lives.
pub struct Demo {
    /// What to examine.
    pub material: Material,
    _folder: TempDir,
}

macro_rules! article {
    ($name:literal) => {
        (concat!($name, ".txt"), include_bytes!(concat!("../../demo/articles/", $name, ".txt")))
    };
}

/// Outlets, dates and titles of the articles.
const METADATA: &[u8] = include_bytes!("../../demo/articles.jsonl");

/// File names and contents, in three languages.
const ARTICLES: &[(&str, &[u8])] = &[
    article!("en01"),
    article!("en03"),
    article!("en04"),
    article!("en08"),
    article!("en10"),
    article!("en12"),
    article!("es01"),
    article!("es02"),
    article!("es07"),
    article!("es08"),
    article!("fr01"),
    article!("fr02"),
    article!("fr03"),
    article!("fr05"),
    article!("fr06"),
    article!("fr11"),
];

/// Lay the demo's files out in a temporary folder.
pub fn unpack() -> Result<Demo, CommandError> {
    let folder = tempfile::tempdir()?;
    let articles = folder.path().join("articles");
    std::fs::create_dir(&articles)?;
    for (name, bytes) in ARTICLES {
        std::fs::write(articles.join(name), bytes)?;
    }
    let metadata = folder.path().join("articles.jsonl");
    std::fs::write(&metadata, METADATA)?;
    let reading = ReadingArgs { metadata: Some(metadata), ..ReadingArgs::default() };
    let paths: Vec<PathBuf> = vec![articles];
    Ok(Demo { material: Material { paths, reading }, _folder: folder })
}
