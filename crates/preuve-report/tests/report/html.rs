//! Just enough of HTML to see what a browser would see in pages that quote every attribute.

use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Open(String, BTreeMap<String, String>),
    Close(String),
    Text(String),
}

const VOID: [&str; 2] = ["meta", "input"];

/// The tokens of `page`. Panics on anything that is not well formed.
pub fn tokens(page: &str) -> Vec<Token> {
    let mut rest = page.strip_prefix("<!DOCTYPE html>").expect("a doctype");
    let mut found = Vec::new();
    while !rest.is_empty() {
        let Some(start) = rest.find('<') else {
            found.push(Token::Text(plain(rest)));
            break;
        };
        if start > 0 {
            found.push(Token::Text(plain(&rest[..start])));
        }
        let (token, after) = tag(&rest[start + 1..]);
        rest = after;
        if let (Token::Open(name, _), Some(after)) = (&token, rest.strip_prefix("/>")) {
            let close = Token::Close(name.clone());
            found.extend([token, close]);
            rest = after;
            continue;
        }
        rest = rest.strip_prefix('>').expect("an end of the tag");
        if let Token::Open(name, _) = &token
            && matches!(name.as_str(), "style" | "script")
        {
            let end = rest.find(&format!("</{name}>")).expect("an end of the raw text");
            found.push(token);
            rest = &rest[end..];
            continue;
        }
        found.push(token);
    }
    found
}

/// The tag at the start of `rest`, and what follows up to its `>` or `/>`.
fn tag(rest: &str) -> (Token, &str) {
    if let Some(rest) = rest.strip_prefix('/') {
        let end = rest.find('>').expect("an end of the tag");
        return (Token::Close(rest[..end].to_owned()), &rest[end..]);
    }
    let name_end = rest.find([' ', '>', '/']).expect("an end of the name");
    let name = rest[..name_end].to_owned();
    assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "`{name}` is a name of an element");
    let mut rest = &rest[name_end..];
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches(' ');
        if rest.starts_with(['>', '/']) {
            return (Token::Open(name, attributes), rest);
        }
        let end = rest.find(['=', '>', ' ']).expect("an end of the attribute's name");
        let key = rest[..end].to_owned();
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let end = quoted.find('"').expect("an end of the value");
                rest = &quoted[end + 1..];
                plain(&quoted[..end])
            }
            None => String::new(),
        };
        assert!(attributes.insert(key.clone(), value).is_none(), "`{key}` is there once");
    }
}

fn plain(text: &str) -> String {
    assert!(!text.contains(['<', '>']), "no bare angle bracket in `{text}`");
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Panics where an element is not closed in order.
pub fn assert_balanced(tokens: &[Token]) {
    let mut open = Vec::new();
    for token in tokens {
        match token {
            Token::Open(name, _) if VOID.contains(&name.as_str()) => {}
            Token::Open(name, _) => open.push(name.clone()),
            Token::Close(name) => assert_eq!(open.pop().as_ref(), Some(name)),
            Token::Text(_) => {}
        }
    }
    assert!(open.is_empty(), "{open:?} stay open");
}

/// The text inside the first element of class `class`, without what elements of class `hid` hold.
pub fn text_of(tokens: &[Token], class: &str) -> String {
    let is = |attributes: &BTreeMap<String, String>, class: &str| {
        attributes.get("class").is_some_and(|classes| classes.split(' ').any(|found| found == class))
    };
    let start = tokens
        .iter()
        .position(|token| matches!(token, Token::Open(_, attributes) if is(attributes, class)))
        .unwrap_or_else(|| panic!("an element of class {class}"));
    let mut depth = 0;
    let mut hidden = None;
    let mut text = String::new();
    for token in &tokens[start..] {
        match token {
            Token::Open(_, attributes) => {
                depth += 1;
                if hidden.is_none() && is(attributes, "hid") {
                    hidden = Some(depth);
                }
            }
            Token::Close(_) => {
                if hidden == Some(depth) {
                    hidden = None;
                }
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            Token::Text(words) if hidden.is_none() => text.push_str(words),
            Token::Text(_) => {}
        }
    }
    text
}

/// Every value of attribute `name`.
pub fn values<'t>(tokens: &'t [Token], name: &str) -> Vec<&'t str> {
    tokens
        .iter()
        .filter_map(|token| match token {
            Token::Open(_, attributes) => attributes.get(name).map(String::as_str),
            _ => None,
        })
        .collect()
}
