//! Items and where they were seen.
//!
//! Bytes that are the same are one item; the paths they were seen under, and what was said of them there, are
//! sightings. The engines get one item for all of them: the sighting published first, then first by path.
//! Order of adding never shows.

use std::collections::BTreeSet;

use preuve_case::{Diagnostic, Format, Item, ItemId, ItemMeta, Lang, TextMap};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sha2::{Digest, Sha256};

use crate::{Case, Kept, MailboxProgress, ReadMessage, StoreError, messages};

/// An item as a reader gave it, its original kept already.
#[derive(Debug, Clone)]
pub struct ReadItem {
    /// The item.
    pub item: Item,
    /// How its bytes are kept.
    pub kept: Kept,
}

/// A file that was read to its end: reading it again with the same reader would give the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadSource {
    /// Path as the walk gave it.
    pub path: String,
    /// SHA-256 of the file.
    pub digest: ItemId,
}

/// What is added in one transaction.
#[derive(Debug, Default)]
pub struct Batch {
    /// Items, in reading order.
    pub items: Vec<ReadItem>,
    /// What could not be read or may be misread: the file it was found in, and the diagnostic.
    pub diagnostics: Vec<(String, Diagnostic)>,
    /// Mail messages, in reading order.
    pub messages: Vec<ReadMessage>,
    /// Mailboxes that were read up to a place: everything before it is in this batch or an earlier one.
    pub progress: Vec<MailboxProgress>,
    /// Files whose last item is in this batch or an earlier one.
    pub sources: Vec<ReadSource>,
}

/// What a batch changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    /// Items the case did not have.
    pub items: usize,
    /// Paths under which items were not seen before.
    pub sightings: usize,
    /// Mail messages the case did not have.
    pub messages: usize,
}

/// Where an item was seen, besides the place the engines get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The item.
    pub item: ItemId,
    /// The path.
    pub path: String,
    /// What was said of it there.
    pub meta: ItemMeta,
}

/// The sighting the engines get, as a condition on `s`.
const PRIMARY: &str = "s.path = (SELECT t.path FROM sightings t WHERE t.item = s.item
    ORDER BY t.published IS NULL, t.published, t.path LIMIT 1)";

/// The path of that sighting.
const PRIMARY_PATH: &str = "(SELECT t.path FROM sightings t WHERE t.item = s.item
    ORDER BY t.published IS NULL, t.published, t.path LIMIT 1)";

const ITEM_COLUMNS: &str = "s.item, s.path, s.format, i.byte_len, t.text, s.map, s.lang, s.meta, s.parent
     FROM sightings s JOIN items i ON i.id = s.item JOIN texts t ON t.hash = s.text";

/// Which texts of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTexts {
    /// What messages say.
    Words,
    /// What was attached to messages, other messages left out.
    Attachments,
}

