//! The reasons of a claim in plain words, English and French, and the sentence that states it.
//!
//! Every sentence comes from a rule that `docs/methods/weighing.md` names.

use std::collections::BTreeSet;

use preuve_case::{Act, Evidence, Why};

use crate::roster::ActorId;
use crate::sources::{Doubt, Ground, Origin, Source, Sources};
use crate::standing::Facts;
use crate::story::Story;

/// A phrase in both languages of the report.
pub(crate) struct Phrase {
    pub en: String,
    pub fr: String,
}

/// What the reasons are made of.
pub(crate) struct Telling<'a> {
    pub story: &'a Story,
    pub ground: &'a Ground<'a>,
    pub sources: &'a Sources,
    pub facts: &'a Facts,
    pub carriers: &'a BTreeSet<usize>,
    pub status_rule: &'static str,
    pub primary: Vec<String>,
    pub deniers: Vec<String>,
}

/// One sentence in English that states the claim.
pub(crate) fn gloss(story: &Story, ground: &Ground) -> String {
    let accused = capital(ground.roster.name(story.accused));
    let target = story.target.map(|target| ground.roster.name(target));
    let done = match (story.act, target) {
        (Act::Hack, Some(target)) => format!("hacked {target}"),
        (Act::Hack, None) => "hacked into systems or accounts".to_owned(),
        (Act::Phish, Some(target)) => format!("sent phishing messages to {target}"),
        (Act::Phish, None) => "sent phishing messages".to_owned(),
        (Act::Leak, Some(target)) => format!("passed on material taken from {target}"),
        (Act::Leak, None) => "passed on material that was not public".to_owned(),
        (Act::Forge, Some(target)) => format!("forged or altered documents of {target}"),
        (Act::Forge, None) => "forged or altered documents".to_owned(),
        (Act::Disinform, Some(target)) => format!("spread false information aimed at {target}"),
        (Act::Disinform, None) => "spread false information".to_owned(),
        (Act::Interfere, Some(target)) => format!("meddled in the affairs of {target}"),
        (Act::Interfere, None) => "meddled in an election or process".to_owned(),
        (Act::Spy, Some(target)) => format!("spied on {target}"),
        (Act::Spy, None) => "spied".to_owned(),
        (Act::Plot, Some(target)) => format!("plotted against {target}"),
        (Act::Plot, None) => "plotted a crime".to_owned(),
        (Act::Fund, Some(target)) => format!("paid {target} in secret"),
        (Act::Fund, None) => "made secret payments".to_owned(),
        (Act::Other, Some(target)) => format!("did wrong to {target}"),
        (Act::Other, None) => "did wrong".to_owned(),
    };
    format!("{accused} {done}.")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// How a source is called.
pub(crate) fn source_name(source: &Source, ground: &Ground) -> Phrase {
    let name = |actor: ActorId| ground.roster.name(actor).to_owned();
    match (&source.origin, source.doubt) {
        (Origin::Actor(actor), _) | (Origin::Medium(actor), Doubt::Medium | Doubt::OwnWord) => {
            Phrase { en: name(*actor), fr: name(*actor) }
        }
        (Origin::Medium(actor), _) => Phrase {
            en: format!("unnamed sources cited by {}", name(*actor)),
            fr: format!("sources anonymes citées par {}", name(*actor)),
        },
        (Origin::Text(text), _) => Phrase {
            en: format!("unnamed sources cited in {}", ground.items[*text].path),
            fr: format!("sources anonymes citées dans {}", ground.items[*text].path),
        },
        (Origin::Papers(genre), _) => Phrase { en: format!("the {genre}"), fr: papers_fr(genre).to_owned() },
    }
}

fn papers_fr(genre: &str) -> &'static str {
    match genre {
        "accounts or register" => "les comptes ou le registre",
        "court filing" => "la pièce de procédure",
        "technical log" => "le journal technique",
        "report" => "le rapport",
        "leaked papers" => "les documents divulgués",
        "statement or post" => "la déclaration ou le message",
        _ => "le document",
    }
}

/// The reasons, count first, then status.
pub(crate) fn why(telling: &Telling) -> Vec<Why> {
    let mut reasons = count_reasons(telling);
    reasons.extend(doubt_reasons(telling));
    reasons.extend(aside_reasons(telling));
    reasons.push(status_reason(telling));
    reasons
}

fn reason(rule: &str, en: String, fr: String, mentions: Vec<usize>) -> Why {
    Why { rule: rule.to_owned(), en, fr, mentions }
}

