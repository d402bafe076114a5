//! The reasons: their names, which kind each is of, whether it stands alone, and the sentence it is told in.

use preuve_case::CheckOutcome;

/// Kinds of reasons. Reasons of different kinds rest on different things, so they are counted by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LureKind {
    /// Who it claims to be from, and where answers go.
    Sender,
    /// A domain made to be taken for another.
    Domain,
    /// Where links lead.
    Link,
    /// What is attached.
    File,
    /// The conversation it claims to belong to.
    Thread,
    /// What the sender usually does.
    Habit,
    /// What helps to judge the others; never counted.
    Context,
}

/// Name, kind, outcome and sentence of a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonEntry {
    /// Stable name.
    pub name: &'static str,
    /// Kind.
    pub kind: LureKind,
    /// `Fail`: worth a look by itself. `Note`: only beside a reason of another kind.
    pub outcome: CheckOutcome,
    /// The sentence, with `{fact}` in place of facts.
    pub note: &'static str,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $reason:ident: $name:literal, $kind:ident, $outcome:ident, $note:literal;)*) => {
        /// A reason to take a message for a lure.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason { $($(#[$doc])* $reason,)* }

        impl Reason {
            /// All of them.
            pub const ALL: &[Reason] = &[$(Reason::$reason,)*];

            /// Its entry.
            pub fn entry(self) -> ReasonEntry {
                match self {
                    $(Reason::$reason => ReasonEntry {
                        name: $name,
                        kind: LureKind::$kind,
                        outcome: CheckOutcome::$outcome,
                        note: $note,
                    },)*
                }
            }
        }
    };
}

