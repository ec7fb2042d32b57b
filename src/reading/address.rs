//! Internet addresses in a text: IPv4, IPv6 and masked ones; not versions, telephone numbers or ids.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// An address found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Where, in the text searched.
    pub range: Range<usize>,
    /// The canonical form (RFC 5952 of IPv6); of a masked one the text itself.
    pub text: String,
    /// Whether parts of it are masked.
    pub masked: bool,
}

/// Finds the addresses of a folded text (lower case, ASCII digits).
///
/// ```
/// use latchkey::reading::address::find;
/// assert_eq!(find("from 2001:0db8:0:0::0042 (chrome 126.0.0.0)")[0].text, "2001:db8::42");
/// ```
pub fn find(text: &str) -> Vec<Address> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !is_part(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_part(bytes[at]) {
            at += 1;
        }
        found.extend(read(text, start..at));
    }
    found
}

/// The canonical form of a text that is an address and nothing else; `None` of one that is masked or none.
pub fn canonical(text: &str) -> Option<String> {
    let text = super::text::fold(text);
    let text = text.trim();
    let found = find(text);
    let [address] = found.as_slice() else { return None };
    (!address.masked && address.range == (0..text.len())).then(|| address.text.clone())
}

/// What an address may consist of; `x` and `*` mask.
fn is_part(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'*' | b'x')
}

fn read(text: &str, run: Range<usize>) -> Option<Address> {
    // An address may stand glued to punctuation ("IP:1.2.3.4", "1.2.3.4.") that may belong to it elsewhere.
    let whole = text.get(run.clone())?;
    let left = whole.len() - whole.trim_start_matches(['.', ':']).len();
    let starts = if whole.starts_with("::") && left == 2 { [0, left] } else { [left, left] };
    let right = whole.trim_end_matches(['.', ':']).len();
    let ends = if whole.ends_with("::") { [whole.len(), right] } else { [right, right] };
    for start in starts {
        for end in ends {
            if start >= end || !stands_free(text, run.start + start..run.start + end) {
                continue;
            }
            let candidate = &whole[start..end];
            let range = run.start + start..run.start + end;
            if let Some(text) = v6(candidate) {
                return Some(Address { range, text, masked: false });
            }
            let (host, port) = candidate.split_once(':').map_or((candidate, ""), |(host, port)| (host, port));
            if port.bytes().all(|byte| byte.is_ascii_digit()) {
                let range = range.start..range.start + host.len();
                if let Some(address) = v4(host).filter(|_| !is_version(text, &range)) {
                    return Some(Address { range, text: address, masked: false });
                }
                if is_masked_v4(host) {
                    return Some(Address { range, text: host.to_owned(), masked: true });
                }
            }
            if is_masked_v6(candidate) {
                return Some(Address { range, text: candidate.to_owned(), masked: true });
            }
        }
    }
    None
}

/// Whether no letter or digit stands right before or after, nor a sign that makes it a telephone number or a path.
fn stands_free(text: &str, range: Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    let mut rest = text[range.end..].chars();
    // "5.113.0.203.in-addr.arpa", "1.2.3.4-beta".
    let named = rest.next() == Some('.') && rest.next().is_some_and(char::is_alphanumeric);
    let unfinished =
        ["-alpha", "-beta", "-rc", "-dev", "-snapshot"].iter().any(|word| text[range.end..].starts_with(word));
    let joined = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '@' | '#' | '$' | '&');
    let sign = |c: char| c == '%' && !text[range.clone()].contains(':');
    let glued =
        before.is_some_and(|c| joined(c) || matches!(c, '-' | '/')) || after.is_some_and(|c| joined(c) || sign(c));
    !(named || unfinished || glued)
}

fn v4(text: &str) -> Option<String> {
    let mut parts = 0;
    for part in text.split('.') {
        if part.is_empty() || part.len() > 3 || (part.len() > 1 && part.starts_with('0')) {
            return None;
        }
        parts += 1;
    }
    if parts != 4 || text.ends_with(".0.0.0") {
        return None;
    }
    text.parse::<Ipv4Addr>().ok().map(|address| address.to_string())
}

fn v6(text: &str) -> Option<String> {
    let address = text.parse::<Ipv6Addr>().ok()?.to_string();
    // Eight pairs are the address of a network card.
    let pairs = |text: &str| !text.contains("::") && text.split(':').all(|group| group.len() == 2);
    if pairs(text) || pairs(&address) {
        return None;
    }
    // "::", "1::8": as likely no address at all.
    let digits = address.bytes().filter(u8::is_ascii_hexdigit).count();
    (digits >= 4 || address == "::1").then_some(address)
}