fn count_reasons(telling: &Telling) -> Vec<Why> {
    let mut reasons = Vec::new();
    let ground = telling.ground;
    let firm: Vec<&Source> =
        telling.sources.list.iter().filter(|source| source.doubt == Doubt::None).collect();
    let names: Vec<Phrase> = firm.iter().map(|source| source_name(source, ground)).collect();
    let places: Vec<usize> = firm.iter().flat_map(|source| source.told.iter().copied()).collect();
    let en = list(names.iter().map(|name| name.en.as_str()), "and");
    let fr = list(names.iter().map(|name| name.fr.as_str()), "et");
    match firm.len() {
        0 => reasons.push(reason(
            "count.no_firm_source",
            "No named source is seen to speak from its own knowledge.".to_owned(),
            "Aucune source nommée ne parle ici d’après ce qu’elle sait elle-même.".to_owned(),
            Vec::new(),
        )),
        1 => reasons.push(reason(
            "count.one_source",
            format!("One source speaks from its own knowledge: {en}."),
            format!("Une seule source parle d’après ce qu’elle sait elle-même : {fr}."),
            places,
        )),
        n => reasons.push(reason(
            "count.sources_differ",
            format!("{n} sources speak from their own knowledge: {en}."),
            format!("{n} sources parlent d’après ce qu’elles savent elles-mêmes : {fr}."),
            places,
        )),
    }
    let roots: BTreeSet<usize> = telling.carriers.iter().map(|item| ground.origins.roots[*item]).collect();
    let (items, texts) = (telling.carriers.len(), roots.len());
    if !ground.origins.known {
        reasons.push(reason(
            "count.copies_not_collapsed",
            "Copies and translations have not been collapsed yet, so the lower bound stays at one."
                .to_owned(),
            "Les copies et traductions n’ont pas encore été regroupées ; le minimum reste donc à un."
                .to_owned(),
            Vec::new(),
        ));
    } else if items > texts {
        reasons.push(reason(
            "count.copies_collapsed",
            format!("{items} items carry it; they go back to {}.", plural(texts, "text", "texts")),
            format!(
                "{items} documents le reprennent ; ils remontent à {}.",
                plural(texts, "texte", "textes")
            ),
            telling.sources.copied.clone(),
        ));
    }
    reasons
}

fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn list<'a>(names: impl Iterator<Item = &'a str>, and: &str) -> String {
    let names: Vec<&str> = names.collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, head)) => format!("{} {and} {last}", head.join(", ")),
    }
}

/// One reason for each kind of doubt that opens the interval.
fn doubt_reasons(telling: &Telling) -> Vec<Why> {
    let kinds = [
        Doubt::Unnamed,
        Doubt::NoSide,
        Doubt::Medium,
        Doubt::OwnWord,
        Doubt::NoAuthor,
        Doubt::Points,
        Doubt::Repeats,
        Doubt::Rewrite,
    ];
    let mut reasons = Vec::new();
    for kind in kinds {
        let doubted: Vec<&Source> =
            telling.sources.list.iter().filter(|source| source.doubt == kind).collect();
        if doubted.is_empty() {
            continue;
        }
        let names: Vec<Phrase> = doubted.iter().map(|source| source_name(source, telling.ground)).collect();
        let en = capital(&list(names.iter().map(|name| name.en.as_str()), "and"));
        let fr = capital(&list(names.iter().map(|name| name.fr.as_str()), "et"));
        let (rule, en_why, fr_why) = doubt_words(kind);
        let places = doubted.iter().flat_map(|source| source.told.iter().copied()).collect();
        reasons.push(reason(rule, format!("{en}: {en_why}."), format!("{fr} : {fr_why}."), places));
    }
    reasons
}

fn doubt_words(doubt: Doubt) -> (&'static str, &'static str, &'static str) {
    match doubt {
        Doubt::None | Doubt::Unnamed => (
            "count.unnamed",
            "not named, so perhaps a source counted already; counted in the upper bound only",
            "sans nom, donc peut-être une source déjà comptée ; ne compte que dans le maximum",
        ),
        Doubt::NoSide => (
            "count.no_side",
            "the items do not say for whom this person speaks; counted in the upper bound only",
            "les documents ne disent pas au nom de qui cette personne parle ; ne compte que dans le maximum",
        ),
        Doubt::Medium => (
            "count.cited_medium",
            "cited, but its own report is not in the case; counted in the upper bound only",
            "cité, mais son propre article n’est pas au dossier ; ne compte que dans le maximum",
        ),
        Doubt::OwnWord => (
            "count.own_word",
            "says so on its own word and may rest on a source counted already; counted in the upper bound only",
            "l’affirme sur sa seule parole et tient peut-être d’une source déjà comptée ; ne compte que dans le maximum",
        ),
        Doubt::NoAuthor => (
            "count.no_author",
            "a document whose author is not told; counted in the upper bound only",
            "un document dont l’auteur n’est pas dit ; ne compte que dans le maximum",
        ),
        Doubt::Points => (
            "count.points_elsewhere",
            "points to somebody else instead of speaking from own knowledge; counted in the upper bound only",
            "renvoie à quelqu’un d’autre au lieu de parler d’après ce qu’il sait ; ne compte que dans le maximum",
        ),
        Doubt::Repeats => (
            "count.repeats",
            "confirms what another found and shows nothing of its own; counted in the upper bound only",
            "confirme ce qu’un autre a trouvé sans rien montrer de propre ; ne compte que dans le maximum",
        ),
        Doubt::Rewrite => (
            "count.only_in_rewrite",
            "named only in a rewrite of another text; counted in the upper bound only",
            "nommé seulement dans la réécriture d’un autre texte ; ne compte que dans le maximum",
        ),
    }
}

