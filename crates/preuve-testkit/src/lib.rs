//! Planted cases for tests: invented material whose truth is known. Never part of the program.

#![allow(clippy::expect_used, reason = "a test kit that cannot go on should stop the test")]

mod corpus;
mod dkim;
<<<<<<< .merge_file_OMkwf8
mod honest;
mod mail_render;
mod mailbox;

pub use corpus::{CorpusPlan, Edit, Planted, Random, planted_corpus};
pub use dkim::{DkimSigner, SigningKey};
pub use honest::HonestMail;
pub use mailbox::{Forgery, MailPlan, PlantedMail, PlantedMailbox, planted_mailbox};
=======
mod letter;
mod lures;
mod town;

pub use corpus::{CorpusPlan, Edit, Planted, Random, planted_corpus};
pub use dkim::{DkimSigner, SigningKey};
pub use lures::{LurePlan, PlantedLetter, planted_lures};
>>>>>>> .merge_file_VQqqW7
