//! Vectors of words: static, multilingual, the sentence vectors' own pieces.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{PoisonError, RwLock};

use super::Document;
use super::columns::{Columns, folded};
use super::network::{IN, Network, WORD};
use crate::lineage::{VectorError, encode_sentences};

/// Words worked on at once, so that memory stays bounded.
const BATCH: usize = 1024;
/// Brings vectors of length one to the size of the network's other inputs.
const SIZE: f32 = 4.0;

/// The vectors of folded words, in order.
pub fn vectors_of(words: &[impl AsRef<str>]) -> Result<Vec<[f32; WORD]>, VectorError> {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let encoded = encode_sentences(&words, 1)?;
    let fixed = |vector: &Vec<f32>| std::array::from_fn(|k| vector.get(k).map_or(0.0, |value| value * SIZE));
    Ok(encoded.iter().map(fixed).collect())
}

/// Words met before as the networks see them. A word is the same whenever it is met, so what is kept never shows in
/// an answer.
#[derive(Debug, Default)]
pub struct Met(RwLock<HashMap<String, Box<[[f32; IN]]>>>);

impl Met {
    /// Words kept at most: about ten megabytes for two networks.
    const MOST: usize = 20_000;
    /// Longest word kept, in bytes.
    const LONGEST: usize = 40;

    /// Append what the networks see of `words` to `inputs`, a network after the other.
    fn project(
        &self,
        words: &[String],
        networks: &[Network],
        inputs: &mut Vec<[f32; IN]>,
    ) -> Result<(), VectorError> {
        let first = inputs.len();
        let mut new = Vec::new();
        {
            let met = self.0.read().unwrap_or_else(PoisonError::into_inner);
            for (at, word) in words.iter().enumerate() {
                match met.get(word) {
                    Some(known) => inputs.extend_from_slice(known),
                    None => {
                        new.push(at);
                        inputs.resize(inputs.len() + networks.len(), [0.0; IN]);
                    }
                }
            }
        }
        let unknown: Vec<&str> = new.iter().map(|&at| words[at].as_str()).collect();
        for (&at, vector) in new.iter().zip(vectors_of(&unknown)?) {
            let start = first + at * networks.len();
            for (input, network) in inputs[start..].iter_mut().zip(networks) {
                *input = network.project(&vector);
            }
        }
        let mut met = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for at in new {
            if met.len() < Self::MOST && words[at].len() <= Self::LONGEST {
                let start = first + at * networks.len();
                met.insert(words[at].clone(), inputs[start..start + networks.len()].into());
            }
        }
        Ok(())
    }
}

/// The projected words of one document, each word once.
pub struct Words {
    /// A word, a network.
    inputs: Vec<[f32; IN]>,
    networks: usize,
    /// Number of every token's word.
    numbers: Vec<u32>,
}

impl Words {
    /// The words of `document` as each of `networks` sees them.
    pub fn new(
        document: &Document<'_>,
        columns: &Columns,
        (networks, met): (&[Network], &Met),
    ) -> Result<Self, VectorError> {
        let mut seen: HashMap<u32, u32> = HashMap::new();
        let mut words = Self {
            inputs: Vec::new(),
            networks: networks.len(),
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
                met.project(&batch, networks, &mut words.inputs)?;
                batch.clear();
            }
        }
        met.project(&batch, networks, &mut words.inputs)?;
        Ok(words)
    }

    /// The words of a stretch of tokens as the network of this number sees them.
    pub fn of(&self, tokens: &Range<usize>, network: usize) -> impl Iterator<Item = &[f32; IN]> {
        let numbers = &self.numbers[tokens.clone()];
        numbers.iter().map(move |&number| &self.inputs[number as usize * self.networks + network])
    }
}
