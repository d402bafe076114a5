//! Vectors of words: static, multilingual, the sentence vectors' own pieces.

use std::collections::HashMap;
use std::ops::Range;

use super::Document;
use super::columns::{Columns, folded};
use super::network::{IN, Network, WORD};
use crate::lineage::{VectorError, encode_sentences};

/// Words worked on at once, so that memory stays bounded.
const BATCH: usize = 1024;
/// Brings vectors of length one to the size of the network's other inputs.
const SIZE: f32 = 4.0;

/// The vectors of folded words, in order.
pub fn vectors_of(words: &[String]) -> Result<Vec<[f32; WORD]>, VectorError> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let encoded = encode_sentences(&words, 1)?;
    let fixed = |vector: &Vec<f32>| std::array::from_fn(|k| vector.get(k).map_or(0.0, |value| value * SIZE));
    Ok(encoded.iter().map(fixed).collect())
}

/// The projected words of one document, each word once.
pub struct Words {
    /// A network, a word.
    inputs: Vec<Vec<[f32; IN]>>,
    /// Number of every token's word.
    numbers: Vec<u32>,
}

impl Words {
    /// The words of `document` as each of `networks` sees them.
    pub fn new(
        document: &Document<'_>,
        columns: &Columns,
        networks: &[Network],
    ) -> Result<Self, VectorError> {
        let mut seen: HashMap<u32, u32> = HashMap::new();
        let mut words = Self {
            inputs: vec![Vec::new(); networks.len()],
            numbers: Vec::with_capacity(columns.word.len()),
        };
        let mut batch = Vec::new();
        for (at, &key) in columns.word.iter().enumerate() {
            let next = seen.len() as u32;
            let number = *seen.entry(key).or_insert(next);
            words.numbers.push(number);
            if number == next {
                batch.push(folded(document.word(at)));
            }
            if batch.len() == BATCH {
                words.project(&batch, networks)?;
                batch.clear();
            }
        }
        words.project(&batch, networks)?;
        Ok(words)
    }

    fn project(&mut self, batch: &[String], networks: &[Network]) -> Result<(), VectorError> {
        let vectors = vectors_of(batch)?;
        for (inputs, network) in self.inputs.iter_mut().zip(networks) {
            inputs.extend(vectors.iter().map(|vector| network.project(vector)));
        }
        Ok(())
    }

    /// The words of a stretch of tokens as the network of this number sees them.
    pub fn of(&self, tokens: &Range<usize>, network: usize) -> impl Iterator<Item = &[f32; IN]> {
        self.numbers[tokens.clone()].iter().map(move |&number| &self.inputs[network][number as usize])
    }
}
