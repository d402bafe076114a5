//! The vocabulary of a case. Every stage of the pipeline speaks it and depends on nothing else of ours.
//!
//! Plain data with the invariants in the types: an [`ItemId`] is made from bytes, a [`Span`] counts code
//! points, a [`Locus`] says where in the material a statement rests. No SQL, no clock, no I/O.

mod attribution;
mod claim;
mod correspondence;
mod diagnostic;
mod id;
mod item;
mod lineage;
mod mail;
mod text;

pub use attribution::{
    Accusation, Act, Attribution, Entity, EntityKind, Evidence, ItemAttributions, Part, Reason, SourceClass,
    Stance,
};
pub use claim::{Claim, ClaimStatus, Interval, Mention, TimelineEntry, Why};
pub use correspondence::{
    Address, Hop, LinePrint, MailThread, MessageDigest, MessageRef, Observation, ObservationKind, PartDigest,
    ShownLink, StructureNote,
};
pub use diagnostic::{Diagnostic, Severity};
pub use id::{InvalidItemId, ItemId};
pub use item::{Format, Item, ItemMeta, Lang};
pub use lineage::{AlignedPassage, LineageFinding, LinkJudgement, Relation, Sign};
pub use mail::{
    Alignment, ArcFinding, AuthResult, Check, CheckOutcome, HalfResult, HeaderCoverage, KeySighting,
    MailVerdict, MessageFinding, SignatureFinding,
};
pub use text::{CharIndex, Locus, Span, TextMap, TextMapPiece};
