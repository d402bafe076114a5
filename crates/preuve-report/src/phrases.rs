//! Whole sentences in both languages, made from figures and names: the headline of the case, an accusation in
//! plain words, what must be known first.

use preuve_case::{Act, Claim, MailVerdict};

use crate::ReportLang;
use crate::mail::MailFigures;
use crate::summary::interval;
use crate::view::Figures;

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phrase {
    pub en: String,
    pub fr: String,
}

impl Phrase {
    pub(crate) fn new(en: impl Into<String>, fr: impl Into<String>) -> Self {
        Self { en: en.into(), fr: fr.into() }
    }

    pub(crate) fn get(&self, lang: ReportLang) -> &str {
        match lang {
            ReportLang::En => &self.en,
            ReportLang::Fr => &self.fr,
        }
    }
}

/// `3 articles`, `1 article`: the figure and its noun.
pub(crate) fn counted(count: usize, en: [&str; 2], fr: [&str; 2]) -> Phrase {
    Phrase::new(
        format!("{count} {}", en[usize::from(count != 1)]),
        // French counts 0 and 1 as singular.
        format!("{count}\u{a0}{}", fr[usize::from(count > 1)]),
    )
}

/// The case in one sentence: `36 articles, 18 text origins, 10 accusations`.
pub(crate) fn headline(figures: &Figures) -> Phrase {
    let mut parts = Vec::new();
    if figures.articles > 0 || figures.mail.is_none() {
        parts.push(counted(figures.articles, ["article", "articles"], ["article", "articles"]));
    }
    if let Some(origins) = figures.text_origins.filter(|_| figures.articles > 0 || figures.mail.is_none()) {
        parts.push(counted(
            origins,
            ["text origin", "text origins"],
            ["texte d’origine", "textes d’origine"],
        ));
    }
    if let Some(mail) = &figures.mail {
        parts.push(counted(mail.messages, ["mail message", "mail messages"], ["courriel", "courriels"]));
    }
    // A case of mail alone is not about accusations, unless some were found.
    if let Some(claims) = figures.claims.filter(|&claims| claims > 0 || figures.mail.is_none()) {
        parts.push(counted(claims, ["accusation", "accusations"], ["accusation", "accusations"]));
    }
    let join = |side: fn(&Phrase) -> &str| parts.iter().map(side).collect::<Vec<_>>().join(", ");
    Phrase::new(join(|part| &part.en), join(|part| &part.fr))
}

/// `24 articles, 13 text origins, 2 independent sources`.
pub(crate) fn counts(claim: &Claim) -> Phrase {
    let articles = counted(claim.carried_by.len(), ["article", "articles"], ["article", "articles"]);
    let origins = counted(
        claim.text_origins.len(),
        ["text origin", "text origins"],
        ["texte d’origine", "textes d’origine"],
    );
    let sources = interval(claim.independent_sources);
    let many = claim.independent_sources.at_most;
    Phrase::new(
        format!(
            "{}, {}, {sources} independent {}",
            articles.en,
            origins.en,
            if many == 1 { "source" } else { "sources" }
        ),
        format!(
            "{}, {}, {sources}\u{a0}{}",
            articles.fr,
            origins.fr,
            if many > 1 { "sources indépendantes" } else { "source indépendante" }
        ),
    )
}

/// The accusation as a heading that does not take it for true: `Karsland is accused of hacking Civic Union`,
/// « Karsland aurait piraté Civic Union » (the French conditional of what is only said).
pub(crate) fn accusation(accused: &str, act: Act, target: Option<&str>) -> Phrase {
    let (en, fr) = act_words(act, target.is_some());
    let target = target.map(|target| format!(" {target}")).unwrap_or_default();
    let accused = capitalised(accused);
    Phrase::new(format!("{accused} is accused of {en}{target}"), format!("{accused} {fr}{target}"))
}

