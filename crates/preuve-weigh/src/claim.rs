//! A story and what was found about it, put together as a claim.
//!
//! Names become text here and nowhere else in the weighing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use preuve_case::{Claim, Evidence, Interval, ItemId, Mention};

use crate::fold::cut_words;
use crate::roster::ActorId;
use crate::sources::{Doubt, Ground, Sources, find_sources};
use crate::standing::{Facts, deniers};
use crate::story::Story;
use crate::wording::{self, Telling};

/// The claim of one story.
pub(crate) fn assemble(story: &Story, ground: &Ground) -> Claim {
    let sources = find_sources(story, ground);
    let facts = Facts::read(story, &sources, ground);
    let collapsed = ground.origins.known;
    let interval = |day: Option<Date>| {
        let found = sources.interval(day);
        if collapsed { found } else { Interval { at_least: found.at_least.min(1), ..found } }
    };
    let (status, rule) = facts.status(Some(Date::MAX));
    let carriers: BTreeSet<usize> =
        story.told.iter().map(|told| told.item).filter(|item| !facts.rejected_in.contains(item)).collect();
    let independent_sources = interval(Some(Date::MAX));
    let names = Names { ground, story };
    let telling = Telling {
        story,
        ground,
        sources: &sources,
        facts: &facts,
        carriers: &carriers,
        status_rule: rule,
        primary: names.primary(&sources),
        deniers: names.all(deniers(story, &facts, ground)),
    };
    Claim {
        id: names.id(),
        accused: ground.roster.name(story.accused).to_owned(),
        act: story.act,
        target: story.target.map(|target| ground.roster.name(target).to_owned()),
        gloss: wording::gloss(story, ground),
        text_origins: origins_of(carriers.iter(), ground),
        firsthand_origins: origins_of(sources.first_hand.intersection(&carriers), ground),
        carried_by: ids(&carriers, ground),
        rejected_in: ids(&facts.rejected_in, ground),
        independent_sources,
        copies_collapsed: collapsed,
        accusers: names.accusers(),
        best_evidence: facts.best.unwrap_or(Evidence::NoneStated),
        status,
        timeline: facts.timeline(&sources, interval),
        why: wording::why(&telling),
        primary_sources: telling.primary,
        denied_by: telling.deniers,
        mentions: mentions(story, ground),
    }
}

/// Most carriers first, then by id; an id that comes twice gets a number.
pub(crate) fn order(claims: &mut [Claim]) {
    claims.sort_by(|a, b| {
        (b.carried_by.len(), &a.id, &a.carried_by).cmp(&(a.carried_by.len(), &b.id, &b.carried_by))
    });
    let mut used: BTreeMap<String, u32> = BTreeMap::new();
    for claim in claims {
        let times = used.entry(claim.id.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            claim.id = format!("{}-{times}", claim.id);
        }
    }
}

fn ids(items: &BTreeSet<usize>, ground: &Ground) -> Vec<ItemId> {
    items.iter().map(|item| ground.items[*item].id).collect()
}

/// Names of the text origins of items: as lineage names them, else the path of the root.
fn origins_of<'a>(items: impl Iterator<Item = &'a usize>, ground: &Ground) -> Vec<String> {
    let roots: BTreeSet<usize> = items.map(|item| ground.origins.roots[*item]).collect();
    let mut names: Vec<String> = roots.into_iter().map(|root| ground.items[root].path.to_owned()).collect();
    names.sort();
    names
}

fn mentions(story: &Story, ground: &Ground) -> Vec<Mention> {
    let mention = |told: &crate::story::Told| {
        let said = &ground.items[told.item].attributions.attributions[told.attribution];
        Mention {
            item: ground.items[told.item].id,
            attribution: told.attribution,
            speaker: said.source_name.clone().or_else(|| said.source.as_ref().map(|part| part.text.clone())),
            stance: told.stance,
            evidence: told.evidence,
            hedged: told.hedged,
        }
    };
    story.told.iter().map(mention).collect()
}

struct Names<'a> {
    ground: &'a Ground<'a>,
    story: &'a Story,
}

impl Names<'_> {
    fn id(&self) -> String {
        let act = format!("{:?}", self.story.act).to_lowercase();
        let target = self.story.target.map_or("", |target| self.ground.roster.name(target));
        let parts = [self.ground.roster.name(self.story.accused), &act, target];
        let words = parts.iter().flat_map(|part| cut_words(part)).map(|word| word.text);
        words.collect::<Vec<_>>().join("-")
    }

    fn all(&self, actors: BTreeSet<ActorId>) -> Vec<String> {
        let names: BTreeSet<&str> = actors.into_iter().map(|actor| self.ground.roster.name(actor)).collect();
        names.into_iter().map(str::to_owned).collect()
    }

    /// Everybody named as accusing, each by its own name: who speaks for whom is a matter of the sources.
    fn accusers(&self) -> Vec<String> {
        let named = |actor: &ActorId| self.ground.roster.get(*actor).is_some_and(|known| !known.generic);
        self.all(self.story.told.iter().filter_map(|told| told.accuser).filter(named).collect())
    }

    /// Who knows the story first hand; where nobody does for certain, who comes nearest to it.
    fn primary(&self, sources: &Sources) -> Vec<String> {
        let firm = sources.list.iter().any(|source| source.doubt == Doubt::None);
        let kept = |doubt: Doubt| match doubt {
            Doubt::None => true,
            Doubt::Points | Doubt::Repeats => false,
            _ => !firm,
        };
        let names: BTreeSet<String> = sources
            .list
            .iter()
            .filter(|source| kept(source.doubt))
            .map(|source| wording::source_name(source, self.ground).en)
            .collect();
        names.into_iter().collect()
    }
}
