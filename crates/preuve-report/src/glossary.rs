//! The words of the report and what they mean, and what the report does not say, in both languages.

use crate::words::Words;

/// A word and its meaning.
pub(crate) const ENTRIES: [(Words, Words); 16] = [
    (
        Words::new("Attribution", "Attribution"),
        Words::new(
            "A place where the text says that someone says something: a source, a cue such as “said” or “according to”, a content.",
            "Un passage où le texte dit que quelqu’un dit quelque chose\u{a0}: une source, un marqueur comme «\u{a0}a déclaré\u{a0}» ou «\u{a0}selon\u{a0}», un propos.",
        ),
    ),
    (
        Words::new("Accusation", "Accusation"),
        Words::new(
            "Someone says that someone did something to someone. Here it brings together every place that names the same act by the same accused.",
            "Quelqu’un dit que quelqu’un a fait quelque chose à quelqu’un. Elle réunit ici tous les passages qui prêtent le même acte au même mis en cause.",
        ),
    ),
    (
        Words::new("Text origin", "Texte d’origine"),
        Words::new(
            "What is left when copies, revisions, excerpts, translations and rewrites of one text are taken together.",
            "Ce qui reste quand les copies, mises à jour, extraits, traductions et réécritures d’un même texte sont regroupés.",
        ),
    ),
    (
        Words::new("Independent sources", "Sources indépendantes"),
        Words::new(
            "Those who know it themselves and do not have it from one another. Given as an interval where the material leaves it open.",
            "Celles qui le savent par elles-mêmes et ne le tiennent pas l’une de l’autre. Un intervalle, quand les documents laissent la question ouverte.",
        ),
    ),
    (
        Words::new("Unsupported", "Sans appui"),
        Words::new("Asserted; no evidence is offered.", "Affirmée\u{a0}; aucune preuve n’est avancée."),
    ),
    (
        Words::new("Evidence pointed to", "Preuves invoquées"),
        Words::new(
            "A report, a log, a filing or another body is named as evidence; the article does not show it.",
            "Un rapport, un journal technique, un acte ou un autre organisme est cité comme preuve\u{a0}; l’article ne le montre pas.",
        ),
    ),
    (
        Words::new("Disputed", "Contestée"),
        Words::new("Someone denies or contradicts it.", "Quelqu’un la dément ou la contredit."),
    ),
    (
        Words::new("Withdrawn", "Retirée"),
        Words::new(
            "Whoever made it took it back; articles that took it over may still stand.",
            "Son auteur est revenu dessus\u{a0}; des articles qui l’avaient reprise peuvent rester en ligne.",
        ),
    ),
    (
        Words::new("Officially attributed", "Attribuée officiellement"),
        Words::new(
            "A public authority makes it after its own examination. That is no proof either.",
            "Une autorité publique la porte après son propre examen. Ce n’est pas non plus une preuve.",
        ),
    ),
    (
        Words::new("Asserts, confirms", "Affirme, confirme"),
        Words::new(
            "States it; or says that what another stated is so.",
            "L’énonce\u{a0}; ou dit que ce qu’un autre énonce est exact.",
        ),
    ),
    (
        Words::new("Denies, questions", "Dément, met en doute"),
        Words::new(
            "Says that it is not so; or doubts it or asks. Both belong to the accusation they answer.",
            "Dit que cela n’est pas\u{a0}; ou en doute, ou pose la question. Les deux se rattachent à l’accusation visée.",
        ),
    ),
    (
        Words::new("Speculates, declines to comment", "Suppose, refuse de commenter"),
        Words::new(
            "Holds it possible; or will not say.",
            "Le tient pour possible\u{a0}; ou ne veut rien dire.",
        ),
    ),
    (
        Words::new("None given, and the text says so", "Aucune preuve fournie, le texte le dit"),
        Words::new(
            "Stronger than silence: the article itself notes that no evidence came with it.",
            "Plus fort que le silence\u{a0}: l’article note lui-même qu’aucune preuve n’a été donnée.",
        ),
    ),
    (
        Words::new("At a distance", "Avec distance"),
        Words::new(
            "The text does not make it its own: “allegedly”, or the French and Spanish conditional of rumour.",
            "Le texte ne le reprend pas à son compte\u{a0}: «\u{a0}présumé\u{a0}», ou le conditionnel de rumeur.",
        ),
    ),
    (
        Words::new("Copy, revision, excerpt, translation", "Copie, mise à jour, extrait, traduction"),
        Words::new(
            "The same text again: as it was, later by the same outlet, in part, in another language.",
            "Le même texte de nouveau\u{a0}: tel quel, plus tard par le même média, en partie, dans une autre langue.",
        ),
    ),
    (
        Words::new("Rewrite, relay", "Réécriture, reprise"),
        Words::new(
            "The story retold from the text in other words; or told that another reported it, without its text.",
            "Le récit repris du texte en d’autres mots\u{a0}; ou l’annonce qu’un autre l’a publié, sans son texte.",
        ),
    ),
];

