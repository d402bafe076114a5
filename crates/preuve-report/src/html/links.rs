//! What the limits let onto the page, and links that only ever lead to what is on it.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::both::{Line, both, published};
use super::compare::Pairs;
use crate::HtmlParams;
use crate::mail::choose;
use crate::view::Report;

/// The report, its limits, and what they let through.
pub(crate) struct Page<'p> {
    pub report: &'p Report<'p>,
    pub params: &'p HtmlParams,
    /// Articles shown with their text.
    embedded: BTreeSet<usize>,
    /// Texts shown side by side.
    pub pairs: Pairs,
    /// Messages shown, in order.
    messages: Vec<usize>,
    message_set: BTreeSet<usize>,
}

impl<'p> Page<'p> {
    pub(crate) fn new(report: &'p Report<'p>, params: &'p HtmlParams) -> Self {
        let messages =
            report.mail.as_ref().map(|mail| choose(&mail.heads, params.max_messages)).unwrap_or_default();
        Self {
            report,
            params,
            embedded: embedded(report, params),
            pairs: Pairs::choose(report, params),
            message_set: messages.iter().copied().collect(),
            messages,
        }
    }

    /// Whether the article is shown with its text.
    pub(crate) fn embeds(&self, article: usize) -> bool {
        self.embedded.contains(&article)
    }

    /// The messages shown, in order.
    pub(crate) fn messages(&self) -> &[usize] {
        &self.messages
    }

    /// `words`, leading to the message where it is shown.
    pub(crate) fn to_message(&self, message: usize, words: Markup) -> Markup {
        html! {
            @if self.message_set.contains(&message) { a href={ "#m" (message + 1) } { (words) } } @else { span { (words) } }
        }
    }

    /// Whether there are texts to list; a case of mail alone may have none.
    pub(crate) fn shows_articles(&self) -> bool {
        !self.report.heads.is_empty() || self.report.mail.is_none()
    }

    /// How many articles are listed.
    pub(crate) fn listed(&self) -> usize {
        self.report.heads.len().min(self.params.max_listed_articles)
    }

    /// How many claims have a card.
    pub(crate) fn cards(&self) -> usize {
        self.report.claims().len().min(self.params.max_claims)
    }

    /// Whether there is anything to say of where texts come from. Letters quote what they answer; of mail alone the
    /// threads tell that.
    pub(crate) fn shows_lineage(&self) -> bool {
        let only_mail = self.report.mail.is_some() && self.report.figures.articles == 0;
        !self.report.lanes.is_empty() && self.report.heads.len() > 1 && !only_mail
    }

    /// How many text origins are listed.
    pub(crate) fn lanes(&self) -> usize {
        if !self.shows_lineage() {
            return 0;
        }
        self.report.lanes.len().min(self.params.max_listed_articles)
    }

    /// `words`, leading to the article where it is listed.
    pub(crate) fn to_article(&self, article: usize, words: Markup) -> Markup {
        html! {
            @if article < self.listed() { a href={ "#a" (article + 1) } { (words) } } @else { span { (words) } }
        }
    }

    /// The outlet, or the name of the article, leading to it.
    pub(crate) fn to_outlet(&self, article: usize) -> Markup {
        let head = &self.report.heads[article];
        self.to_article(article, html! { (Line(head.meta.outlet.as_deref().unwrap_or(head.name()))) })
    }

    /// Outlet and day, leading to the marked place where the text is shown, else to the article.
    pub(crate) fn to_place(&self, article: usize, attribution: usize) -> Markup {
        let head = &self.report.heads[article];
        let words =
            html! { (Line(head.meta.outlet.as_deref().unwrap_or(&head.path))) ", " (published(head)) };
        if !self.embeds(article) {
            return self.to_article(article, words);
        }
        html! { a href={ "#p" (article + 1) "-" (attribution + 1) } { (words) } }
    }

    /// The number of a text origin, leading to it in the list.
    pub(crate) fn to_lane(&self, lane: usize) -> Markup {
        let words = html! { (both("Text", "Texte")) " " (lane + 1) };
        html! {
            @if lane < self.lanes() { a.lane href={ "#t" (lane + 1) } { (words) } } @else { span.lane { (words) } }
        }
    }

    /// The number of a claim, leading to its card.
    pub(crate) fn to_claim(&self, claim: usize) -> Markup {
        let words = html! { (both("Accusation", "Accusation")) " " (claim + 1) };
        html! {
            @if claim < self.cards() { a href={ "#c" (claim + 1) } { (words) } } @else { span { (words) } }
        }
    }
}

/// The first articles that the limits of number and size let through.
fn embedded(report: &Report<'_>, params: &HtmlParams) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut bytes = 0;
    for (index, head) in report.heads.iter().enumerate().take(params.max_listed_articles) {
        // A message is shown among the messages; here again only where it accuses somebody.
        if report.is_quiet_mail(index) {
            continue;
        }
        if found.len() < params.max_embedded_articles && bytes + head.text_len <= params.max_embedded_bytes {
            bytes += head.text_len;
            found.insert(index);
        }
    }
    found
}