reasons! {
    /// A known person's name before another address.
    KnownName: "lure.known_name_other_address", Sender, Fail,
        "the name {name}, which other messages give with {known_address}, stands before {address}";
    /// A name that holds an address of another domain.
    AddressInName: "lure.address_in_name", Sender, Fail,
        "the name shows the address {shown}; the message is from {address}";
    /// Reply-To leads away from a sender that never did this before.
    ReplyToNew: "lure.reply_to_new_for_sender", Sender, Fail,
        "answers go to {reply_to}; none of the {messages} other messages of {address} asks for answers there";
    /// Reply-To leads away from a sender of whom little is known.
    ReplyToElsewhere: "lure.reply_to_elsewhere", Sender, Note,
        "the message is from {address}, and answers go to {reply_to}";
    /// Equal to a known domain in looks.
    DomainConfusable: "lure.domain_confusable", Domain, Fail,
        "{domain} looks like {known}, which occurs in {messages} messages";
    /// Equal to a known domain once digits are read as letters.
    DomainDigits: "lure.domain_digits", Domain, Fail,
        "{domain} is {known}, which occurs in {messages} messages, with digits in place of letters";
    /// One letter away from a known domain.
    DomainOneLetter: "lure.domain_one_letter", Domain, Fail,
        "{domain} differs by one letter from {known}, which occurs in {messages} messages";
    /// Equal to a known domain but for hyphens.
    DomainHyphen: "lure.domain_hyphen", Domain, Fail,
        "{domain} differs only by hyphens from {known}, which occurs in {messages} messages";
    /// A known name under another ending.
    DomainSuffix: "lure.domain_other_ending", Domain, Note,
        "{domain} has the name of {known}, which occurs in {messages} messages, under another ending";
    /// A whole known domain in front of another.
    DomainInHost: "lure.known_domain_in_host", Domain, Fail,
        "{host} begins with {known}, but belongs to {domain}";
    /// The name of a known domain and a word of sign-in pages.
    DomainWordLogin: "lure.known_word_and_login", Domain, Fail,
        "{host} joins the name of {known} with the word {word}, but belongs to {domain}";
    /// The name of a known domain in another.
    DomainWord: "lure.known_word_in_host", Domain, Note,
        "{host} holds the name of {known}, but belongs to {domain}";
    /// Letters of several scripts in one label.
    MixedScripts: "lure.mixed_scripts", Domain, Fail,
        "the name {host} mixes letters of several scripts ({ascii})";
    /// Shown one address, led to another.
    ShownAddress: "lure.shown_address_differs", Link, Fail,
        "the link shows {shown} and leads to {target}";
    /// The same, by way of a domain that the mailbox has long known.
    ShownAddressTracked: "lure.shown_address_tracked", Link, Note,
        "the link shows {shown} and leads to {target}, a domain long known to the material";
    /// The same, with the shown address inside the target.
    ShownAddressPassed: "lure.shown_address_passed_on", Link, Note,
        "the link shows {shown} and leads to {target}, which carries the shown address inside it";
    /// Shown the name of a service or a known domain, led elsewhere.
    ShownName: "lure.shown_name_differs", Link, Note,
        "the words of the link name {word}, and it leads to {target}";
    /// An address inside the address.
    AddressInAddress: "lure.address_in_address", Link, Fail,
        "a link to {domain} carries another address: {inner}";
    /// A known service that passes readers on.
    OpenRedirector: "lure.open_redirector", Link, Fail,
        "a link to {domain}, a service that passes its visitors on, carries another address: {inner}";
    /// A shortened address.
    Shortener: "lure.shortener", Link, Note,
        "a link is shortened by {domain}, so that it does not show where it leads";
    /// A number in place of a name.
    NumberHost: "lure.number_host", Link, Fail,
        "a link leads to a bare number in place of a name: {target}";
    /// Something before an at sign in front of the host.
    SignBeforeHost: "lure.sign_before_host", Link, Fail,
        "a link starts with {shown}, but leads to {domain}: what stands before the at sign is no address";
    /// Invisible or coded characters where the host stands.
    HiddenInAddress: "lure.hidden_in_address", Link, Fail,
        "a link to {domain} is written in a way that hides its address: {target}";
    /// Plain letters written as codes.
    LettersAsCodes: "lure.letters_as_codes", Link, Note,
        "a link to {domain} writes {count} plain letters as codes";
    /// A program or a page in place of an address.
    ScriptTarget: "lure.script_target", Link, Fail,
        "a link is no address of the web but {scheme}: {target}";
    /// A sign-in page of an unfamiliar domain.
    LoginPath: "lure.login_path", Link, Note,
        "a link to {domain}, which the material did not know well before, holds the word {word}, as sign-in pages do";
    /// The reader's own address in a link to an unfamiliar domain.
    ReaderInAddress: "lure.reader_in_address", Link, Note,
        "a link to {domain}, which the material did not know well before, carries the address of a recipient";
    /// A domain that no earlier message knows.
    NewLinkDomain: "lure.link_domain_new", Link, Note,
        "no message more than {days} days older has to do with {domain}, to which a link leads";
    /// A program.
    Program: "lure.program_attached", File, Fail,
        "the attachment {file} is a program or starts one ({what})";
    /// A page.
    Page: "lure.page_attached", File, Fail,
        "the attachment {file} is a web page, which opens outside the mail program ({what})";
    /// A document that may hold macros.
    Macros: "lure.macros_attached", File, Note,
        "the attachment {file} is of a kind that may hold programs ({what})";
    /// An archive that asks for a password.
    LockedArchive: "lure.locked_archive", File, Note,
        "the attachment {file} is an archive with a password, so that filters could not look inside";
    /// Two endings.
    TwoEndings: "lure.two_endings", File, Fail,
        "the name of the attachment {file} ends in {shown} and then in {ending}";
    /// A name that hides its ending.
    NameTricks: "lure.file_name_hides_ending", File, Fail,
        "the name of the attachment {file} hides its ending {ending} by invisible characters or a run of spaces";
    /// An answer to nothing.
    NoHistory: "lure.reply_without_history", Thread, Note,
        "the subject says that it answers or forwards something; it names no earlier message, quotes none, and no earlier message has this subject";
    /// Another client.
    NewClient: "lure.new_client", Habit, Note,
        "written with {client}; of the {messages} other messages of {address} that name their program {alike} do so, most name {usual}";
    /// Another zone.
    NewZone: "lure.new_zone", Habit, Note,
        "dated in the time zone {zone}; of the {messages} other dated messages of {address} {alike} are near it, most are in {usual}";
    /// Another way in.
    NewRoute: "lure.new_route", Habit, Note,
        "entered the mail system at {route}; of the {messages} other messages of {address} that tell it {alike} did so, most entered at {usual}";
    /// First letter to these readers.
    FirstMessage: "lure.first_message_to_recipient", Context, Note,
        "no earlier message goes from {address} to any of its recipients, or back";
    /// The account is the sender's own.
    GenuineAccount: "lure.genuine_account", Context, Note,
        "the signature of {domain} holds for this message; a stolen account signs just as well";
    /// The tables were too small.
    HistoryTooLarge: "lure.history_not_kept", Context, NotChecked,
        "the material holds more than was kept, so whether something in this message is new could not be told";
}
