//! What the packaged data knows of addresses and places.

use latchkey::network::{self, Answer, Network};
use latchkey::packed::Fault;
use latchkey::reading;
use serde_json::{Value, json};

/// The table of all addresses.
pub fn network() -> Result<Network<'static>, Fault> {
    Network::open(include_bytes!("../../../static/data/network.bin"))
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
