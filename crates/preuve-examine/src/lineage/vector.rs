//! Sentences as vectors that mean the same in English, French and Spanish.
//!
//! A sentence is the sum of its pieces' static vectors, distilled from a multilingual encoder (see
//! `models/MODEL_CARD.md`). Limit: word order is lost, negation nearly so; likeness says "about the same
//! thing", never "the same statement".

use std::sync::OnceLock;

use preuve_case::Lang;
use thiserror::Error;

use super::parallel;
use super::pieces::Pieces;

const MAGIC: &[u8; 8] = b"PRVSV001";
/// Bytes of a sentence that are read; no sentence of prose is longer.
const MAX_SENTENCE: usize = 1200;

/// What is wrong with the vectors that ship with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum VectorError {
    /// The table of pieces holds a line that is none, or is out of order.
    #[error("the table of pieces is broken")]
    Pieces,
    /// The block of vectors has another length or mark than its header says.
    #[error("the block of sentence vectors is broken")]
    Vectors,
}

/// The static vectors of all pieces.
pub(super) struct Encoder {
    pieces: Pieces,
    size: usize,
    means: Vec<f32>,
    scales: Vec<f32>,
    rows: &'static [u8],
}

impl Encoder {
    /// The encoder that ships with the program; read once.
    pub(super) fn get() -> Result<&'static Encoder, VectorError> {
        static ENCODER: OnceLock<Result<Encoder, VectorError>> = OnceLock::new();
        let parse = || {
            Encoder::parse(
                include_str!("../../models/pieces.tsv"),
                include_bytes!("../../models/vectors.bin"),
            )
        };
        ENCODER.get_or_init(parse).as_ref().map_err(|error| *error)
    }

    /// Header: mark, pieces and dimensions as `u32`; means of the three languages as `f32`; a scale a piece as
    /// `f16`; then a row a piece, two values a byte, low half first, 8 standing for nought.
    fn parse(table: &str, block: &'static [u8]) -> Result<Encoder, VectorError> {
        let pieces = Pieces::parse(table).ok_or(VectorError::Pieces)?;
        let rest = block.strip_prefix(MAGIC).ok_or(VectorError::Vectors)?;
        let (count, rest) = number(rest).ok_or(VectorError::Vectors)?;
        let (size, rest) = number(rest).ok_or(VectorError::Vectors)?;
        let lengths = count.checked_mul(2).zip(count.checked_mul(size / 2)).ok_or(VectorError::Vectors)?;
        let fits = size > 0 && size % 2 == 0 && size <= 4096 && count == pieces.len();
        if !fits || rest.len() != 12 * size + lengths.0 + lengths.1 {
            return Err(VectorError::Vectors);
        }
        let (means, rest) = rest.split_at(12 * size);
        let (scales, rows) = rest.split_at(lengths.0);
        let means = means.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        let scales = scales.as_chunks::<2>().0.iter().map(|bytes| half(u16::from_le_bytes(*bytes))).collect();
        Ok(Encoder { pieces, size, means, scales, rows })
    }

    /// The mean of general text in `lang`; nought for another language.
    pub(super) fn mean(&self, lang: Lang) -> Vec<f32> {
        match Lang::HANDLED.iter().position(|handled| *handled == lang) {
            Some(at) => self.means[at * self.size..(at + 1) * self.size].to_vec(),
            None => vec![0.0; self.size],
        }
    }

    /// The vector of `sentence`, of length one; nought when it holds no known piece.
    pub(super) fn encode(&self, sentence: &str) -> Vec<f32> {
        let mut vector = vec![0.0f32; self.size];
        let end = sentence.floor_char_boundary(MAX_SENTENCE);
        let half = self.size / 2;
        for piece in self.pieces.cut(&sentence[..end]) {
            let piece = piece as usize;
            let scale = self.scales[piece];
            let row = &self.rows[piece * half..(piece + 1) * half];
            for (slots, &byte) in vector.as_chunks_mut::<2>().0.iter_mut().zip(row) {
                slots[0] += scale * (f32::from(byte & 15) - 8.0);
                slots[1] += scale * (f32::from(byte >> 4) - 8.0);
            }
        }
        normalise(&mut vector);
        vector
    }
}

