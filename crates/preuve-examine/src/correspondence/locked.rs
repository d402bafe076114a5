//! Does an archive ask for a password? Told from its headers alone; nothing is unpacked.

/// Files of an archive that are looked at; folders, which are never encrypted, may come first.
const MOST_FILES: usize = 16;

/// Is a file in the ZIP or RAR archive `content` encrypted, or are its headers? Limit: of a ZIP whose first files do
/// not tell their length, only these are seen.
pub(super) fn is_locked(content: &[u8]) -> bool {
    if let Some(rest) = content.strip_prefix(b"Rar!\x1a\x07\x01\0") {
        // RAR 5: checksum, size, type; a header of type 4 says that the others are encrypted.
        return rest.get(5) == Some(&4);
    }
    let mut at = 0usize;
    for _ in 0..MOST_FILES {
        let Some(header) = content.get(at..).and_then(|rest| rest.first_chunk::<30>()) else { return false };
        if !header.starts_with(b"PK\x03\x04") {
            return false;
        }
        // Bit 0 of the flags: encrypted (APPNOTE §4.4.4).
        if header[6] & 1 == 1 {
            return true;
        }
        let short = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let packed = u32::from_le_bytes([header[18], header[19], header[20], header[21]]) as usize;
        if header[6] & 8 != 0 && packed == 0 {
            return false;
        }
        at = at.saturating_add(30 + short(26) + short(28)).saturating_add(packed);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(flags: u8, name: &[u8], content: &[u8]) -> Vec<u8> {
        let mut out = b"PK\x03\x04\x14\0".to_vec();
        out.extend([
            flags,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            content.len() as u8,
            0,
            0,
            0,
            content.len() as u8,
            0,
            0,
            0,
        ]);
        out.extend([name.len() as u8, 0, 0, 0]);
        out.extend(name);
        out.extend(content);
        out
    }

    #[test]
    fn an_encrypted_file_is_seen_behind_a_folder() {
        let open = [file(0, b"papers/", b""), file(0, b"papers/a", b"open")].concat();
        let locked = [file(0, b"papers/", b""), file(1, b"papers/a", b"shut")].concat();
        assert!(!is_locked(&open));
        assert!(is_locked(&locked));
        assert!(!is_locked(&file(8, b"a", b"")));
        assert!(is_locked(b"Rar!\x1a\x07\x01\0\x01\x02\x03\x04\x0a\x04"));
        assert!(!is_locked(b"PK\x03\x04"));
        assert!(!is_locked(b""));
    }
}
