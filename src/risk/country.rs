//! The country, as new to this person as it is. No country weighs more by its name than another.

use super::case::{Case, Weighed};
use super::surprise::{Shape, surprise};
use crate::explain::{Arg, Message};
use crate::memory::{Fact, Seen};

const SHAPE: Shape = Shape { share: 0.03, openness: 1.0, spread: 1.0, floor: -0.5, cap: 2.8 };
/// How many uses the person's word is worth that they are in a country, or come out there.
const TOLD: f64 = 3.0;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let (country, seen) = case.own(Fact::Country)?;
    let settings = case.settings();
    let told = settings.vpn_countries.iter().chain(&settings.usual_countries).any(|code| code.eq_ignore_ascii_case(country));
    let seen = if told { Seen { count: seen.count + TOLD, total: seen.total + TOLD, ..seen } } else { seen };
    let nats = surprise(seen, SHAPE);
    let key = match nats {
        nats if nats > 0.0 && seen.count > 0.0 => "evidence_country_rare",
        nats if nats > 0.0 => "evidence_country_new",
        _ if told => "evidence_country_told",
        _ => "evidence_country_usual",
    };
    Weighed::new(nats, Message::new(key).with(Arg::Country(country.to_owned())))
}
