//! The store, its folders and their messages.

use super::layout::Layout;
use super::properties::{Value, write_properties, write_table};
use super::{PstAttachment, PstFlaw, PstFolder, PstMessage, PstPlan};

/// Kinds of nodes, told by the last bits of their ids.
mod kind {
    pub(super) const FOLDER: u32 = 0x02;
    pub(super) const MESSAGE: u32 = 0x04;
    pub(super) const ATTACHMENT: u32 = 0x05;
    pub(super) const FOLDERS_OF: u32 = 0x0D;
    pub(super) const CONTENTS_OF: u32 = 0x0E;
    pub(super) const SETTINGS_OF: u32 = 0x0F;
}

/// The folder that holds all others.
const ROOT: u32 = 0x122;
/// A folder that no file of ours has.
const NOWHERE: u32 = 0x7_7762;
/// Identity of the store in the ids of its folders.
const STORE: [u8; 16] = *b"planted by tests";

/// The file that `plan` describes.
pub fn planted_pst(plan: &PstPlan) -> Vec<u8> {
    let mut writer = Writer {
        layout: Layout::new(plan.form, plan.encoding, plan.flaw),
        flaw: plan.flaw,
        next: 0x401,
        row: 0,
    };
    writer.write_store(plan.password);
    let top = PstFolder {
        name: "Top of Outlook data file".to_owned(),
        folders: plan.folders.clone(),
        messages: Vec::new(),
    };
    let all = PstFolder { name: String::new(), folders: vec![top], messages: Vec::new() };
    writer.write_folder(&all, ROOT, ROOT, 0);
    writer.layout.finish()
}

struct Writer {
    layout: Layout,
    flaw: Option<PstFlaw>,
    /// Number of the next node.
    next: u32,
    row: u32,
}

impl Writer {
    fn write_store(&mut self, password: u32) {
        let top = self.next << 5 | kind::FOLDER;
        let entry = [&[0; 4][..], &STORE, &top.to_le_bytes()].concat();
        let properties = vec![
            (0x0FF9, Value::Bytes(STORE.to_vec())),
            (0x3001, Value::Text("Planted mailbox".to_owned())),
            (0x35DF, Value::Number(1)),
            (0x35E0, Value::Bytes(entry)),
            (0x67FF, Value::Number(password)),
        ];
        let (data, inner) = write_properties(&mut self.layout, properties, Vec::new());
        self.layout.node(0x21, data, inner, 0);
        let names = vec![
            (0x0001, Value::Number(251)),
            (0x0002, Value::Bytes(STORE.to_vec())),
            // One property by number, of the first set of the list before.
            (0x0003, Value::Bytes(vec![0x01, 0x85, 0, 0, 3 << 1, 0, 0, 0])),
            (0x0004, Value::Bytes(vec![0; 4])),
        ];
        let (data, inner) = write_properties(&mut self.layout, names, Vec::new());
        self.layout.node(0x61, data, inner, 0);
    }

    fn new_node(&mut self, kind: u32) -> u32 {
        self.next += 1;
        (self.next - 1) << 5 | kind
    }

    /// The folder `id` in `parent`; `depth` counts from the folder that holds all.
    fn write_folder(&mut self, folder: &PstFolder, id: u32, parent: u32, depth: usize) {
        let ids: Vec<u32> = folder.folders.iter().map(|_| self.new_node(kind::FOLDER)).collect();
        let circular = self.flaw == Some(PstFlaw::CircularFolders) && depth == 2;
        let said = if circular { ids.first().copied().unwrap_or(parent) } else { parent };
        let lost = self.flaw == Some(PstFlaw::LostFolder) && depth == 2;
        let count = u32::try_from(folder.messages.len()).expect("few");
        let properties = vec![
            (0x3001, Value::Text(folder.name.clone())),
            (0x3602, Value::Number(count)),
            (0x3603, Value::Number(0)),
            (0x360A, Value::Truth(!ids.is_empty())),
        ];
        let (data, inner) = write_properties(&mut self.layout, properties, Vec::new());
        self.layout.node(id, data, inner, said);
        let below: Vec<(u32, Vec<Value>)> = ids
            .iter()
            .zip(&folder.folders)
            .map(|(id, folder)| (*id, vec![Value::Text(folder.name.clone()), Value::Number(0)]))
            .collect();
        let columns = [(0x3001, Value::Text(String::new())), (0x3602, Value::Number(0))];
        let (data, inner) = write_table(&mut self.layout, &columns, &below);
        self.layout.node(id & !0x1F | kind::FOLDERS_OF, data, inner, 0);
        let mut rows = Vec::new();
        for message in &folder.messages {
            let node = self.new_node(kind::MESSAGE);
            let (data, inner) = self.write_message(message, &mut 0);
            self.layout.node(node, data, inner, if lost { NOWHERE } else { id });
            rows.push((node, vec![Value::Text(message.class.clone())]));
        }
        for (kind, rows) in [(kind::CONTENTS_OF, rows), (kind::SETTINGS_OF, Vec::new())] {
            let (data, inner) = write_table(&mut self.layout, &[(0x001A, Value::Text(String::new()))], &rows);
            self.layout.node(id & !0x1F | kind, data, inner, 0);
        }
        for (below, folder) in ids.into_iter().zip(&folder.folders) {
            self.write_folder(folder, below, id, depth + 1);
        }
    }

