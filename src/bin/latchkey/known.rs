//! What the packaged data knows of addresses and places.

use latchkey::atlas::Atlas;
use latchkey::network::{self, Answer, Network};
use latchkey::packed::Fault;
use latchkey::reading::lexicon::Languages;
use latchkey::{reading, whereabouts};
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
    let Some(found) = whereabouts::read(atlas, line, languages) else { return Value::Null };
    let rounded = |number: f64, unit: f64| (number * unit).round() / unit;
    json!({
        "city": found.city,
        "region": found.region,
        "country": String::from_utf8_lossy(&found.country),
        "lat": found.area.map(|area| rounded(area.latitude, 100.0)),
        "lon": found.area.map(|area| rounded(area.longitude, 100.0)),
        "radius_km": found.area.map(|area| rounded(area.radius.0, 1.0)),
    })
}

/// The address in a line, and what is known of it.
pub fn address(network: &Network<'_>, line: &str) -> Value {
    let folded = reading::text::fold(line);
    // What is nobody's address is none to the reader; here it is one.
    if let Some(ip) = line.trim().parse::<std::net::IpAddr>().ok().filter(std::net::IpAddr::is_unspecified) {
        let mut value = said(network, &network.look_up(ip));
        value["ip"] = json!(ip);
        return value;
    }
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