/// Words of the mail part.
pub(crate) const MAIL_ENTRIES: [(Words, Words); 6] = [
    (
        Words::new("Signature (DKIM)", "Signature (DKIM)"),
        Words::new(
            "A seal that the sending mail system puts on a message: on the header fields that it names, and on the text. It is made with a secret key; anybody who has the public one can check it.",
            "Un sceau que le serveur d’envoi appose sur un message\u{a0}: sur les champs d’en-tête qu’il nomme, et sur le texte. Il est fait avec une clé secrète\u{a0}; quiconque a la clé publique peut le vérifier.",
        ),
    ),
    (
        Words::new("Key, selector", "Clé, sélecteur"),
        Words::new(
            "The public key is published under a name made of a selector and the domain. Domains change their keys and withdraw old ones; an archive keeps what was published once.",
            "La clé publique est publiée sous un nom fait d’un sélecteur et du domaine. Les domaines changent de clé et retirent les anciennes\u{a0}; une archive garde ce qui a été publié.",
        ),
    ),
    (
        Words::new("Signed, not signed", "Signé, non signé"),
        Words::new(
            "Whether a piece of the message lies inside the signature that decides the verdict. What lies outside may have been written by anybody, at any time.",
            "Si une partie du message est couverte par la signature qui décide du verdict. Ce qui ne l’est pas a pu être écrit par n’importe qui, à tout moment.",
        ),
    ),
    (
        Words::new("Chain (ARC)", "Chaîne (ARC)"),
        Words::new(
            "Seals of systems that passed the message on, each over those before it. They say what each of them saw, not who wrote the message.",
            "Les sceaux des serveurs qui ont transmis le message, chacun portant sur les précédents. Ils disent ce que chacun a vu, non qui a écrit le message.",
        ),
    ),
    (
        Words::new("Thread, gap", "Fil, lacune"),
        Words::new(
            "Messages that answer one another. A gap is a message that others name by its number and that is not in this material.",
            "Des messages qui se répondent. Une lacune est un message que d’autres citent par son numéro et qui n’est pas dans ce dossier.",
        ),
    ),
    (
        Words::new("Lure", "Leurre"),
        Words::new(
            "Mail made to get its reader to give away a password or to open a file. The report names traits; a trait is no proof.",
            "Un courriel fait pour amener son lecteur à livrer un mot de passe ou à ouvrir un fichier. Le rapport relève des traits\u{a0}; un trait n’est pas une preuve.",
        ),
    ),
];

/// What the report does not say of mail.
pub(crate) const MAIL_LIMITS: [Words; 3] = [
    Words::new(
        "It does not say who sat at the keyboard. A signature speaks for a domain’s mail system.",
        "Il ne dit pas qui était au clavier. Une signature engage le serveur de courrier d’un domaine.",
    ),
    Words::new(
        "A message without a signature, or whose key is lost, may be genuine all the same.",
        "Un message sans signature, ou dont la clé est perdue, peut très bien être authentique.",
    ),
    Words::new(
        "Genuine messages can be chosen, left out and put beside forged ones. The report cannot see what was left out.",
        "Des messages authentiques peuvent être triés, écartés et mêlés à des faux. Le rapport ne voit pas ce qui a été écarté.",
    ),
];

/// What the report does not say.
pub(crate) const LIMITS: [Words; 6] = [
    Words::new(
        "It does not say who did it. It says who says so, on what evidence, and who contradicts.",
        "Il ne dit pas qui est l’auteur des faits. Il dit qui l’affirme, sur quelles preuves, et qui le conteste.",
    ),
    Words::new(
        "Many independent sources do not make a thing true; one source does not make it false.",
        "Beaucoup de sources indépendantes ne rendent pas une chose vraie\u{a0}; une seule ne la rend pas fausse.",
    ),
    Words::new(
        "“Nobody denies it here” means in this material, not in the world.",
        "«\u{a0}Démentie par personne\u{a0}» vaut pour ces documents, pas pour le monde.",
    ),
    Words::new(
        "An accusation that the program did not recognise is missing, and nothing marks the gap.",
        "Une accusation que le programme n’a pas reconnue manque, et rien ne signale cette absence.",
    ),
    Words::new(
        "A link between two texts is inferred from the texts. Two reporters at one press conference can look alike.",
        "Un lien entre deux textes est déduit des textes. Deux journalistes à la même conférence de presse peuvent se ressembler.",
    ),
    Words::new(
        "Findings are the program’s. Where a person judged otherwise, the report says so in so many words.",
        "Les constats sont ceux du programme. Quand une personne en a jugé autrement, le rapport le dit expressément.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_keeps_its_typography() {
        let texts = ENTRIES
            .iter()
            .chain(&MAIL_ENTRIES)
            .flat_map(|entry| [entry.0, entry.1])
            .chain(LIMITS)
            .chain(MAIL_LIMITS);
        for words in texts {
            for wrong in ["'", " ;", " :", " ?", " !", "« ", " »"] {
                assert!(!words.fr.contains(wrong), "`{wrong}` in {}", words.fr);
            }
        }
    }
}
