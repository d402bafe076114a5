//! What is noticed when the messages of the material are held against themselves and one another. All of it
//! stands beside the verdict on the signatures and changes nothing there (see `docs/methods/authenticity.md`).

mod alternatives;
pub mod digest;
mod html;
mod lines;
mod locked;
mod mime;
mod received;
mod sniff;
mod text;

pub use digest::{DigestParams, digest_message};
pub use sniff::content_fits;
