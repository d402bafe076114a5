//! Domains: which one an address names, and how two relate (RFC 7489 §3.1, §3.2).

use preuve_case::Alignment;

/// How signing domain `signer` relates to all the domains of From; the weakest relation counts, and a From that
/// names nobody is aligned with nobody.
pub fn alignment(signer: &str, from: &[String]) -> Alignment {
    from.iter().map(|domain| align(signer, domain)).max().unwrap_or(Alignment::None)
}

fn align(signer: &str, from: &str) -> Alignment {
    if signer == from {
        return Alignment::Strict;
    }
    match (organisational(signer), organisational(from)) {
        (Some(a), Some(b)) if a == b => Alignment::Relaxed,
        _ => Alignment::None,
    }
}

/// The organisational domain by the public suffix list: one label below the public suffix.
pub fn organisational(domain: &str) -> Option<&str> {
    psl::domain_str(domain.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organisation_aligns_and_a_public_suffix_does_not() {
        let from = |domain: &str| vec![domain.to_owned()];
        assert_eq!(alignment("a.example", &from("a.example")), Alignment::Strict);
        assert_eq!(alignment("mail.a.co.uk", &from("a.co.uk")), Alignment::Relaxed);
        assert_eq!(alignment("a.co.uk", &from("b.co.uk")), Alignment::None);
        assert_eq!(alignment("co.uk", &from("a.co.uk")), Alignment::None);
        assert_eq!(alignment("a.example", &[]), Alignment::None);
    }

    #[test]
    fn one_stranger_in_from_spoils_the_alignment() {
        let from = ["a.example".to_owned(), "b.example".to_owned()];
        assert_eq!(alignment("a.example", &from), Alignment::None);
    }
}
