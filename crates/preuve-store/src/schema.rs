//! The tables, and how an older case becomes a case of today.

use std::path::Path;

use rusqlite::Connection;

use crate::StoreError;

/// `preu` in ASCII: tells our databases from any other.
const APPLICATION_ID: i64 = 0x7072_6575;
/// The format this version writes. Raise it with every change, and add the step to [`STEPS`].
pub(crate) const FORMAT: i64 = 2;

/// What leads from each format to the next; the first makes an empty case.
const STEPS: [&str; FORMAT as usize] = [FORMAT_1, FORMAT_2];

const FORMAT_1: &str = "
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    version TEXT NOT NULL,
    command TEXT NOT NULL,
    parameters TEXT NOT NULL,
    inputs TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL UNIQUE
);
CREATE TABLE items (
    id BLOB PRIMARY KEY,
    byte_len INTEGER NOT NULL,
    kept TEXT NOT NULL CHECK (kept IN ('copy', 'link', 'none')),
    operation INTEGER NOT NULL REFERENCES journal
) WITHOUT ROWID;
CREATE TABLE texts (
    hash BLOB PRIMARY KEY,
    text TEXT NOT NULL
);
CREATE TABLE sightings (
    item BLOB NOT NULL REFERENCES items,
    path TEXT NOT NULL,
    format TEXT NOT NULL,
    lang TEXT NOT NULL,
    meta TEXT NOT NULL,
    published INTEGER,
    text BLOB NOT NULL REFERENCES texts,
    map TEXT NOT NULL,
    parent BLOB,
    operation INTEGER NOT NULL REFERENCES journal,
    PRIMARY KEY (item, path)
) WITHOUT ROWID;
CREATE INDEX sightings_by_path ON sightings (path);
CREATE INDEX sightings_by_text ON sightings (text);
CREATE TABLE sources (
    path TEXT NOT NULL,
    digest BLOB NOT NULL,
    reader BLOB NOT NULL,
    operation INTEGER NOT NULL REFERENCES journal,
    PRIMARY KEY (path, digest)
) WITHOUT ROWID;
CREATE TABLE diagnostics (
    hash BLOB PRIMARY KEY,
    path TEXT NOT NULL,
    source TEXT NOT NULL,
    body TEXT NOT NULL,
    operation INTEGER NOT NULL REFERENCES journal
);
CREATE INDEX diagnostics_by_source ON diagnostics (source);
CREATE TABLE findings (
    engine TEXT NOT NULL,
    item BLOB NOT NULL REFERENCES items,
    key BLOB NOT NULL,
    body TEXT NOT NULL,
    operation INTEGER NOT NULL REFERENCES journal,
    PRIMARY KEY (engine, item)
);
CREATE TABLE claims (
    position INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    operation INTEGER NOT NULL REFERENCES journal
);
CREATE TABLE links (
    a BLOB NOT NULL REFERENCES items,
    b BLOB NOT NULL REFERENCES items,
    linked INTEGER NOT NULL,
    why TEXT NOT NULL,
    operation INTEGER NOT NULL REFERENCES journal,
    PRIMARY KEY (a, b)
) WITHOUT ROWID;
";

/// Mail: messages with what is found about them, the keys they are judged under, how far a mailbox was read.
const FORMAT_2: &str = "
CREATE TABLE messages (
    id BLOB PRIMARY KEY,
    in_mailbox INTEGER NOT NULL,
    rebuilt INTEGER NOT NULL,
    digest TEXT NOT NULL,
    lines BLOB NOT NULL,
    operation INTEGER NOT NULL REFERENCES journal
);
CREATE TABLE message_sightings (
    path TEXT NOT NULL,
    number INTEGER NOT NULL,
    message BLOB NOT NULL REFERENCES messages,
    source BLOB,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    operation INTEGER NOT NULL REFERENCES journal,
    PRIMARY KEY (path, number, message)
) WITHOUT ROWID;
CREATE INDEX message_sightings_by_message ON message_sightings (message, path, number);
CREATE INDEX message_sightings_by_source ON message_sightings (source);
CREATE TABLE message_bytes (
    message BLOB PRIMARY KEY REFERENCES messages,
    bytes BLOB NOT NULL
);
CREATE TABLE message_findings (
    message BLOB PRIMARY KEY REFERENCES messages,
    key BLOB NOT NULL,
    verdict TEXT NOT NULL,
    body TEXT NOT NULL,
    operation INTEGER NOT NULL REFERENCES journal
);
CREATE TABLE message_observations (
    message BLOB PRIMARY KEY REFERENCES messages,
    key BLOB NOT NULL,
    body TEXT NOT NULL,
    thread INTEGER,
    operation INTEGER NOT NULL REFERENCES journal
);
CREATE TABLE mail_threads (
    number INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    operation INTEGER NOT NULL REFERENCES journal
);
CREATE TABLE mail_keys (
    name TEXT NOT NULL,
    txt TEXT NOT NULL,
    origin TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    recovered INTEGER NOT NULL,
    operation INTEGER NOT NULL REFERENCES journal,
    PRIMARY KEY (name, txt, origin, first_seen, last_seen, recovered)
) WITHOUT ROWID;
CREATE TABLE mailbox_progress (
    path TEXT NOT NULL,
    digest BLOB NOT NULL,
    reader BLOB NOT NULL,
    start INTEGER NOT NULL,
    number INTEGER NOT NULL,
    operation INTEGER NOT NULL REFERENCES journal,
    PRIMARY KEY (path, digest)
) WITHOUT ROWID;
";

/// Settings of a connection: durable commits, enforced references, memory bounded whatever the case's size.
pub(crate) fn configure(db: &Connection) -> Result<(), StoreError> {
    db.busy_timeout(std::time::Duration::from_secs(10))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "cache_size", -32_768)?;
    db.pragma_update(None, "temp_store", "file")?;
    Ok(())
}

/// Bring the database to [`FORMAT`], or say why it cannot be: it is not ours, or newer than we are.
pub(crate) fn migrate(db: &mut Connection, folder: &Path) -> Result<(), StoreError> {
    let application: i64 = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let format: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID && (application != 0 || tables > 0) {
        return Err(StoreError::Foreign(folder.to_owned()));
    }
    if format > FORMAT {
        return Err(StoreError::Newer { folder: folder.to_owned(), found: format, known: FORMAT });
    }
    let done = usize::try_from(format).map_err(|_| StoreError::Foreign(folder.to_owned()))?;
    if done == STEPS.len() {
        return Ok(());
    }
    let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for step in STEPS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_of_format_1_keeps_what_it_holds_and_gets_the_tables_for_mail() {
        let mut db = Connection::open_in_memory().unwrap();
        db.execute_batch(FORMAT_1).unwrap();
        db.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        db.pragma_update(None, "user_version", 1).unwrap();
        db.execute_batch(
            "INSERT INTO journal VALUES (1, 't', 'v', 'c', 'p', 'i', x'00', x'01');
             INSERT INTO items VALUES (x'0102', 2, 'none', 1);",
        )
        .unwrap();
        migrate(&mut db, Path::new("case")).unwrap();
        let format: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        let items: i64 = db.query_row("SELECT count(*) FROM items", [], |row| row.get(0)).unwrap();
        let messages: i64 = db.query_row("SELECT count(*) FROM messages", [], |row| row.get(0)).unwrap();
        assert_eq!((format, items, messages), (FORMAT, 1, 0));
        migrate(&mut db, Path::new("case")).unwrap();
    }
}