/// What was set aside: relays, people pointed to, an analyst's links.
fn aside_reasons(telling: &Telling) -> Vec<Why> {
    let mut reasons = Vec::new();
    let ground = telling.ground;
    let sources = telling.sources;
    if !sources.relayed.is_empty() {
        let media: BTreeSet<&str> = sources
            .relayed
            .iter()
            .filter_map(|place| {
                let told = &telling.story.told[*place];
                told.speaker.or(ground.media[told.item])
            })
            .map(|actor| ground.roster.name(actor))
            .collect();
        let (en, fr) = (list(media.iter().copied(), "and"), list(media.iter().copied(), "et"));
        reasons.push(reason(
            "count.relay",
            format!("Relays add nothing to the count; the sources they cite are counted instead: {en}."),
            format!("Un relais n’ajoute rien au compte ; ce sont les sources citées qui comptent : {fr}."),
            sources.relayed.clone(),
        ));
    }
    for (points, to) in &sources.pointed {
        let (points, to) = (ground.roster.name(*points), ground.roster.name(*to));
        reasons.push(reason(
            "count.hearsay",
            format!("{points} says that {to} said so; {to} is not heard itself and does not count for that."),
            format!(
                "{points} dit que {to} l’aurait dit ; {to} n’est pas entendu et ne compte pas pour cela."
            ),
            Vec::new(),
        ));
    }
    for (a, b, link) in &ground.origins.judged {
        if telling.carriers.contains(a) || telling.carriers.contains(b) {
            let (a, b, why) = (ground.items[*a].path, ground.items[*b].path, &link.why);
            let (en, fr) = if link.linked { ("linked", "relie") } else { ("separated", "sépare") };
            reasons.push(reason(
                "count.analyst",
                format!("An analyst {en} {a} and {b}: {why}"),
                format!("Un analyste {fr} {a} et {b} : {why}"),
                Vec::new(),
            ));
        }
    }
    reasons
}

fn status_reason(telling: &Telling) -> Why {
    let rule = telling.status_rule;
    let places = telling.facts.behind(rule).to_vec();
    let deniers = |and: &str| list(telling.deniers.iter().map(String::as_str), and);
    let speakers = |and: &str| {
        let ground = telling.ground;
        let names: BTreeSet<&str> = places
            .iter()
            .filter_map(|place| telling.story.told[*place].speaker)
            .map(|speaker| ground.roster.name(ground.sides.side(speaker)))
            .collect();
        list(names.into_iter(), and)
    };
    let (en, fr) = match rule {
        "status.withdrawn" => (
            format!("Taken back by who made it: {}.", speakers("and")),
            format!("Retiré par qui l’avait avancé : {}.", speakers("et")),
        ),
        "status.official" => (
            format!("A public authority attributes it after its own examination: {}.", speakers("and")),
            format!("Une autorité publique l’attribue après son propre examen : {}.", speakers("et")),
        ),
        "status.disowned" => (
            format!("The source it is put to says the opposite: {}.", speakers("and")),
            format!("La source à qui on le prête dit le contraire : {}.", speakers("et")),
        ),
        "status.insinuation" => (
            "Nobody states it outright: it is only asked or held possible.".to_owned(),
            "Personne ne l’affirme franchement : c’est une question ou une hypothèse.".to_owned(),
        ),
        "status.disputed" if telling.deniers.is_empty() => {
            ("It is denied.".to_owned(), "C’est démenti.".to_owned())
        }
        "status.disputed" => {
            (format!("Denied by {}.", deniers("and")), format!("Démenti par {}.", deniers("et")))
        }
        "status.evidence" => (
            format!("Evidence is {}, and nobody here denies it.", evidence_en(telling)),
            format!("Des éléments sont {}, et personne ici ne dément.", evidence_fr(telling)),
        ),
        _ => {
            ("No evidence is offered for it.".to_owned(), "Aucun élément n’est produit à l’appui.".to_owned())
        }
    };
    reason(rule, en, fr, places)
}

fn evidence_en(telling: &Telling) -> &'static str {
    if telling.facts.best == Some(Evidence::Shown) { "shown" } else { "pointed to" }
}

fn evidence_fr(telling: &Telling) -> &'static str {
    if telling.facts.best == Some(Evidence::Shown) { "montrés" } else { "invoqués" }
}
