//! Speed of DKIM verification and agreement with `mail-auth`, on invented mail signed on the spot.
//!
//! usage: mail-peers write DIR COUNT BYTES | preuve DIR | mail-auth DIR | agree COUNT | honest DIR COUNT

mod peer;

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use preuve_case::MailVerdict;
use preuve_examine::authenticity::{KeyArchive, MailParams, verify_message};
use preuve_testkit::HonestMail;

use peer::Peer;

type Fallible<T> = Result<T, Box<dyn Error>>;

const PARAMS: MailParams = MailParams { in_mailbox: false, most_signatures: 50 };
/// Each engine goes over the messages so often; the best round counts.
const ROUNDS: usize = 5;

fn main() -> Fallible<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["write", folder, count, bytes] => write(Path::new(folder), count.parse()?, bytes.parse()?),
        ["preuve", folder] => preuve(Path::new(folder)),
        ["mail-auth", folder] => mail_auth(Path::new(folder)),
        ["agree", count] => agree(count.parse()?),
        ["honest", folder, count] => honest(Path::new(folder), count.parse()?),
        _ => Err("usage: mail-peers write DIR COUNT BYTES | preuve DIR | mail-auth DIR | agree COUNT | honest DIR COUNT".into()),
    }
}

fn write(folder: &Path, count: u64, bytes: usize) -> Fallible<()> {
    std::fs::create_dir_all(folder)?;
    let mail = HonestMail::usual();
    for index in 0..count {
        std::fs::write(folder.join(format!("{index:05}.eml")), mail.message(index, bytes))?;
    }
    std::fs::write(folder.join("keys.txt"), mail.archive_line())?;
    Ok(())
}

fn read(folder: &Path) -> Fallible<(Vec<Vec<u8>>, String)> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        paths.extend(path.extension().is_some_and(|extension| extension == "eml").then_some(path));
    }
    paths.sort();
    let messages = paths.iter().map(std::fs::read).collect::<Result<_, _>>()?;
    Ok((messages, std::fs::read_to_string(folder.join("keys.txt"))?))
}

/// Print a name, the best rate of some rounds in messages per processor second, and how many messages verified.
fn time(name: &str, messages: &[Vec<u8>], mut verify: impl FnMut(&[u8]) -> bool) {
    let mut best = 0.0f64;
    let mut verified = 0;
    for _ in 0..ROUNDS {
        let start = (processor_seconds(), Instant::now());
        verified = messages.iter().filter(|message| verify(message)).count();
        let spent = match (start.0, processor_seconds()) {
            (Some(before), Some(after)) => after - before,
            _ => start.1.elapsed().as_secs_f64(),
        };
        best = best.max(messages.len() as f64 / spent);
    }
    println!("{name}\t{best:.0}\t{verified}");
}

/// Processor time of this thread, where the system tells it.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = text.split_ascii_whitespace().next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e9)
}

fn preuve(folder: &Path) -> Fallible<()> {
    let (messages, lines) = read(folder)?;
    let mut keys = KeyArchive::default();
    keys.read("keys.txt", lines.as_bytes());
    time("preuve", &messages, |message| {
        verify_message(message, &keys, &PARAMS).verdict == MailVerdict::Valid
    });
    Ok(())
}

fn mail_auth(folder: &Path) -> Fallible<()> {
    let (messages, lines) = read(folder)?;
    let peer = Peer::new(&lines)?;
    time("mail-auth", &messages, |message| peer.verify(message));
    Ok(())
}

/// Both on honest mail of every form. Preuve must verify each; where the peer does not, it is told.
fn agree(count: u64) -> Fallible<()> {
    let (mut ours_wrong, mut theirs_wrong) = (0, 0);
    for seed in 0..count {
        let (message, lines) = HonestMail::any(seed);
        let mut keys = KeyArchive::default();
        keys.read("keys.txt", lines.as_bytes());
        let ours = verify_message(message.as_bytes(), &keys, &PARAMS);
        if ours.verdict != MailVerdict::Valid {
            ours_wrong += 1;
            println!("seed {seed}: preuve says {:?} {:?}", ours.verdict, ours.reasons);
        }
        if !Peer::new(&lines)?.verify(message.as_bytes()) {
            theirs_wrong += 1;
            let form = message.split("c=").nth(1).and_then(|rest| rest.split(';').next()).unwrap_or_default();
            let body = message.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            println!("seed {seed}: mail-auth does not verify it: c={form}, visible body {} bytes", body.trim().len());
        }
    }
    println!("honest mail of every form verified: preuve {} of {count}, mail-auth {} of {count}", count - ours_wrong, count - theirs_wrong);
    if ours_wrong == 0 { Ok(()) } else { Err("honest mail was not verified".into()) }
}

/// Write honest mail of every form, each message beside the archive of its key.
fn honest(folder: &Path, count: u64) -> Fallible<()> {
    std::fs::create_dir_all(folder)?;
    for seed in 0..count {
        let (message, lines) = HonestMail::any(seed);
        std::fs::write(folder.join(format!("{seed:05}.eml")), message)?;
        std::fs::write(folder.join(format!("{seed:05}.keys")), lines)?;
    }
    Ok(())
}