    /// Data and inner nodes of a message; `parts` numbers the nodes within it.
    fn write_message(&mut self, message: &PstMessage, parts: &mut u32) -> (u64, u64) {
        let mut inner = Vec::new();
        if !message.recipients.is_empty() {
            let (data, nodes) = self.write_recipients(&message.recipients);
            inner.push((0x692, data, nodes));
        }
        let mut rows = Vec::new();
        for attachment in &message.attachments {
            *parts += 1;
            let node = (0x400 + *parts) << 5 | kind::ATTACHMENT;
            let (data, nodes) = self.write_attachment(attachment);
            inner.push((node, data, nodes));
            rows.push((node, vec![Value::Number(0), Value::Number(1)]));
        }
        if !rows.is_empty() {
            let columns = [(0x0E20, Value::Number(0)), (0x3705, Value::Number(0))];
            let (data, nodes) = write_table(&mut self.layout, &columns, &rows);
            inner.push((0x671, data, nodes));
        }
        write_properties(&mut self.layout, properties_of(message), inner)
    }

    fn write_recipients(&mut self, recipients: &[(u32, String, String)]) -> (u64, u64) {
        let text = || Value::Text(String::new());
        let columns = [
            (0x0C15, Value::Number(0)),
            (0x3001, text()),
            (0x3002, text()),
            (0x3003, text()),
            (0x39FE, text()),
        ];
        let rows: Vec<(u32, Vec<Value>)> = recipients
            .iter()
            .map(|(kind, name, address)| {
                self.row += 1;
                let address = Value::Text(address.clone());
                let values = vec![
                    Value::Number(*kind),
                    Value::Text(name.clone()),
                    Value::Text("SMTP".to_owned()),
                    address.clone(),
                    address,
                ];
                (self.row, values)
            })
            .collect();
        write_table(&mut self.layout, &columns, &rows)
    }

    fn write_attachment(&mut self, attachment: &PstAttachment) -> (u64, u64) {
        let mut properties = vec![(0x370B, Value::Number(u32::MAX))];
        let mut inner = Vec::new();
        let (name, method) = match attachment {
            PstAttachment::File(name, bytes) => {
                properties.push((0x3701, Value::Bytes(bytes.clone())));
                properties.push((0x0E20, Value::Number(u32::try_from(bytes.len()).expect("small"))));
                (name, 1)
            }
            PstAttachment::Message(name, message) => {
                let node = 0x600 << 5 | kind::MESSAGE;
                let (data, mut nodes) = self.write_message(message, &mut 0x100);
                if self.flaw == Some(PstFlaw::SelfAttached) {
                    nodes = self.attached_to_itself(node, data);
                }
                inner.push((node, data, nodes));
                properties.push((0x3701, Value::Object(node)));
                properties.push((0x0E20, Value::Number(0)));
                (name, 5)
            }
            PstAttachment::Elsewhere(name) => {
                properties.push((0x370D, Value::Text(format!("\\\\server.example\\{name}"))));
                properties.push((0x0E20, Value::Number(0)));
                (name, 2)
            }
        };
        properties.push((0x3705, Value::Number(method)));
        properties.push((0x3704, Value::Text(name.clone())));
        properties.push((0x3707, Value::Text(name.clone())));
        write_properties(&mut self.layout, properties, inner)
    }

    /// Inner nodes by which the message `data` is an attachment of itself: the list of them is in the list.
    fn attached_to_itself(&mut self, node: u32, data: u64) -> u64 {
        let properties = vec![
            (0x3701, Value::Object(node)),
            (0x3705, Value::Number(5)),
            (0x3707, Value::Text("again".to_owned())),
        ];
        let (attachment, _) = write_properties(&mut self.layout, properties, Vec::new());
        // The id that the list itself is going to have.
        let own = self.layout.coming() | 2;
        self.layout.inner(vec![(0x500 << 5 | kind::ATTACHMENT, attachment, own), (node, data, own)])
    }
}

fn properties_of(message: &PstMessage) -> Vec<(u16, Value)> {
    let text = |text: &str| Value::Text(text.to_owned());
    let shown = |kind: u32| {
        let names = message.recipients.iter().filter(|one| one.0 == kind).map(|one| one.1.as_str());
        names.collect::<Vec<_>>().join("; ")
    };
    let attached = if message.attachments.is_empty() { 1 } else { 0x11 };
    let mut properties = vec![
        (0x001A, text(&message.class)),
        (0x0037, text(&message.subject)),
        (0x0039, Value::Time(message.sent)),
        (0x0C1A, text(&message.sender.0)),
        (0x0C1E, text("SMTP")),
        (0x0C1F, text(&message.sender.1)),
        (0x0E03, text(&shown(2))),
        (0x0E04, text(&shown(1))),
        (0x0E06, Value::Time(message.sent)),
        (0x0E07, Value::Number(attached)),
        (0x1035, text(&message.message_id)),
        (0x3007, Value::Time(message.sent)),
        (0x3008, Value::Time(message.sent)),
    ];
    properties.extend(message.headers.as_deref().map(|headers| (0x007D, text(headers))));
    properties.extend(message.text.as_deref().map(|words| (0x1000, text(words))));
    if let Some((page, code_page)) = &message.page {
        properties.push((0x1013, Value::Bytes(page.clone())));
        properties.push((0x3FDE, Value::Number(*code_page)));
    }
    properties
}
