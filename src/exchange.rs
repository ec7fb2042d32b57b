//! What is known of each exchange: a file each in `exchange/`, with the source of what it says.
//!
//! These are hints. The reader must do without them; nothing here was seen on a live account page unless the file says
//! `verified = true`. A host that is not listed, however alike, is none of ours.

use std::sync::{Mutex, PoisonError};

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The file's name, a stable id ("binance").
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// The names under which its own app shows up among the devices.
    pub brand: &'static [&'static str],
    /// Scheme and host of its pages, exactly.
    pub origins: &'static [&'static str],
    /// What the path of a log-in page holds.
    pub login_paths: &'static [&'static str],
    /// What the path of a page that lists devices holds.
    pub device_paths: &'static [&'static str],
    /// The address of the page that lists devices, as far as it is known.
    pub device_page: Option<&'static str>,
    /// How many minutes a session that is only closed stays alive, where the exchange or the press tells; see `source`.
    pub alive_minutes: Option<u32>,
    /// Whether somebody saw all this on a live account page.
    pub verified: bool,
    /// Where it comes from.
    pub source: &'static str,
}

/// All exchanges, by id.
pub const EXCHANGES: &[Exchange] = include!(concat!(env!("OUT_DIR"), "/exchanges.rs"));

/// The exchange whose page an address is.
///
/// ```
/// use latchkey::exchange::of_url;
/// assert_eq!(of_url("https://www.binance.com/en/my/security").map(|exchange| exchange.id), Some("binance"));
/// assert_eq!(of_url("https://www.binance.com.example.org/en/my/security"), None);
/// ```
pub fn of_url(url: &str) -> Option<&'static Exchange> {
    EXCHANGES.iter().find(|exchange| exchange.has(url))
}

/// The exchange of an id, or the site that has its origin for an id.
pub fn by_id(id: &str) -> Option<&'static Exchange> {
    EXCHANGES.iter().find(|exchange| exchange.id == id).or_else(|| site(id).filter(|site| site.id == id))
}

/// A site that is none of the exchanges, and is treated as one because the person taught a page of it: its origin is
/// its id, its host its name. `None` of what is not https.
///
/// Each is made once and lives as long as the program: to be called of sites that a person chose, and of no others.
///
/// ```
/// use latchkey::exchange::site;
/// let site = site("https://wallet.example:8443/devices").unwrap();
/// assert_eq!((site.id, site.name), ("https://wallet.example", "wallet.example"));
/// ```
pub fn site(url: &str) -> Option<&'static Exchange> {
    static SITES: Mutex<Vec<&'static Exchange>> = Mutex::new(Vec::new());
    let origin = Origin::of(url).filter(|origin| origin.scheme == "https")?.text();
    let mut sites = SITES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = sites.iter().find(|site| site.id == origin) {
        return Some(known);
    }
    let id: &'static str = Box::leak(origin.into_boxed_str());
    let made: &'static Exchange = Box::leak(Box::new(Exchange {
        id,
        name: id.trim_start_matches("https://"),
        brand: &[],
        origins: Box::leak(Box::new([id])),
        login_paths: &["/login", "/log-in", "/signin", "/sign-in"],
        device_paths: &[],
        device_page: None,
        alive_minutes: None,
        verified: false,
        source: "",
    }));
    sites.push(made);
    Some(made)
}

/// What names a page of a site: scheme, host and path, without a port or a slash at the end.
pub fn page_of(url: &str) -> Option<String> {
    Some([Origin::of(url)?.text().as_str(), path_of(url).trim_end_matches('/')].concat())
}

/// Whether an address lies on one of `origins` (match patterns such as `https://www.binance.com/*`, or plain origins).
pub fn is_within(url: &str, origins: &[String]) -> bool {
    Origin::of(url).is_some_and(|origin| origins.iter().any(|known| Origin::of(known).as_ref() == Some(&origin)))
}

impl Exchange {
    /// Whether it is no exchange that is known, but a site that the person taught.
    pub fn is_site(&self) -> bool {
        self.origins == [self.id]
    }

