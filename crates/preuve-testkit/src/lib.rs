//! Planted cases for tests: invented material whose truth is known. Never part of the program.

#![allow(clippy::expect_used, reason = "a test kit that cannot go on should stop the test")]

mod corpus;
mod dkim;
mod honest;
mod letter;
mod lures;
mod mail_render;
mod mailbox;
mod pst;
mod town;

pub use corpus::{CorpusPlan, Edit, Planted, Random, planted_corpus};
pub use dkim::{DkimSigner, SigningKey};
pub use honest::HonestMail;
pub use lures::{LurePlan, PlantedLetter, planted_lures};
pub use mailbox::{Forgery, MailPlan, PlantedMail, PlantedMailbox, planted_mailbox};
pub use pst::{PstAttachment, PstEncoding, PstFlaw, PstFolder, PstForm, PstMessage, PstPlan, planted_pst};
