//! The bounds of the engine and the figures it judges by.

/// Bounds and figures; `docs/methods/lures.md` says why each is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LureParams {
    /// Entries of each table of pairs, subjects and ids; about 40 bytes an entry.
    pub most_keys: usize,
    /// Senders whose habits are kept, and names of people; at most about 4 KB each.
    pub most_people: usize,
    /// Domains kept; about 300 bytes each.
    pub most_domains: usize,
    /// Links of one message that are looked at.
    pub most_links: usize,
    /// Messages from which on a domain or an address is known to the mailbox.
    pub known_messages: u32,
    /// Days that these messages must span.
    pub known_days: u32,
    /// Days before a message that do not count when a domain is asked for its past, so that a wave of the same
    /// mail does not make its own link familiar.
    pub fresh_days: u32,
    /// Other messages of a sender from which on its habits are known.
    pub habit_messages: u32,
    /// Messages that must be older than a message before anything about it is called new.
    pub mailbox_messages: u64,
}
