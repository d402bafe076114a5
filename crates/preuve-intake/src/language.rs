//! The language of a text: what is declared where the text bears it out, else what is detected.
//!
//! Short texts cannot be told apart reliably; then the declaration stands. A language that the engines do
//! not handle is said, never taken for a neighbour.

use preuve_case::{Diagnostic, Lang, Severity};

/// Bytes of text that are looked at.
const SAMPLE_BYTES: usize = 24 * 1024;
/// Letters from which trigram statistics can tell a handled language.
const ENOUGH_LETTERS: usize = 60;
/// Letters from which they can tell that it is none of them.
const ENOUGH_TO_REFUSE: usize = 120;

/// Words that are frequent in one language and rare in its neighbours (Portuguese, Catalan, Italian, Galician).
const FUNCTION_WORDS: [(Lang, &[&str]); 3] = [
    (
        Lang::En,
        &[
            "the", "and", "of", "to", "that", "said", "with", "was", "for", "by", "which", "have", "from",
            "were", "has", "been", "they", "their", "this", "who", "will", "not",
        ],
    ),
    (
        Lang::Fr,
        &[
            "les", "des", "est", "dans", "une", "et", "pour", "qui", "du", "sur", "aux", "avec", "ont", "ce",
            "qu", "n", "été", "était", "ses", "au", "cette", "leur", "sont", "pas", "plus",
        ],
    ),
    (
        Lang::Es,
        &[
            "el", "los", "las", "y", "según", "pero", "fue", "del", "una", "con", "ha", "más", "sus", "muy",
            "está", "ni", "ese", "había", "su", "han",
        ],
    ),
];

/// The language to work in, and what to say about it, if anything.
pub(crate) fn judge_language(text: &str, declared: Option<&str>) -> (Lang, Option<Diagnostic>) {
    let sample = &text[..text.floor_char_boundary(SAMPLE_BYTES)];
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let declared_lang = declared.map_or(Lang::Other, Lang::from_tag);
    let guess = whatlang::detect(sample).filter(whatlang::Info::is_reliable);
    let guessed = guess.as_ref().map_or(Lang::Other, |guess| Lang::from_tag(guess.lang().code()));
    let enough = if guessed == Lang::Other { ENOUGH_TO_REFUSE } else { ENOUGH_LETTERS };
    match guess.filter(|_| letters >= enough) {
        Some(guess) => believe(&guess, declared, declared_lang),
        None if declared_lang != Lang::Other => (declared_lang, None),
        None => match vote(sample) {
            Some(lang) if declared.is_none() => (lang, None),
            _ => (Lang::Other, Some(unsure(declared))),
        },
    }
}

fn believe(
    guess: &whatlang::Info,
    declared: Option<&str>,
    declared_lang: Lang,
) -> (Lang, Option<Diagnostic>) {
    let name = guess.lang().eng_name();
    let lang = Lang::from_tag(guess.lang().code());
    if lang == Lang::Other {
        let message =
            format!("reads as {name}, a language that is not handled; nothing is extracted from it");
        return (lang, Some(Diagnostic::new("", Severity::Error, "intake::language_unhandled", message)));
    }
    let contradicted = declared.filter(|_| declared_lang != lang).map(|declared| {
        let message = format!("declares language `{declared}`, but reads as {name}; taken as {name}");
        Diagnostic::new("", Severity::Note, "intake::language_misdeclared", message)
    });
    (lang, contradicted)
}

fn unsure(declared: Option<&str>) -> Diagnostic {
    let message = match declared {
        Some(tag) => {
            format!("declares language `{tag}`, which is not handled, and is too short to tell otherwise")
        }
        None => "the language could not be told; nothing is extracted from it".to_owned(),
    };
    Diagnostic::new("", Severity::Warning, "intake::language_unsure", message)
        .hint("name the language in the `lang` column of a `--metadata` file")
}

