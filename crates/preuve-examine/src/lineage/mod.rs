//! Copies, translations, rewrites, relays: how items come from one another.

mod damage;
mod token;
mod words;

pub use damage::detect_damage;
