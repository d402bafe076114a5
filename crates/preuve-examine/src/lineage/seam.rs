//! Words of grammar and endings: what tells a seam between two glued words from an ordinary long word.
//!
//! Limit: small lists for English, French and Spanish, chosen so that no word of the language is cut by them.

use preuve_case::Lang;

/// First parts of compounds that are words of their own.
const COMBINING: &str = "contre entre porte photo radio super hyper inter multi micro macro cyber socio outre arrière \
    avant demi sobre contra medio centro auto moto retro électro ultra infra extra vidéo euro narco franco trans haute \
    under over every other while where when what there guerre guarda video haut quelle celle toute petit neuro psycho \
    métro mètre agro latino ciber";
/// Words that are also endings of longer words.
const ENDINGS: &str = "ment mente ments tion sion able ables ible ance ence ante antes iste istes ismo isme ista istas \
    ique ques ción ados idos aire aires erie elle elles ette ettes esse eurs euse eras erai eront aient mento mentos \
    miento ville logue logie logía mètre mètres graphe grafía phone forme formes land like less ness ship ward wide \
    person woman women selves arse erse irse arla arlo erlo arlos arlas erla nous vous gente ntes teur teurs rice rices";
const DOMAINS: &str = "com org net info example gov edu html news press tech site blog online media test invalid local \
    jpeg docx json onion";
const ABBREVIATIONS: &str = "art cf etc fig no op pp sept oct nov dec dic févr janv vol ed env ext tel inc gov sen rep \
    gen col st vs al ca approx sec min max av bd pág núm sr sra dr dra ud uds ee uu jan feb mar apr jun jul aug sep \
    ene abr ago am pm";

fn listed(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|listed| listed == word)
}

/// Whether `word` ends a web or mail address.
pub(super) fn is_top_level_domain(word: &str) -> bool {
    word.len() == 2 && word.is_ascii() || listed(DOMAINS, word)
}

/// Whether a stop after `word` marks an abbreviation.
pub(super) fn is_abbreviation(word: &str) -> bool {
    listed(ABBREVIATIONS, word)
}

/// First parts of compounds.
pub(super) fn is_combining(left: &str) -> bool {
    listed(COMBINING, left)
}

/// Words that are also endings.
pub(super) fn is_word_ending(right: &str) -> bool {
    listed(ENDINGS, right)
}

/// Auxiliaries that a name may be glued to.
pub(super) fn is_auxiliary(lang: Lang, word: &str) -> bool {
    match lang {
        Lang::Fr => listed("était étaient avait avaient aurait auraient serait", word),
        Lang::Es => listed("había habían estaba estaban habría habrían", word),
        _ => false,
    }
}

/// Words of grammar that no name of the language ends in by derivation.
pub(super) fn is_grammar(lang: Lang, word: &str) -> bool {
    let list = match lang {
        Lang::Fr => "la du une qui que avec dans pour mais dont",
        Lang::Es => "la una que con para por del como pero desde hasta",
        _ => "the and that with from which were have they their",
    };
    listed(list, word)
}

/// Words of grammar, short ones too, that can only be another word after a plural or a finite verb.
pub(super) fn is_short_grammar(lang: Lang, word: &str) -> bool {
    match lang {
        Lang::Fr => listed("et de la le les des du en un une par sur que qui aux au dans", word),
        Lang::Es => listed("de la el los las en que por con un una del al como y", word),
        _ => false,
    }
}

/// Endings of a word that takes no suffix: after it, a word of grammar is one of its own.
pub(super) fn is_closed(lang: Lang, word: &str) -> bool {
    let list = match lang {
        Lang::Fr => "és ées ons nts eux",
        Lang::Es => "ción ciones dad dades aron ieron ados adas idos",
        _ => return false,
    };
    list.split_whitespace().any(|ending| word.ends_with(ending))
}

/// Endings of finite verbs in the narrative tenses.
pub(super) fn has_finite_ending(lang: Lang, word: &str) -> bool {
    let list = match lang {
        Lang::Fr => "era eront erait eraient aient èrent",
        Lang::Es => "aron ieron aban arán erán",
        _ => return false,
    };
    list.split_whitespace().any(|ending| word.ends_with(ending))
}

/// Endings of verbs and adverbs.
pub(super) fn has_verbal_ending(lang: Lang, word: &str) -> bool {
    has_finite_ending(lang, word)
        || match lang {
            Lang::Fr => word.ends_with("ait") || word.ends_with("ement"),
            Lang::Es => word.ends_with("mente") || word.ends_with("aba"),
            _ => word.ends_with("ly"),
        }
}

/// Endings after which few suffixes follow.
pub(super) fn is_inflected(lang: Lang, word: &str) -> bool {
    let list = match lang {
        Lang::Fr => "é és ée ées s aient",
        Lang::Es => "ó ados adas idos idas aron ieron os as",
        _ => return false,
    };
    list.split_whitespace().any(|ending| word.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_word_by_word() {
        assert!(is_combining("cyber") && !is_combining("cyb") && !is_combining(""));
        assert!(is_top_level_domain("fr") && is_top_level_domain("example") && !is_top_level_domain("étés"));
        assert!(is_abbreviation("sept") && !is_abbreviation("septembre"));
    }

    #[test]
    fn endings_belong_to_their_language() {
        assert!(has_finite_ending(Lang::Fr, "informera") && !has_finite_ending(Lang::Es, "informera"));
        assert!(
            has_verbal_ending(Lang::Es, "supuestamente") && !has_finite_ending(Lang::En, "supuestamente")
        );
        assert!(is_closed(Lang::Es, "investigación") && !is_closed(Lang::En, "nation"));
        assert!(is_short_grammar(Lang::Fr, "aux") && !is_short_grammar(Lang::En, "de"));
    }
}