    /// The match patterns of its pages.
    pub fn patterns(&self) -> impl Iterator<Item = String> + '_ {
        self.origins.iter().map(|origin| format!("{origin}/*"))
    }

    /// Whether an address lies on one of its origins.
    pub fn has(&self, url: &str) -> bool {
        Origin::of(url)
            .is_some_and(|origin| self.origins.iter().any(|known| Origin::of(known).as_ref() == Some(&origin)))
    }

    /// The names of its hosts.
    pub fn hosts(&self) -> impl Iterator<Item = &'static str> {
        self.origins.iter().filter_map(|origin| Some(origin.split_once("://")?.1))
    }

    /// Whether an address looks like that of its page of devices.
    pub fn is_device_page(&self, url: &str) -> bool {
        let path = crate::characters::lower(path_of(url));
        self.device_paths.iter().any(|known| path.contains(known))
    }

    /// Whether an address looks like that of its log-in page.
    pub fn is_login_page(&self, url: &str) -> bool {
        let path = crate::characters::lower(path_of(url));
        self.login_paths.iter().any(|known| path.ends_with(known))
    }
}

/// Scheme and host, lower case, without a port: a match pattern cannot name one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
}

impl Origin {
    fn text(&self) -> String {
        [&self.scheme, "://", &self.host].concat()
    }

    fn of(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let authority = rest.split(['/', '?', '#', '\\']).next()?;
        if authority.contains('@') {
            return None;
        }
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        };
        (!host.is_empty()).then(|| Self { scheme: scheme.to_ascii_lowercase(), host: host.to_ascii_lowercase() })
    }
}

fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    path.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_origin_is_claimed_twice() {
        let mut origins: Vec<_> = EXCHANGES.iter().flat_map(|exchange| exchange.origins).collect();
        let count = origins.len();
        origins.sort_unstable();
        origins.dedup();
        assert_eq!(origins.len(), count);
    }

    #[test]
    fn every_origin_is_a_scheme_and_a_host_and_nothing_else() {
        for origin in EXCHANGES.iter().flat_map(|exchange| exchange.origins) {
            let parsed = Origin::of(origin).unwrap();
            assert_eq!(*origin, format!("{}://{}", parsed.scheme, parsed.host));
            assert!(parsed.scheme == "https" || ["127.0.0.1", "localhost"].contains(&parsed.host.as_str()), "{origin}");
            assert!(!parsed.host.contains('*'));
        }
    }

    #[test]
    fn a_look_alike_is_nobodys() {
        for url in [
            "https://www.binance.com.example.org/",
            "https://www.blnance.com/en/my/security",
            "https://binance-login.com/",
            "https://www.binance.com@example.org/",
            "https://example.org/www.binance.com/",
            "http://www.binance.com/",
            "https:///www.binance.com/",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(of_url(url), None, "{url}");
        }
    }

    #[test]
    fn a_port_does_not_hide_an_exchange() {
        assert_eq!(of_url("http://127.0.0.1:8455/en/login").map(|exchange| exchange.id), Some("demo"));
        assert_eq!(of_url("https://www.kucoin.com:443/").map(|exchange| exchange.id), Some("kucoin"));
    }

    #[test]
    fn a_site_is_made_once_and_found_by_its_id() {
        let made = site("https://Wallet.example:444/a").unwrap();
        assert!(std::ptr::eq(made, by_id("https://wallet.example").unwrap()));
        assert!(made.is_site() && made.has("https://wallet.example/b") && !made.has("https://wallet.example.org/"));
        assert!(by_id("binance").is_some_and(|exchange| !exchange.is_site()));
        for odd in ["http://wallet.example/", "demo2", "", "https://", "javascript:alert(1)", "https://a@b/"] {
            assert_eq!(site(odd), None, "{odd}");
        }
        assert_eq!(by_id("https://wallet.example/b"), None);
    }

    #[test]
    fn a_page_is_named_without_port_query_and_last_slash() {
        let named = page_of("http://127.0.0.1:8455/en/devices/?a=1#b");
        assert_eq!(named.as_deref(), Some("http://127.0.0.1/en/devices"));
        assert_eq!(page_of("about:blank"), None);
    }

    #[test]
    fn device_pages_are_told_by_path_and_not_by_query() {
        let binance = by_id("binance").unwrap();
        assert!(binance.is_device_page("https://www.binance.com/en/my/security/account-activity"));
        assert!(!binance.is_device_page("https://www.binance.com/en/trade?from=device-management"));
    }
}
