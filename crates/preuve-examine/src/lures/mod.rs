//! Mail made to deceive its reader: which messages are worth a look, and for what reasons (`docs/methods/lures.md`).
//!
//! Two passes, since what is odd about a message shows only against the others. The order of learning changes
//! nothing; memory is bounded by [`LureParams`]. Links are read, never followed.
//!
//! ```
//! use preuve_case::{MailVerdict, MessageDigest};
//! use preuve_examine::lures::{Acquaintances, LureParams, triage};
//!
//! fn look(digests: &[(MessageDigest, MailVerdict)], params: LureParams) {
//!     let mut acquaintances = Acquaintances::new(params);
//!     for (digest, verdict) in digests {
//!         acquaintances.learn(digest, *verdict);
//!     }
//!     let circle = acquaintances.settle();
//!     for (digest, verdict) in digests {
//!         let observations = circle.observe(digest, *verdict);
//!         let _place_in_the_order = triage(&observations);
//!     }
//! }
//! ```

mod address;
mod circle;
mod files;
mod finding;
mod habit;
mod habits;
mod host;
mod learn;
mod links;
mod lookalike;
mod params;
mod reason;
mod senders;
mod services;
mod table;
mod traits;
mod triage;

use preuve_case::{MailVerdict, MessageDigest, Observation};

pub use circle::Circle;
pub use learn::Acquaintances;
pub use params::LureParams;
pub use reason::{LureKind, Reason, ReasonEntry};
pub use triage::{Triage, triage};

use finding::Findings;

impl Circle {
    /// What speaks for `digest` being a lure, by reason; `verdict` as it was given to [`Acquaintances::learn`].
    /// Context (`lure.first_message_to_recipient` and the like) is told only beside a reason.
    pub fn observe(&self, digest: &MessageDigest, verdict: MailVerdict) -> Vec<Observation> {
        let counted = learn::teaches(verdict);
        let mut findings = Findings::default();
        senders::name_reasons(self, digest, &mut findings);
        senders::reply_reasons(self, digest, counted, &mut findings);
        senders::domain_reasons(self, digest, &mut findings);
        let mut links = links::LinkReader::new(self, digest);
        for link in digest.links.iter().take(self.learnt.params.most_links) {
            links.read(link, &mut findings);
        }
        let mut untold = links.untold;
        files::file_reasons(digest, &mut findings);
        untold |= senders::thread_reasons(self, digest, &mut findings);
        habits::habit_reasons(self, digest, counted, &mut findings);
        if !findings.is_empty() {
            untold |= senders::contact_reasons(self, digest, &mut findings);
            self.account(digest, verdict, &mut findings);
            if untold {
                findings.add(Reason::HistoryTooLarge, &[], None, None);
            }
        }
        findings.into_observations()
    }

    /// The founding case: the mail is genuine, and a lure all the same.
    fn account(&self, digest: &MessageDigest, verdict: MailVerdict, findings: &mut Findings) {
        let domain = traits::sender(digest).and_then(|from| host::mail_domain(&from.address));
        if let (MailVerdict::Valid, Some(domain)) = (verdict, domain) {
            findings.add(Reason::GenuineAccount, &[("domain", &domain)], None, None);
        }
    }
}
