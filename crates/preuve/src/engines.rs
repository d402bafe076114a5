//! The engines the pipeline runs, with the parameters this command line gives them.

use preuve_case::{Claim, Diagnostic, Item, ItemAttributions, LineageFinding, LinkJudgement, Relation};

/// Names the engines and their parameters: findings made under another name are made again.
pub const ATTRIBUTION_VERSION: &str = "attribution 0";

/// Stand-in until the engine lands.
pub struct Attributor;

impl Attributor {
    /// The engine with its embedded weights.
    pub fn new() -> Result<Self, std::convert::Infallible> {
        Ok(Self)
    }

    /// Attributions of one item.
    pub fn detect(&self, item: &Item) -> ItemAttributions {
        ItemAttributions { lang: item.lang, ..ItemAttributions::default() }
    }
}

/// Lineage of all items.
pub fn trace(items: &[&Item], _links: &[LinkJudgement]) -> (Vec<LineageFinding>, Vec<Diagnostic>) {
    let original = |item: &&Item| LineageFinding {
        item: item.id,
        origin: item.path.clone(),
        derived_from: None,
        relation: Relation::Original,
        credited: false,
        relays: Vec::new(),
        score: 0.0,
        signs: Vec::new(),
        passages: Vec::new(),
    };
    (items.iter().map(original).collect(), Vec::new())
}

/// Claims of all items.
pub fn weigh(_items: &[(Item, ItemAttributions, Option<LineageFinding>)]) -> Vec<Claim> {
    Vec::new()
}
