//! Mail: mailboxes cut into messages.

pub mod mailbox;
