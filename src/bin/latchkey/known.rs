//! What the packaged data knows of addresses and places.

use latchkey::atlas::{Atlas, Found};
use latchkey::network::{self, Answer, Network};
use latchkey::packed::Fault;
use latchkey::reading::lexicon::{Languages, Lexicon};
use latchkey::reading::{self, place};
use serde_json::{Value, json};

/// The table of all addresses.
pub fn network() -> Result<Network<'static>, Fault> {
    Network::open(include_bytes!("../../../static/data/network.bin"))
}

/// The cities and regions of all countries.
pub fn atlas() -> Result<Atlas<'static>, Fault> {
    Atlas::open(include_bytes!("../../../static/data/atlas.bin"))
}

/// The place in a line, and where it is.
pub fn place(atlas: &Atlas<'_>, line: &str, languages: Languages) -> Value {
    let marked = Lexicon::get().mark(line);
    if place::is_nothing(&marked) {
        return Value::Null;
    }
    let read = place::read(line, &marked, languages);
    let named = place::country(line, &marked, languages);
    let country = read.country.or(named.as_ref().map(|(_, code)| *code));
    let text = marked.folded.text.as_str();
    // What is left without the country's name, in the order in which it is printed.
    let (words, code) = match named {
        Some((range, _)) => {
            let before = marked.folded.verbatim(line, 0..range.start);
            let after = marked.folded.verbatim(line, range.end..text.len());
            (format!("{before}, {after}"), Some(marked.folded.verbatim(line, range)))
        }
        None => (line.to_owned(), line.trim().rsplit([' ', ',']).next()),
    };
    let is_code = |code: &&str| (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let Some(found) = atlas.locate(&words, country, code.filter(is_code)) else {
        let country = country.map(|code| String::from_utf8_lossy(&code).into_owned());
        return country.map_or(Value::Null, |country| {
            json!({"city": read.city, "region": null, "country": country, "lat": null, "lon": null, "radius_km": null})
        });
    };
    located(&found)
}

fn located(found: &Found) -> Value {
    let rounded = |number: f64, unit: f64| (number * unit).round() / unit;
    json!({
        "city": found.city,
        "region": found.region,
        "country": String::from_utf8_lossy(&found.country),
        "lat": rounded(found.area.latitude, 100.0),
        "lon": rounded(found.area.longitude, 100.0),
        "radius_km": rounded(found.area.radius.0, 1.0),
    })
}

/// The address in a line, and what is known of it.
pub fn address(network: &Network<'_>, line: &str) -> Value {
    let folded = reading::text::fold(line);
    let found = reading::address::find(&folded);
    let Some(address) = found.first() else { return Value::Null };
    let (key, answer) = if address.masked {
        let shown = network::shown(&address.text);
        ("masked", shown.map(|(prefix, bits)| network.look_up_prefix(prefix, bits)).unwrap_or_default())
    } else {
        let Ok(ip) = address.text.parse() else { return Value::Null };
        ("ip", network.look_up(ip))
    };
    let mut value = said(network, &answer);
    value[key] = if address.masked { json!(line.trim()) } else { json!(address.text) };
    value
}

fn said(network: &Network<'_>, answer: &Answer) -> Value {
    let listed: Vec<Value> = network.lists(answer).map(|list| json!({"list": list.name, "date": list.date})).collect();
    json!({
        "country": answer.country.map(|code| String::from_utf8_lossy(&code).into_owned()),
        "asn": answer.asn,
        "operator": answer.asn.and_then(|asn| network.operator(asn)),
        "kind": answer.kind,
        "listed": listed,
        "date": network.date(),
    })
}
