//! Someone says something: attributions after PARC and PolNeAR, and the accusations among them.

use serde::{Deserialize, Serialize};

use crate::{Diagnostic, Lang, Span};

/// What the source does with the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// States it.
    Asserts,
    /// Confirms what another said.
    Confirms,
    /// Denies or rejects it.
    Denies,
    /// Asks, or doubts it.
    Questions,
    /// Holds it possible.
    Speculates,
    /// Refuses to comment.
    DeclinesToComment,
}

/// What kind of source speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceClass {
    /// A person with a name.
    NamedPerson,
    /// A body, or its unnamed spokesperson.
    Organisation,
    /// A medium that is cited.
    Outlet,
    /// A report, filing, letter, post.
    Document,
    /// A hidden individual, or people described but not named.
    Anonymous,
    /// Nobody, or a vague plural.
    Unnamed,
}

/// What is offered for the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Nothing is said of evidence.
    NoneStated,
    /// The text says that none was given.
    Withheld,
    /// A document, log or other body is pointed to; the text does not show it.
    PointedTo,
    /// The text shows or describes the evidence itself.
    Shown,
    /// The text says that it could not be verified.
    Unverified,
}

/// What somebody is accused of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Breaking into systems or accounts.
    Hack,
    /// Luring people into giving access.
    Phish,
    /// Handing out what was not public.
    Leak,
    /// Making or altering documents.
    Forge,
    /// Spreading falsehoods or running fake media.
    Disinform,
    /// Meddling in an election or process.
    Interfere,
    /// Watching in secret.
    Spy,
    /// Planning violence or another crime.
    Plot,
    /// Paying in secret.
    Fund,
    /// Anything else.
    Other,
}

/// An accusation: somebody says that somebody did something to somebody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Accusation {
    /// Who accuses; `None` when unnamed or anonymous. Under a denial: who made the accusation denied.
    pub accuser: Option<String>,
    /// Who is accused, by the item's fullest mention.
    pub accused: String,
    /// Of what.
    pub act: Act,
    /// To whom it was done.
    pub target: Option<String>,
    /// Whether the text keeps its distance ("allegedly", the rumour conditional).
    pub hedged: bool,
}

/// Source, cue or content: its text (several spans joined with a space) and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Part {
    /// The words.
    pub text: String,
    /// Where they stand, in order, not overlapping.
    pub spans: Vec<Span>,
}

/// Why an engine judged as it did: the rule's name and the words it rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// Stable name of the rule, `field.rule` (`evidence.no_proof_given`).
    pub rule: String,
    /// The words that set it off.
    pub spans: Vec<Span>,
}

/// One attribution relation with the judgements that rules add to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Attribution {
    /// Who speaks; `None` when nobody is named.
    pub source: Option<Part>,
    /// The words that signal the attribution.
    pub cue: Option<Part>,
    /// What is said.
    pub content: Part,
    /// What the source does with it.
    pub stance: Stance,
    /// What kind of source it is.
    pub source_class: SourceClass,
    /// What is offered for it.
    pub evidence: Evidence,
    /// The accusation the content is about.
    pub accusation: Option<Accusation>,
    /// The source by the item's fullest mention, where it could be told.
    pub source_name: Option<String>,
    /// Reasons of stance, class, evidence and accusation.
    pub reasons: Vec<Reason>,
    /// Index, in the item's list, of the attribution whose content holds this one.
    pub within: Option<usize>,
}

/// What kind of thing a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A person.
    Person,
    /// A state, or the place or adjective that stands for it.
    State,
    /// A body: party, campaign, firm, agency, group.
    Organisation,
    /// A medium.
    Outlet,
    /// A document with a title.
    Document,
    /// Could not be told.
    Unknown,
}

/// One entity of one item: the ways it is named there, joined within the item only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Entity {
    /// The fullest mention.
    pub name: String,
    /// Its kind.
    pub kind: EntityKind,
    /// A key that holds in every language, where a lexicon knows the name: `state:IR`, `org:microsoft`.
    pub key: Option<String>,
    /// Every form it is named by in the item, sorted, the name included.
    pub aliases: Vec<String>,
    /// Where it is named, in order.
    pub spans: Vec<Span>,
}

/// What the attribution engine finds in one item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAttributions {
    /// Language the engine worked in.
    pub lang: Lang,
    /// Attributions, in order of their first span.
    pub attributions: Vec<Attribution>,
    /// Entities, in order of their first span.
    pub entities: Vec<Entity>,
    /// What could not be done, and damage of the text itself.
    pub diagnostics: Vec<Diagnostic>,
}