/// The language whose function words clearly prevail: three at least, and twice as many as the next.
fn vote(sample: &str) -> Option<Lang> {
    let lower = sample.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let hits = |list: &[&str]| words.iter().filter(|word| list.contains(word)).count();
    let mut counts: Vec<(usize, Lang)> =
        FUNCTION_WORDS.iter().map(|(lang, list)| (hits(list), *lang)).collect();
    counts.sort();
    let (best, lang) = counts.pop()?;
    let next = counts.pop().map_or(0, |(count, _)| count);
    (best >= 3 && best >= 2 * next && best * 10 >= words.len()).then_some(lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: &str = "The campaign said on Saturday that part of its mail had been stolen and blamed a hostile state \
        for it. A spokesman gave no evidence, and the ministry rejected the charge within hours, calling it theatre.";
    const FR: &str = "La campagne a dénoncé samedi le vol d’une partie de ses courriels et désigné un État hostile. \
        Son porte-parole n’a fourni aucune preuve et le ministère a rejeté l’accusation quelques heures plus tard.";
    const ES: &str = "La campaña denunció el sábado el robo de parte de sus correos y señaló a un Estado hostil. \
        Su portavoz no aportó prueba alguna y el ministerio rechazó la acusación unas horas más tarde.";

    fn code(text: &str, declared: Option<&str>) -> (Lang, Option<String>) {
        let (lang, diagnostic) = judge_language(text, declared);
        (lang, diagnostic.map(|diagnostic| diagnostic.code))
    }

    #[test]
    fn handled_languages_are_told() {
        for (text, lang) in [(EN, Lang::En), (FR, Lang::Fr), (ES, Lang::Es)] {
            assert_eq!(code(text, None), (lang, None));
            assert_eq!(code(text, Some(lang.code())), (lang, None));
        }
    }

    #[test]
    fn a_wrong_declaration_is_not_believed() {
        assert_eq!(code(FR, Some("en-US")), (Lang::Fr, Some("intake::language_misdeclared".to_owned())));
    }

    #[test]
    fn neighbours_are_not_taken_for_handled_ones() {
        let others = [
            "Die Kampagne erklärte am Samstag, ein Teil ihrer Nachrichten sei gestohlen worden, und beschuldigte einen \
             feindlichen Staat. Belege nannte der Sprecher nicht; das Ministerium wies den Vorwurf zurück.",
            "A campanha denunciou no sábado o roubo de parte das suas mensagens e apontou para um Estado hostil. O \
             porta-voz não apresentou qualquer prova e o ministério rejeitou a acusação poucas horas depois.",
            "La campagna ha denunciato sabato il furto di una parte dei suoi messaggi e ha indicato uno Stato ostile. \
             Il portavoce non ha fornito alcuna prova e il ministero ha respinto l'accusa poche ore dopo.",
            "La campanya va denunciar dissabte el robatori d'una part dels seus missatges i va assenyalar un estat \
             hostil. El portaveu no va aportar cap prova i el ministeri va rebutjar l'acusació unes hores després.",
            "Kampania poinformowała w sobotę, że część jej wiadomości została skradziona, i wskazała wrogie państwo. \
             Rzecznik nie przedstawił żadnych dowodów, a ministerstwo odrzuciło zarzut kilka godzin później.",
        ];
        for text in others {
            assert_eq!(
                code(text, None),
                (Lang::Other, Some("intake::language_unhandled".to_owned())),
                "{text}"
            );
            assert_eq!(code(text, Some("es")).0, Lang::Other, "{text}");
        }
    }

    #[test]
    fn short_texts_fall_back_to_the_declaration() {
        assert_eq!(code("Hackers!", Some("fr")), (Lang::Fr, None));
        assert_eq!(code("Hackers!", None), (Lang::Other, Some("intake::language_unsure".to_owned())));
        assert_eq!(code("Piratage", Some("de")), (Lang::Other, Some("intake::language_unsure".to_owned())));
    }

    #[test]
    fn function_words_tell_short_sentences() {
        assert_eq!(code("The ministry said that the charge was false.", None), (Lang::En, None));
        assert_eq!(
            code("Según el portavoz, los correos y las actas fueron robados.", None),
            (Lang::Es, None)
        );
        assert_eq!(
            code("Les courriels ont été volés dans la nuit, et des actes aussi.", None),
            (Lang::Fr, None)
        );
    }

    #[test]
    fn nothing_is_told_of_nothing() {
        assert_eq!(code("", None).0, Lang::Other);
        assert_eq!(code("12 : 40 — 7", None).0, Lang::Other);
    }
}
