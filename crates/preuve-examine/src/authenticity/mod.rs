//! Is a leaked message authentic, years after it was sent, with keys from an archive? Signatures are evaluated
//! by us, because verifiers made for delivery pass mail that was altered where no
//! signature looks (see `docs/methods/authenticity.md`).

pub mod arc;
pub mod archive;
pub mod author;
pub mod borders;
pub mod canonical;
pub mod checks;
pub mod coverage;
pub mod dkim;
pub mod domain;
pub mod gcd;
pub mod hashing;
pub mod key;
pub mod message;
mod montgomery;
pub mod recover;
pub mod rsa;
pub mod signature;
pub mod tag_list;
pub mod verdict;
pub mod window;
mod zone;

pub use archive::KeyArchive;
pub use recover::{RecoveredKey, RecoveryStep, recover_modulus};
pub use verdict::{MailParams, judge_rebuilt, verify_message};
