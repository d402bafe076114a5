//! Mailboxes of Outlook that are cut, damaged or made to mislead: what is wrong is told with its place, the rest is
//! read, nothing panics, loops or grows.

use preuve_testkit::{PstAttachment, PstEncoding, PstFlaw, PstForm, PstMessage, PstPlan, planted_pst};
use proptest::prelude::*;

use crate::common::{Kept, read};
use crate::pst::{folder, letter, plan};

fn flawed(flaw: PstFlaw) -> Kept {
    read(
        "mail.pst",
        &planted_pst(&PstPlan { flaw: Some(flaw), ..plan(PstForm::Unicode, PstEncoding::Permuted) }),
    )
}

/// A mailbox of 200 letters in one folder.
fn letters(form: PstForm) -> Vec<u8> {
    let messages = (0..200).map(|number| letter(&format!("Letter {number}"))).collect();
    planted_pst(&PstPlan { folders: vec![folder("Inbox", messages)], ..plan(form, PstEncoding::Permuted) })
}

/// Where the pages of a kind and level start.
fn pages(bytes: &[u8], kind: u8, level: u8) -> Vec<usize> {
    let starts = (0..bytes.len() / 512).map(|page| 512 * page);
    starts.filter(|at| bytes[at + 496..at + 498] == [kind, kind] && bytes[at + 491] == level).collect()
}

fn word(bytes: &[u8], at: usize) -> usize {
    usize::try_from(u64::from_le_bytes(bytes[at..at + 8].try_into().expect("8 bytes"))).expect("small")
}

#[test]
fn folders_within_themselves_lose_their_place_and_nothing_else() {
    let kept = flawed(PstFlaw::CircularFolders);
    assert_eq!(kept.items.len(), 8, "{:?}", kept.paths());
    assert!(kept.codes().contains(&"intake::mail_folders"), "{:?}", kept.codes());
}

#[test]
fn a_message_attached_to_itself_is_read_once() {
    let kept = flawed(PstFlaw::SelfAttached);
    assert_eq!(kept.messages.len(), 5, "the four and the one attached");
    assert!(
        kept.diagnostics.iter().any(|said| said.message.contains("nested too deep")),
        "{:?}",
        kept.diagnostics
    );
}

#[test]
fn lists_that_promise_gigabytes_or_never_end_cost_one_attachment() {
    let kept = flawed(PstFlaw::HugeLists);
    assert_eq!(kept.items.len(), 8, "what a list says of its length is not believed");
    let kept = flawed(PstFlaw::EndlessLists);
    assert_eq!(kept.items.len(), 7, "{:?}", kept.paths());
    assert!(
        kept.diagnostics.iter().any(|said| said.message.contains("list of blocks")),
        "{:?}",
        kept.diagnostics
    );
    assert!(kept.diagnostics.iter().any(|said| said.message.starts_with("2 of its attachments")));
}

#[test]
fn a_file_cut_anywhere_is_told_and_what_is_left_is_read() {
    for form in [PstForm::Ansi, PstForm::Unicode, PstForm::Large] {
        let whole = letters(form);
        let count = read("mail.pst", &whole).messages.len();
        assert_eq!(count, 200);
        for tenth in 1..10 {
            let kept = read("mail.pst", &whole[..whole.len() * tenth / 10]);
            let cut =
                kept.diagnostics.iter().find(|said| said.code == "intake::mail_cut").expect("it is told");
            assert_eq!(cut.bytes.map(|bytes| bytes.1), Some(whole.len() as u64), "{form:?}");
        }
        // The tree of nodes is written last: without its root, its leaves are found by looking for them.
        let kept = read("mail.pst", &whole[..whole.len() - if form == PstForm::Large { 4_096 } else { 512 }]);
        let least = if form == PstForm::Large { 150 } else { 190 };
        assert!(kept.messages.len() >= least, "{form:?}: {} of 200", kept.messages.len());
        assert!(kept.codes().contains(&"intake::mail_salvaged"), "{form:?}: {:?}", kept.codes());
    }
    for cut in [4, 11, 200, 511, 563] {
        assert_eq!(read("mail.pst", &letters(PstForm::Unicode)[..cut]).codes(), ["intake::mail_unreadable"]);
    }
}

#[test]
fn a_broken_page_of_nodes_costs_the_messages_in_it() {
    let mut bytes = letters(PstForm::Unicode);
    let leaf = pages(&bytes, 0x81, 0)[6];
    bytes[leaf..leaf + 512].fill(0x5A);
    let kept = read("mail.pst", &bytes);
    let lost = 200 - kept.messages.len();
    assert!((1..=15).contains(&lost), "{lost}");
    let told = kept.diagnostics.iter().find(|said| said.code == "intake::mail_index").expect("it is told");
    assert_eq!(told.bytes, Some((leaf as u64, leaf as u64 + 512)));
}

#[test]
fn broken_pages_above_the_leaves_cost_nothing() {
    for kind in [0x80, 0x81] {
        let mut bytes = letters(PstForm::Unicode);
        let upper = pages(&bytes, kind, 1)[0];
        bytes[upper + 496] = 0;
        let kept = read("mail.pst", &bytes);
        assert_eq!(kept.messages.len(), 200, "{kind:x}");
        assert!(kept.codes().contains(&"intake::mail_salvaged"), "{kind:x}: {:?}", kept.codes());
    }
}