impl Case {
    /// Files read before with the same reader and parameters (`reader`, a digest of them).
    pub fn sources_read(&self, reader: &[u8; 32]) -> Result<BTreeSet<ReadSource>, StoreError> {
        let mut query = self.db.prepare_cached("SELECT path, digest FROM sources WHERE reader = ?1")?;
        let rows = query.query_map([reader], |row| {
            Ok(ReadSource { path: row.get(0)?, digest: ItemId::from_digest(row.get(1)?) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Add what was read, all of it or, when this fails, none. The originals are kept before (see
    /// [`Case::originals`]); `reader` is a digest of the reader's version and parameters.
    pub fn add(&mut self, reader: &[u8; 32], batch: &Batch) -> Result<Added, StoreError> {
        self.transact(|db, operation| {
            let mut added = Added::default();
            let mut changed = false;
            for source in &batch.sources {
                changed |= add_source(db, operation, reader, source)?;
            }
            for read in &batch.items {
                changed |= add_item(db, operation, read, &mut added)?;
            }
            for read in &batch.messages {
                changed |= messages::add_message(db, operation, read, &mut added)?;
            }
            for progress in &batch.progress {
                changed |= messages::add_progress(db, operation, reader, progress)?;
            }
            for (source, diagnostic) in &batch.diagnostics {
                changed |= add_diagnostic(db, operation, source, diagnostic)?;
            }
            Ok((changed, added))
        })
    }

    /// Number of items.
    pub fn item_count(&self) -> Result<usize, StoreError> {
        let count: i64 = self.db.query_row("SELECT count(*) FROM items", [], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Ids and paths of all items, by path, then id.
    pub fn item_list(&self) -> Result<Vec<(ItemId, String)>, StoreError> {
        let mut query = self.db.prepare_cached(&format!(
            "SELECT s.item, s.path FROM sightings s WHERE {PRIMARY} ORDER BY s.path, s.item"
        ))?;
        let rows = query.query_map([], |row| Ok((ItemId::from_digest(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The items with these ids, in the order of the ids; ids the case does not have are passed over.
    pub fn items(&self, ids: &[ItemId]) -> Result<Vec<Item>, StoreError> {
        let mut query =
            self.db.prepare_cached(&format!("SELECT {ITEM_COLUMNS} WHERE s.item = ?1 AND {PRIMARY}"))?;
        let mut items = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(item) = query.query_row([id.as_bytes()], |row| Ok(item_of(row))).optional()? {
                items.push(item?);
            }
        }
        Ok(items)
    }

    /// Items that came with mail, and the bytes of their texts together.
    pub fn mail_texts(&self, which: MailTexts) -> Result<(BTreeSet<ItemId>, u64), StoreError> {
        let chosen = match which {
            MailTexts::Words => "s.format = 'mail'",
            MailTexts::Attachments => "s.format <> 'mail' AND s.parent IS NOT NULL",
        };
        let mut query = self.db.prepare_cached(&format!(
            "SELECT s.item, octet_length(t.text) FROM sightings s JOIN texts t ON t.hash = s.text
             WHERE {chosen} AND {PRIMARY}"
        ))?;
        let (mut ids, mut bytes) = (BTreeSet::new(), 0);
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            ids.insert(ItemId::from_digest(row.get(0)?));
            bytes += u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
        }
        Ok((ids, bytes))
    }

    /// Go through the sightings that the engines do not get, by path: byte-for-byte copies of an item seen elsewhere,
    /// each with the path the item goes by.
    pub fn each_other_sighting(&self, mut take: impl FnMut(Sighting, &str)) -> Result<(), StoreError> {
        let mut query = self.db.prepare_cached(&format!(
            "SELECT s.item, s.path, s.meta, {PRIMARY_PATH} FROM sightings s WHERE NOT {PRIMARY}
             ORDER BY s.path, s.item"
        ))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let meta: String = row.get(2)?;
            let sighting = Sighting {
                item: ItemId::from_digest(row.get(0)?),
                path: row.get(1)?,
                meta: serde_json::from_str(&meta)?,
            };
            take(sighting, &row.get::<_, String>(3)?);
        }
        Ok(())
    }

    /// The sightings that the engines do not get, by path, all at once.
    pub fn other_sightings(&self) -> Result<Vec<Sighting>, StoreError> {
        let mut sightings = Vec::new();
        self.each_other_sighting(|sighting, _| sightings.push(sighting))?;
        Ok(sightings)
    }

    /// The item that a path, an id or the start of an id (8 digits or more) names.
    pub fn find_item(&self, name: &str) -> Result<ItemId, StoreError> {
        let mut query = self.db.prepare_cached(
            "SELECT DISTINCT item FROM sightings
             WHERE path = ?1 OR (length(?1) >= 8 AND substr(lower(hex(item)), 1, length(?1)) = lower(?1)) LIMIT 2",
        )?;
        let found: Vec<[u8; 32]> = query.query_map([name], |row| row.get(0))?.collect::<Result<_, _>>()?;
        match found[..] {
            [id] => Ok(ItemId::from_digest(id)),
            [] => Err(StoreError::UnknownItem(name.to_owned())),
            _ => Err(StoreError::AmbiguousItem(name.to_owned())),
        }
    }

    /// Keep what an engine has to say of the whole case, in place of what it said before; `source` names the engine.
    pub fn replace_diagnostics(
        &mut self,
        source: &str,
        diagnostics: &[Diagnostic],
    ) -> Result<(), StoreError> {
        let mut bodies = diagnostics.iter().map(serde_json::to_string).collect::<Result<Vec<String>, _>>()?;
        bodies.sort();
        bodies.dedup();
        let mut query =
            self.db.prepare_cached("SELECT body FROM diagnostics WHERE source = ?1 ORDER BY body")?;
        let known = query.query_map([source], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        drop(query);
        if known == bodies {
            return Ok(());
        }
        self.transact(|db, operation| {
            db.prepare_cached("DELETE FROM diagnostics WHERE source = ?1")?.execute([source])?;
            for diagnostic in diagnostics {
                add_diagnostic(db, operation, source, diagnostic)?;
            }
            Ok((true, ()))
        })
    }

    /// Go through what could not be read or may be misread, by path, whatever the order it came in.
    pub fn each_diagnostic(&self, mut take: impl FnMut(Diagnostic)) -> Result<(), StoreError> {
        let mut query = self.db.prepare_cached("SELECT body FROM diagnostics ORDER BY path, hash")?;
        for body in query.query_map([], |row| row.get::<_, String>(0))? {
            take(serde_json::from_str(&body?)?);
        }
        Ok(())
    }

    /// What could not be read or may be misread, sorted: all of it at once.
    pub fn diagnostics(&self) -> Result<Vec<Diagnostic>, StoreError> {
        let mut diagnostics = Vec::new();
        self.each_diagnostic(|diagnostic| diagnostics.push(diagnostic))?;
        diagnostics.sort();
        Ok(diagnostics)
    }
}

/// Note that a file was read; what was said of the file as it was before is forgotten when it was not read then.
fn add_source(
    db: &Transaction,
    operation: i64,
    reader: &[u8; 32],
    source: &ReadSource,
) -> Result<bool, StoreError> {
    let changed = db
        .prepare_cached(
            "INSERT INTO sources (path, digest, reader, operation) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET reader = excluded.reader, operation = excluded.operation
             WHERE reader <> excluded.reader",
        )?
        .execute(params![source.path, source.digest.as_bytes(), reader, operation])?;
    if changed > 0 {
        let begun = db
            .prepare_cached("DELETE FROM mailbox_progress WHERE path = ?1 AND digest = ?2")?
            .execute(params![source.path, source.digest.as_bytes()])?;
        // What was said while a mailbox was read in pieces stays.
        if begun == 0 {
            db.prepare_cached("DELETE FROM diagnostics WHERE source = ?1")?.execute([&source.path])?;
        }
    }
    Ok(changed > 0)
}

fn add_item(
    db: &Transaction,
    operation: i64,
    read: &ReadItem,
    added: &mut Added,
) -> Result<bool, StoreError> {
    let item = &read.item;
    let id = item.id.as_bytes();
    let length = i64::try_from(item.byte_len).unwrap_or(i64::MAX);
    let new = db
        .prepare_cached(
            "INSERT OR IGNORE INTO items (id, byte_len, kept, operation) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![id, length, read.kept.code(), operation])?;
    if new == 0 && read.kept == Kept::Copy {
        db.prepare_cached("UPDATE items SET kept = 'copy' WHERE id = ?1 AND kept <> 'copy'")?
            .execute([id])?;
    }
    added.items += new;
    let known = sighting(db, item.id, &item.path)?;
    let (lang, meta) = match &known {
        Some(known) => known.joined_with(item),
        None => (item.lang, item.meta.clone()),
    };
    let meta = serde_json::to_string(&meta)?;
    let published = item.meta.published.map(jiff::Timestamp::as_microsecond);
    let text = text_hash(&item.text);
    let map = serde_json::to_string(&item.map)?;
    if known.as_ref().is_some_and(|known| known.text == text && known.lang == lang && known.meta_json == meta)
    {
        return Ok(new > 0);
    }
    db.prepare_cached("INSERT OR IGNORE INTO texts (hash, text) VALUES (?1, ?2)")?
        .execute(params![text, item.text])?;
    db.prepare_cached(
        "INSERT OR REPLACE INTO sightings
         (item, path, format, lang, meta, published, text, map, parent, operation)
         VALUES (?1, ?2, ?3, ?4, ?5, coalesce(?6, ?7), ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        id,
        item.path,
        tag(&item.format)?,
        tag(&lang)?,
        meta,
        published,
        known.as_ref().and_then(|known| known.published),
        text,
        map,
        item.parent.as_ref().map(ItemId::as_bytes),
        operation
    ])?;
    added.sightings += usize::from(known.is_none());
    // What the engines found may rest on what has just changed.
    db.prepare_cached("DELETE FROM findings WHERE item = ?1")?.execute([id])?;
    Ok(true)
}

/// What is known of a sighting when it is met again.
struct Known {
    text: [u8; 32],
    lang: Lang,
    meta: ItemMeta,
    meta_json: String,
    published: Option<i64>,
}

impl Known {
    /// What is said now wins over what was said before; what is not said now is kept.
    fn joined_with(&self, item: &Item) -> (Lang, ItemMeta) {
        let (new, old) = (&item.meta, &self.meta);
        let meta = ItemMeta {
            title: new.title.clone().or_else(|| old.title.clone()),
            outlet: new.outlet.clone().or_else(|| old.outlet.clone()),
            byline: new.byline.clone().or_else(|| old.byline.clone()),
            url: new.url.clone().or_else(|| old.url.clone()),
            published: new.published.or(old.published),
            published_raw: new.published_raw.clone().or_else(|| old.published_raw.clone()),
            lang_tag: new.lang_tag.clone().or_else(|| old.lang_tag.clone()),
        };
        let lang = if new.lang_tag.is_none() && old.lang_tag.is_some() { self.lang } else { item.lang };
        (lang, meta)
    }
}

fn sighting(db: &Connection, item: ItemId, path: &str) -> Result<Option<Known>, StoreError> {
    let row = db
        .prepare_cached("SELECT text, lang, meta, published FROM sightings WHERE item = ?1 AND path = ?2")?
        .query_row(params![item.as_bytes(), path], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get(3)?))
        })
        .optional()?;
    row.map(|(text, lang, meta_json, published)| {
        let meta = serde_json::from_str(&meta_json)?;
        Ok(Known { text, lang: untag(&lang)?, meta, meta_json, published })
    })
    .transpose()
}

fn add_diagnostic(
    db: &Transaction,
    operation: i64,
    source: &str,
    diagnostic: &Diagnostic,
) -> Result<bool, StoreError> {
    let body = serde_json::to_string(diagnostic)?;
    let hash: [u8; 32] = Sha256::digest(body.as_bytes()).into();
    let new = db
        .prepare_cached(
            "INSERT OR IGNORE INTO diagnostics (hash, path, source, body, operation) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![hash, diagnostic.path, source, body, operation])?;
    Ok(new > 0)
}

pub(crate) fn text_hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// A unit enum as the word it serialises to.
pub(crate) fn tag(value: &impl serde::Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(StoreError::Corrupt(other.to_string())),
    }
}

pub(crate) fn untag<T: serde::de::DeserializeOwned>(word: &str) -> Result<T, StoreError> {
    Ok(serde_json::from_value(serde_json::Value::String(word.to_owned()))?)
}

fn item_of(row: &Row) -> Result<Item, StoreError> {
    let format: String = row.get(2)?;
    let map: String = row.get(5)?;
    let lang: String = row.get(6)?;
    let meta: String = row.get(7)?;
    Ok(Item {
        id: ItemId::from_digest(row.get(0)?),
        path: row.get(1)?,
        format: untag::<Format>(&format)?,
        byte_len: u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
        text: row.get(4)?,
        map: serde_json::from_str::<TextMap>(&map)?,
        lang: untag::<Lang>(&lang)?,
        meta: serde_json::from_str(&meta)?,
        parent: row.get::<_, Option<[u8; 32]>>(8)?.map(ItemId::from_digest),
    })
}
