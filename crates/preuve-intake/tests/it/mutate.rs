//! Every fixture, damaged a few hundred times in ways that repeat: no reader panics, every limit holds.

use std::path::Path;

use crate::common::{params, read};

/// How often each fixture is damaged; `PREUVE_ROUNDS` asks for a longer search.
const ROUNDS: usize = 150;

fn rounds() -> usize {
    std::env::var("PREUVE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS)
}

/// The splitmix64 generator: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % sides.max(1) as u64).expect("below the sides")
    }
}

/// Bytes that parsers take seriously.
const SPICE: [&[u8]; 14] = [
    b"\0",
    b"\xff\xff\xff\xff",
    b"<",
    b"\"",
    b"{",
    b"[",
    b"\n",
    b"\xc3",
    b"\\ud800",
    b"endstream",
    b"PK\x03\x04",
    b"%PDF-",
    b"99999999999",
    b"]]>",
];

fn damage(dice: &mut Dice, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(bytes.len());
        match dice.roll(6) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << dice.roll(8),
            1 if !bytes.is_empty() => bytes[at] = u8::try_from(dice.roll(256)).expect("a byte"),
            2 => bytes.truncate(at),
            3 => {
                let end = at + dice.roll(bytes.len() - at).min(64);
                drop(bytes.drain(at..end));
            }
            4 => {
                let from = dice.roll(other.len());
                let piece = &other[from..other.len().min(from + dice.roll(200))];
                drop(bytes.splice(at..at, piece.iter().copied()));
            }
            _ => drop(bytes.splice(at..at, SPICE[dice.roll(SPICE.len())].iter().copied())),
        }
    }
    bytes
}

#[test]
fn damaged_fixtures_never_panic_and_keep_the_limits() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut seeds: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .expect("fixtures")
        .map(|entry| entry.expect("an entry"))
        .map(|entry| {
            (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).expect("readable"))
        })
        .filter(|(name, _)| !name.ends_with(".expected.json"))
        .collect();
    seeds.sort();
    let mut dice = Dice(7);
    let limits = params();
    for round in 0..rounds() {
        for (index, (name, seed)) in seeds.iter().enumerate() {
            let other = &seeds[(index + 1 + round % (seeds.len() - 1)) % seeds.len()].1;
            let kept = read(name, &damage(&mut dice, seed, other));
            assert!(
                kept.items.iter().all(|item| item.text.len() <= 4 * limits.max_text_bytes),
                "{name} {round}"
            );
            assert!(
                !kept.items.is_empty() || !kept.diagnostics.is_empty(),
                "{name} {round}: nothing is said"
            );
        }
    }
}