#[test]
fn a_tree_that_leads_back_into_itself_ends() {
    let mut bytes = letters(PstForm::Unicode);
    let root = word(&bytes, 224);
    let (first, id) = (root + 8, word(&bytes, 216));
    // Every entry of the root leads to the root.
    for entry in 0..usize::from(bytes[root + 488]) {
        bytes[first + 24 * entry..first + 24 * entry + 8].copy_from_slice(&(id as u64).to_le_bytes());
        bytes[first + 24 * entry + 8..first + 24 * entry + 16].copy_from_slice(&(root as u64).to_le_bytes());
    }
    let kept = read("mail.pst", &bytes);
    assert_eq!(kept.messages.len(), 200);
    assert!(kept.codes().contains(&"intake::mail_index"), "{:?}", kept.codes());
}

#[test]
fn a_damaged_block_is_told_with_its_place() {
    let bytes = letters(PstForm::Unicode);
    let wanted = read("mail.pst", &bytes).messages.len();
    let (mut told, mut fewer) = (0, 0);
    for at in (0x6000..bytes.len() * 2 / 3).step_by(997) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x20;
        let kept = read("mail.pst", &bytes);
        told += usize::from(kept.diagnostics.iter().any(|said| {
            said.message.contains("byte")
                || said.bytes.is_some_and(|(start, end)| (start..end).contains(&(at as u64)))
        }));
        fewer += usize::from(kept.messages.len() < wanted);
        assert!(kept.messages.len() + 1 >= wanted, "{at}: one block is one message at most");
    }
    assert!(told > 100 && fewer > 0, "{told} told, {fewer} fewer");
}

#[test]
fn encrypted_and_unknown_files_are_named() {
    let mut bytes = letters(PstForm::Unicode);
    bytes[513] = 0x10;
    let kept = read("mail.pst", &bytes);
    assert_eq!(kept.codes(), ["intake::mail_unreadable"]);
    assert!(kept.diagnostics[0].message.contains("encrypted"), "{:?}", kept.diagnostics);
    bytes[10] = 99;
    assert!(read("mail.pst", &bytes).diagnostics[0].message.contains("version"));
    let noise = [b"!BDN".as_slice(), &[0xA5; 100_000]].concat();
    assert_eq!(read("noise.pst", &noise).codes(), ["intake::mail_unreadable"]);
}

#[test]
fn blocks_that_all_share_one_another_end_at_a_limit() {
    // A thousand messages that each have the same 200 attachments: every node is made to lead to the first message.
    let many = |name: &str| {
        let file = |number| PstAttachment::File(format!("{number}.txt"), vec![b'a'; 3_000]);
        PstMessage { attachments: (0..200).map(file).collect(), ..letter(name) }
    };
    let mut messages = vec![many("First")];
    messages.extend((0..1_000).map(|number| letter(&format!("Letter {number}"))));
    let plan =
        PstPlan { folders: vec![folder("Inbox", messages)], ..plan(PstForm::Unicode, PstEncoding::Plain) };
    let mut bytes = planted_pst(&plan);
    let entries: Vec<usize> = pages(&bytes, 0x81, 0)
        .into_iter()
        .flat_map(|page| (0..usize::from(bytes[page + 488])).map(move |entry| page + 32 * entry))
        .filter(|at| bytes[*at] & 0x1F == 4)
        .collect();
    let first = bytes[entries[0] + 8..entries[0] + 24].to_vec();
    for at in entries {
        bytes[at + 8..at + 24].copy_from_slice(&first);
    }
    let kept = read("mail.pst", &bytes);
    assert!(kept.messages.len() < 1_001, "{}", kept.messages.len());
    assert!(kept.diagnostics.iter().any(|said| said.message.contains("over and over")), "it is told");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever is changed, reading ends, within bounds, and something is told or read.
    #[test]
    fn damage_of_any_kind_is_survived(
        form in prop::sample::select(vec![PstForm::Ansi, PstForm::Unicode, PstForm::Large]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0usize..3), 1..40),
        moved in prop::option::of((any::<prop::sample::Index>(), any::<prop::sample::Index>())),
        kept_of in 1usize..=10,
    ) {
        let mut bytes = planted_pst(&plan(form, PstEncoding::Plain));
        // Most of the damage goes where structure is: the header and the indexes at the end.
        let end = bytes.len();
        for (place, value, part) in changes {
            let at = match part {
                0 => place.index(600),
                1 => end - 1 - place.index(end / 4),
                _ => place.index(end),
            };
            bytes[at] = value;
        }
        if let Some((from, to)) = moved {
            let (from, to) = (from.index(end / 512) * 512, to.index(end / 512) * 512);
            bytes.copy_within(from..(from + 512).min(end), to.min(end - 512));
        }
        if kept_of < 4 {
            bytes.truncate(end * (kept_of + 6) / 10);
        }
        bytes[..4].copy_from_slice(b"!BDN");
        let kept = read("mail.pst", &bytes);
        prop_assert!(!kept.diagnostics.is_empty());
        let held: usize = kept.messages.iter().map(|seen| seen.bytes.len()).sum();
        prop_assert!(held < 8 << 20, "{held}");
    }
}
