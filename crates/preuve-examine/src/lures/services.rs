//! What is known of public services: a small list, kept as data in `services.tsv`.

/// What a service does with addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    /// A mail gateway's wrapper around the address that was sent.
    Rewriter,
    /// Passes visitors on to any address.
    Redirector,
    /// Carries addresses to be told to others, or to be looked up.
    Share,
    /// Short addresses.
    Shortener,
    /// Mail for everybody.
    Freemail,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Services {
    rows: Vec<(Service, &'static str, &'static str)>,
    brands: Vec<(&'static str, Vec<&'static str>)>,
}

const LIST: &str = include_str!("services.tsv");

impl Services {
    /// Read the list; a line that does not fit is left out, and a test sees that there is none.
    pub(super) fn new() -> Self {
        let mut services = Self { rows: Vec::new(), brands: Vec::new() };
        for line in LIST.lines().filter(|line| !line.starts_with('#')) {
            let mut cells = line.split('\t');
            let (Some(kind), Some(hosts), Some(path)) = (cells.next(), cells.next(), cells.next()) else {
                continue;
            };
            let service = match kind {
                "rewriter" => Service::Rewriter,
                "redirector" => Service::Redirector,
                "share" => Service::Share,
                "shortener" => Service::Shortener,
                "freemail" => Service::Freemail,
                "brand" => {
                    let hosts: Vec<&str> = hosts.split(',').collect();
                    let words = cells.next().unwrap_or_default().split(' ');
                    services.brands.extend(words.map(|word| (word, hosts.clone())));
                    continue;
                }
                _ => continue,
            };
            services.rows.push((service, hosts, path));
        }
        services
    }

    /// Is `host`, or what it lies under, listed as `service` for addresses whose rest begins like `rest`?
    pub(super) fn is(&self, service: Service, host: &str, rest: &str) -> bool {
        let rest = if rest.is_empty() { "/" } else { rest };
        self.rows.iter().any(|&(kind, name, path)| {
            kind == service && lies_under(host, name) && begins_with_path(rest, path)
        })
    }

    /// The service that `word` names, and whether `domain` is one of its own.
    pub(super) fn brand(&self, word: &str, domain: &str) -> Option<bool> {
        let (_, hosts) = self.brands.iter().find(|(name, _)| *name == word)?;
        // National domains of a service have its word as their label: `google.fr`.
        Some(hosts.contains(&domain) || super::host::chosen_label(domain) == word)
    }
}

fn lies_under(host: &str, name: &str) -> bool {
    host.strip_suffix(name).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

/// `/url` begins `/url?q=` and `/url/x`, not `/urls`.
fn begins_with_path(rest: &str, path: &str) -> bool {
    let Some(after) = rest.strip_prefix(path) else { return false };
    path.ends_with('/') || !after.starts_with(|c: char| c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_read() {
        let services = Services::new();
        let lines = LIST.lines().filter(|line| !line.starts_with('#')).count();
        let brands = LIST.lines().filter(|line| line.starts_with("brand\t")).count();
        assert_eq!(services.rows.len() + brands, lines);
        assert!(services.brands.len() > brands);
    }

    #[test]
    fn hosts_and_paths_are_told_apart() {
        let services = Services::new();
        assert!(services.is(Service::Redirector, "www.google.com", "/url?q=x"));
        assert!(!services.is(Service::Redirector, "www.google.com", "/urls"));
        assert!(!services.is(Service::Redirector, "notgoogle.com", "/url?q=x"));
        assert!(services.is(Service::Shortener, "bit.ly", ""));
        assert_eq!(services.brand("google", "google.fr"), Some(true));
        assert_eq!(services.brand("google", "harbour.example"), Some(false));
        assert_eq!(services.brand("harbour", "harbour.example"), None);
    }
}