/// A sentence begins with a capital, whatever the name does inside one.
fn capitalised(name: &str) -> String {
    let mut rest = name.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

fn act_words(act: Act, targeted: bool) -> (&'static str, &'static str) {
    match (act, targeted) {
        (Act::Hack, true) => ("hacking", "aurait piraté"),
        (Act::Hack, false) => ("hacking", "aurait commis un piratage"),
        (Act::Phish, true) => ("phishing", "aurait mené une campagne d’hameçonnage visant"),
        (Act::Phish, false) => ("phishing", "aurait mené une campagne d’hameçonnage"),
        (Act::Leak, true) => ("leaking documents of", "aurait fait fuiter des documents touchant"),
        (Act::Leak, false) => ("leaking documents", "aurait fait fuiter des documents"),
        (Act::Forge, true) => {
            ("forging or altering documents about", "aurait falsifié des documents touchant")
        }
        (Act::Forge, false) => ("forging or altering documents", "aurait falsifié des documents"),
        (Act::Disinform, true) => {
            ("spreading disinformation aimed at", "aurait mené une campagne de désinformation visant")
        }
        (Act::Disinform, false) => ("spreading disinformation", "aurait diffusé de la désinformation"),
        (Act::Interfere, true) => ("interfering with", "aurait mené une ingérence visant"),
        (Act::Interfere, false) => ("interfering", "aurait mené une ingérence"),
        (Act::Spy, true) => ("spying on", "aurait espionné"),
        (Act::Spy, false) => ("spying", "aurait mené un espionnage"),
        (Act::Plot, true) => ("plotting against", "aurait préparé un complot visant"),
        (Act::Plot, false) => ("plotting", "aurait préparé un complot"),
        (Act::Fund, true) => ("secretly paying", "aurait financé en secret"),
        (Act::Fund, false) => ("paying in secret", "aurait versé de l’argent en secret"),
        (Act::Other, true) => ("another act against", "aurait commis un autre acte visant"),
        (Act::Other, false) => ("another act", "aurait commis un autre acte"),
    }
}

/// What must be known before anything else is read, in order of weight, each with the part of the page that has
/// the rest of it.
pub(crate) fn caveats(figures: &Figures) -> Vec<(Phrase, &'static str)> {
    let claims = figures.claims.unwrap_or(0);
    let found = [
        (claims > 0 && figures.claims_collapsed < claims).then(|| (not_collapsed(), "claims")),
        (figures.single_source > 0).then(|| (single_source(figures.single_source), "claims")),
        (figures.errors > 0).then(|| (not_read(figures.errors), "unread")),
        (figures.damaged > 0).then(|| (damaged(figures), "unread")),
        (figures.unhandled_language > 0).then(|| (unhandled(figures.unhandled_language), "unread")),
        (figures.unexamined > 0).then(|| (unexamined(figures.unexamined), "articles")),
    ];
    let mail = figures.mail.iter().flat_map(mail_caveats);
    found.into_iter().flatten().chain(mail).collect()
}

/// What must be known of the mail.
fn mail_caveats(mail: &MailFigures) -> Vec<(Phrase, &'static str)> {
    let count = |wanted: &[MailVerdict]| wanted.iter().filter_map(|verdict| mail.verdicts.get(verdict)).sum();
    let broken: usize = count(&[MailVerdict::Altered, MailVerdict::HeadersIntactBodyChanged]);
    let partial: usize = count(&[MailVerdict::ValidPartial]);
    let unknown: usize = count(&[MailVerdict::KeyUnknown]);
    let unsigned: usize =
        count(&[MailVerdict::Unsigned, MailVerdict::UnverifiableFormat, MailVerdict::Malformed]);
    let found = [
        (broken > 0).then(|| (not_as_signed(broken), "messages")),
        (partial > 0).then(|| (signed_in_part(partial), "messages")),
        (mail.lures > 0).then(|| (like_lures(mail.lures), "messages")),
        (mail.inconsistent > 0).then(|| (does_not_fit(mail.inconsistent), "messages")),
        (unknown > 0).then(|| (keys_missing(unknown, mail.missing_keys), "mail-keys")),
        (unsigned > 0).then(|| (not_checkable(unsigned), "mail-keys")),
    ];
    found.into_iter().flatten().collect()
}

fn not_as_signed(count: usize) -> Phrase {
    let are = counted(
        count,
        ["message is not, in this form, what was signed", "messages are not, in this form, what was signed"],
        [
            "courriel n’est pas, sous cette forme, celui qui a été signé",
            "courriels ne sont pas, sous cette forme, ceux qui ont été signés",
        ],
    );
    Phrase::new(
        format!("{}: alteration, or damage on the way.", are.en),
        format!("{}\u{a0}: altération, ou dommage en chemin.", are.fr),
    )
}

fn signed_in_part(count: usize) -> Phrase {
    let show =
        counted(count, ["message shows", "messages show"], ["courriel affiche", "courriels affichent"]);
    Phrase::new(
        format!("{} more than what is signed: anybody may have written the rest.", show.en),
        format!("{} plus que ce qui est signé\u{a0}: n’importe qui a pu écrire le reste.", show.fr),
    )
}

fn like_lures(count: usize) -> Phrase {
    let bear = counted(count, ["message bears", "messages bear"], ["courriel porte", "courriels portent"]);
    Phrase::new(
        format!("{} traits of mail made to deceive its reader. Follow no link in such mail.", bear.en),
        format!("{} des traits de courrier fait pour tromper. N’en suivez aucun lien.", bear.fr),
    )
}

fn does_not_fit(count: usize) -> Phrase {
    let hold = counted(
        count,
        ["message holds something that does not fit", "messages hold something that does not fit"],
        [
            "courriel contient quelque chose qui ne concorde pas",
            "courriels contiennent quelque chose qui ne concorde pas",
        ],
    );
    Phrase::new(
        format!("{}: a time, a route, a type, a thread.", hold.en),
        format!("{}\u{a0}: une heure, un trajet, un type, un fil.", hold.fr),
    )
}

fn keys_missing(messages: usize, keys: usize) -> Phrase {
    let could = counted(
        messages,
        ["signed message could not be checked", "signed messages could not be checked"],
        ["courriel signé n’a pas pu être vérifié", "courriels signés n’ont pas pu être vérifiés"],
    );
    let keys = counted(keys, ["key is", "keys are"], ["clé manque", "clés manquent"]);
    Phrase::new(
        format!("{}: {} missing. That says nothing for or against them.", could.en, keys.en),
        format!("{}\u{a0}: {}. Cela ne dit rien pour ou contre eux.", could.fr, keys.fr),
    )
}

fn not_checkable(count: usize) -> Phrase {
    let bear = counted(
        count,
        ["message bears nothing that can be checked", "messages bear nothing that can be checked"],
        [
            "courriel ne porte rien qui puisse être vérifié",
            "courriels ne portent rien qui puisse être vérifié",
        ],
    );
    Phrase::new(format!("{}.", bear.en), format!("{}.", bear.fr))
}

fn not_collapsed() -> Phrase {
    Phrase::new(
        "Copies and translations are not collapsed: the upper bound of independent sources may count one text several times.",
        "Les copies et les traductions ne sont pas regroupées\u{a0}: la borne haute des sources indépendantes peut compter plusieurs fois le même texte.",
    )
}

fn not_read(count: usize) -> Phrase {
    let pieces = counted(
        count,
        ["piece of the material", "pieces of the material"],
        ["élément du dossier n’a pas pu être lu", "éléments du dossier n’ont pas pu être lus"],
    );
    Phrase::new(
        format!("{} could not be read, or not in full.", pieces.en),
        format!("{}, du moins en partie.", pieces.fr),
    )
}

fn unhandled(count: usize) -> Phrase {
    let articles =
        counted(count, ["article is", "articles are"], ["article est rédigé", "articles sont rédigés"]);
    Phrase::new(
        format!("{} in a language that is not handled; nothing was looked for there.", articles.en),
        format!("{} dans une langue non prise en charge\u{a0}; rien n’y a été cherché.", articles.fr),
    )
}

fn unexamined(count: usize) -> Phrase {
    let articles = counted(
        count,
        ["article was", "articles were"],
        ["article n’a pas été examiné", "articles n’ont pas été examinés"],
    );
    Phrase::new(
        format!("{} not examined for who says what.", articles.en),
        format!("{} pour savoir qui dit quoi.", articles.fr),
    )
}

fn damaged(figures: &Figures) -> Phrase {
    let shows =
        counted(figures.damaged, ["article shows", "articles show"], ["article porte", "articles portent"]);
    let machine = match figures.machine_translated {
        0 => Phrase::new("", ""),
        count => {
            let are = counted(
                count,
                ["is taken for a machine translation", "are taken for machine translations"],
                ["passe pour une traduction automatique", "passent pour des traductions automatiques"],
            );
            Phrase::new(format!(" {}.", are.en), format!(" {}.", are.fr))
        }
    };
    Phrase::new(
        format!(
            "{} the damage that machine translation and careless copying leave: names and meaning may be off.{}",
            shows.en, machine.en
        ),
        format!(
            "{} des traces de traduction automatique ou de copie hâtive\u{a0}: noms et sens peuvent être faussés.{}",
            shows.fr, machine.fr
        ),
    )
}

fn single_source(count: usize) -> Phrase {
    if count == 1 {
        return Phrase::new(
            "1 accusation is carried by several articles, but at most one source stands behind it.",
            "1\u{a0}accusation est portée par plusieurs articles, mais repose sur une source au plus.",
        );
    }
    Phrase::new(
        format!(
            "{count} accusations are carried by several articles each, but at most one source stands behind each."
        ),
        format!(
            "{count}\u{a0}accusations sont portées chacune par plusieurs articles, mais reposent chacune sur une source au plus."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTS: [Act; 10] = [
        Act::Hack,
        Act::Phish,
        Act::Leak,
        Act::Forge,
        Act::Disinform,
        Act::Interfere,
        Act::Spy,
        Act::Plot,
        Act::Fund,
        Act::Other,
    ];

    #[test]
    fn english_counts_none_as_many_and_french_as_one() {
        let shown = |count| {
            let phrase = counted(count, ["article", "articles"], ["article", "articles"]);
            (phrase.en, phrase.fr)
        };
        assert_eq!(shown(0), ("0 articles".to_owned(), "0\u{a0}article".to_owned()));
        assert_eq!(shown(1), ("1 article".to_owned(), "1\u{a0}article".to_owned()));
        assert_eq!(shown(2), ("2 articles".to_owned(), "2\u{a0}articles".to_owned()));
    }

    #[test]
    fn no_heading_takes_an_accusation_for_true() {
        for act in ACTS {
            for target in [Some("the port"), None] {
                let heading = accusation("Teldor", act, target);
                assert!(heading.en.starts_with("Teldor is accused of "), "{}", heading.en);
                assert!(heading.fr.starts_with("Teldor aurait "), "{}", heading.fr);
                assert_eq!(heading.en.ends_with(" the port"), target.is_some());
                assert_eq!(heading.fr.ends_with(" the port"), target.is_some());
            }
        }
    }

    #[test]
    fn a_heading_begins_with_a_capital() {
        assert_eq!(accusation("état X", Act::Hack, None).en, "État X is accused of hacking");
        assert_eq!(accusation("", Act::Hack, None).en, " is accused of hacking");
    }

    #[test]
    fn verbs_agree_with_their_figures() {
        assert!(single_source(1).en.starts_with("1 accusation is"));
        assert!(single_source(3).fr.contains("accusations sont portées"));
        assert!(not_read(2).fr.contains("n’ont pas pu être lus"));
        assert!(unhandled(1).fr.contains("article est rédigé"));
        assert!(unexamined(4).en.starts_with("4 articles were"));
    }
}
