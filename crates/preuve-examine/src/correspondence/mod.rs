//! What is noticed when the messages of the material are held against themselves and one another. All of it
//! stands beside the verdict on the signatures and changes nothing there (see `docs/methods/authenticity.md`).
//!
//! Two passes, so that memory holds prints and bounded tables, never messages:
//!
//! 1. [`digest_message`] reads each message once from its bytes;
//! 2. [`Mailbox::learn`] takes every digest with its verdict, in any order; [`Mailbox::settle`] puts what was
//!    learned in order;
//! 3. [`Correspondence::observe`] takes each digest again with its finding; it takes `&self`, so that messages may
//!    be observed in parallel. [`Correspondence::threads`] gives the threads, [`Correspondence::seen_at`] where
//!    else a message stands, [`Correspondence::reach`] what the bounds left out.
//!
//! The order of learning changes nothing, nor does learning a message twice.

mod alternatives;
mod corroboration;
pub mod digest;
mod html;
mod letter;
mod lines;
mod locked;
mod mailbox;
mod mime;
mod note;
mod received;
mod route;
mod settled;
mod sniff;
mod structure;
mod text;
mod thread;
mod time;

pub use digest::{DigestParams, digest_message};
pub use mailbox::{CorrespondenceParams, Mailbox};
pub use settled::{Correspondence, Reach};
pub use sniff::content_fits;