/// A number of four parts right after "v" or the word "version" is a version; so is one that may be after a program's
/// name, its second part a 0: "Chrome 126.0.61.7", but not "Windows 203.0.113.7".
fn is_version(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].trim_end_matches([' ', '(', ':', '-']);
    let word = before.rsplit(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(')).next().unwrap_or_default();
    if word.is_empty() {
        return false;
    }
    matches!(word, "v" | "version" | "ver" | "build" | "v." | "ver.")
        || word.ends_with("版本")
        || super::device::is_program(word).is_some_and(|newest| {
            let mut parts = text[range.clone()].split('.');
            let first = parts.next().and_then(|part| part.parse::<u32>().ok());
            first.is_some_and(|first| first <= newest) && parts.next() == Some("0")
        })
}

fn is_masked_v4(text: &str) -> bool {
    let parts: Vec<_> = text.split('.').collect();
    // Some hide only the last digits: "192.168.1.1**".
    let is_mask = |part: &&str| {
        let hidden = part.trim_start_matches(|c: char| c.is_ascii_digit());
        (1..=3).contains(&part.len()) && !hidden.is_empty() && hidden.bytes().all(|byte| matches!(byte, b'*' | b'x'))
    };
    let masks = parts.iter().filter(|part| is_mask(part)).count();
    parts.len() == 4 && (1..4).contains(&masks) && parts.iter().all(|part| is_mask(part) || part.parse::<u8>().is_ok())
}

fn is_masked_v6(text: &str) -> bool {
    let is_mask = |part: &&str| !part.is_empty() && part.bytes().all(|byte| matches!(byte, b'*' | b'x'));
    let is_group = |part: &&str| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts: Vec<_> = text.split(':').collect();
    (3..=8).contains(&parts.len())
        && parts.iter().any(is_mask)
        && parts.iter().filter(|part| !part.is_empty() && is_group(part)).count() >= 1
        && parts.iter().all(|part| is_mask(part) || is_group(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        find(&super::super::text::fold(text)).into_iter().map(|address| address.text).collect()
    }

    #[test]
    fn addresses_are_found_where_they_stand_glued() {
        assert_eq!(all("2026-04-14 13:17:28(81.84.17.203) from"), ["81.84.17.203"]);
        assert_eq!(all("IP:203.0.113.5,"), ["203.0.113.5"]);
        assert_eq!(all("110.168.44.91 (Bangkok, TH)"), ["110.168.44.91"]);
        assert_eq!(all("203.0.113.5:443."), ["203.0.113.5"]);
        assert_eq!(all("１９８.５１.１００.７"), ["198.51.100.7"]);
        assert_eq!(all("[2001:0DB8:0000:0000:0000:0000:0042:8329]"), ["2001:db8::42:8329"]);
        assert_eq!(all("IP: 2806:2f0:90a1:ff::31"), ["2806:2f0:90a1:ff::31"]);
        assert_eq!(all("::ffff:203.0.113.5"), ["::ffff:203.0.113.5"]);
        assert_eq!(all("Chrome on Windows 203.0.113.7"), ["203.0.113.7"]);
        assert_eq!(all("Windows — 180.252.1.1"), ["180.252.1.1"]);
    }

    #[test]
    fn masked_ones_stay_as_they_are() {
        assert_eq!(all("124.236.XX.XX"), ["124.236.xx.xx"]);
        assert_eq!(all("111.206.*.42"), ["111.206.*.42"]);
        assert_eq!(all("124.236.1**.***"), ["124.236.1**.***"]);
        assert_eq!(all("2001:db8:****:****::1"), ["2001:db8:****:****::1"]);
    }

    #[test]
    fn what_looks_like_one_is_not_one() {
        for text in [
            "Chrome 126.0.0.0",
            "Chrome/124.0.24.80",
            "Chrome V99.0.48.51",
            "Chrome 126.0.61.7",
            "Chrome 126.0.6478.127",
            "Version 1.2.3.4",
            "12:30:45",
            "2026.04.14.1",
            "+1.202.55.14",
            "1.2.3",
            "256.1.1.1",
            "aa:bb:cc:dd:ee:ff",
            "a.b.c.d",
            "01.02.03.04",
            "std::io",
            "00a3:4d:2e:6c:4d:2e:6f:70",
            "0:0:0::00",
            "::04de",
            "00:1a:2b:3c:4d:5e:6f:70",
            "5.113.0.203.in-addr.arpa",
            "1.2.3.4-beta",
            "203.0.113.005",
            "0x7f.0.0.1",
            "0x7f.0.0.*",
            "1x64.0.0.1",
            "x.x.x.x",
        ] {
            assert_eq!(all(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_more_than_an_address_has_no_canonical_form() {
        assert_eq!(canonical(" 2001:DB8::1 "), Some("2001:db8::1".to_owned()));
        assert_eq!(canonical("1.2.3.4 and more"), None);
        assert_eq!(canonical("1.2.*.4"), None);
    }
}