/// The vector of each sentence, in order: 192 values, of length one, or all nought where no word is known.
/// Sentences that say the same have a scalar product near 1 whether English, French or Spanish.
///
/// # Errors
/// [`VectorError`] when the vectors that ship with the program are broken.
pub fn encode_sentences(sentences: &[&str], threads: usize) -> Result<Vec<Vec<f32>>, VectorError> {
    let encoder = Encoder::get()?;
    Ok(parallel::map(sentences, threads, |sentence| encoder.encode(sentence)))
}

/// Bring `vector` to length one, unless it is nought.
pub(super) fn normalise(vector: &mut [f32]) {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
}

/// Sum of products, in eight lanes so that it is fast and always the same.
pub(super) fn dot(one: &[f32], two: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (one, one_rest) = one.as_chunks::<8>();
    let (two, two_rest) = two.as_chunks::<8>();
    for (a, b) in one.iter().zip(two) {
        for lane in 0..8 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = one_rest.iter().zip(two_rest).map(|(a, b)| a * b).sum();
    lanes.iter().sum::<f32>() + rest
}

fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*head) as usize, rest))
}

/// An IEEE 754 half as a single.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits >> 10 & 31);
    let fraction = f32::from(bits & 1023) / 1024.0;
    match exponent {
        0 => sign * fraction * 2f32.powi(-14),
        31 => 0.0,
        _ => sign * (1.0 + fraction) * 2f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(one: &str, two: &str) -> f32 {
        let encoder = Encoder::get().unwrap();
        dot(&encoder.encode(one), &encoder.encode(two))
    }

    #[test]
    fn the_shipped_vectors_are_whole() {
        let encoder = Encoder::get().unwrap();
        assert_eq!(encoder.size, 192);
        assert!(Lang::HANDLED.iter().all(|lang| dot(&encoder.mean(*lang), &encoder.mean(*lang)) > 0.0));
        assert!(encoder.mean(Lang::Other).iter().all(|value| *value == 0.0));
    }

    #[test]
    fn a_translation_is_nearer_than_another_sentence() {
        let english = "The minister refused to answer questions about the stolen documents.";
        let french = "Le ministre a refusé de répondre aux questions sur les documents volés.";
        let spanish = "El ministro se negó a contestar preguntas sobre los documentos robados.";
        let other = "Les pêcheurs vendent des sardines fraîches sur le marché du village.";
        for translation in [french, spanish] {
            assert!(likeness(english, translation) > likeness(english, other) + 0.3, "{translation}");
        }
        assert!(likeness(french, spanish) > likeness(spanish, other) + 0.3);
    }

    #[test]
    fn odd_sentences_have_vectors_of_length_one_or_none() {
        let encoder = Encoder::get().unwrap();
        for text in ["", "   ", "港務局", "?!", &"é".repeat(5000), "one"] {
            let vector = encoder.encode(text);
            let length = dot(&vector, &vector);
            assert!(length == 0.0 || (length - 1.0).abs() < 1e-4, "{text}: {length}");
        }
    }

    #[test]
    fn broken_blocks_are_refused() {
        assert!(matches!(Encoder::parse("a", MAGIC), Err(VectorError::Pieces)));
        for block in
            [&b""[..], MAGIC, b"PRVSV001\x01\0\0\0\x02\0\0\0", b"PRVSV001\xff\xff\xff\xff\xff\xff\xff\xff"]
        {
            assert!(matches!(Encoder::parse("a\t-1", block), Err(VectorError::Vectors)));
        }
    }

    #[test]
    fn halves_are_read() {
        for (bits, value) in
            [(0x3C00, 1.0), (0xC000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8), (0, 0.0)]
        {
            assert_eq!(half(bits), value);
        }
    }
}
