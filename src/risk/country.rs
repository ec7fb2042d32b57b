//! The country, as new to this person as it is. No country weighs more by its name than another.

use super::case::{Case, Weighed};
use super::surprise::{Shape, surprise};
use crate::explain::{Arg, Message};
use crate::memory::{Fact, Seen};

const SHAPE: Shape = Shape { share: 0.03, openness: 1.0, spread: 1.0, floor: -0.5, cap: 2.8 };
/// How many uses the person's word is worth that they are in a country, or come out there.
pub(super) const TOLD: f64 = 3.0;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let country = case.traits.country.as_deref().or(case.traits.registered.as_deref())?;
    let nats = nats(case);
    let nats = if case.is_new_device() { nats.max(0.0) } else { nats };
    let key = match nats {
        nats if nats > 0.0 => "evidence_country_new",
        _ if is_told(case, country) => "evidence_country_told",
        _ => "evidence_country_usual",
    };
    Weighed::new(nats, Message::new(key).with(Arg::Country(country.to_owned())))
}

/// What the country alone says; nothing where it is unknown. Where the page and the address disagree, one of them is
/// wrong, and the usual one of the two is as likely the right one.
pub(super) fn nats(case: &Case<'_>) -> f64 {
    let of = |fact| {
        let (country, seen) = case.own(fact).filter(|(_, seen)| seen.total > 0.0)?;
        let told = if is_told(case, country) { TOLD } else { 0.0 };
        let seen = Seen { count: seen.count + told, total: seen.total + told, ..seen };
        Some((surprise(seen, SHAPE), seen.count > 0.0))
    };
    match (of(Fact::Country), of(Fact::Registered)) {
        (Some((printed, _)), Some((registered, true))) => printed.min(registered),
        (Some((printed, false)), Some((registered, false))) => printed.max(registered),
        (printed, registered) => printed.or(registered).map_or(0.0, |(nats, _)| nats),
    }
}

pub(super) fn is_told(case: &Case<'_>, country: &str) -> bool {
    let settings = case.settings();
    let mut codes = settings.vpn_countries.iter().chain(&settings.usual_countries);
    codes.any(|code| code.eq_ignore_ascii_case(country))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::memory::RowId;
    use crate::risk::{Own, Settings, Snapshot, assess};
    use crate::session::Row;
    use crate::world::World;

    #[test]
    fn a_country_never_used_speaks_against() {
        assert!(said("country", Row { country: Some("NG".into()), ..own_login() }) > 2.0);
    }

    #[test]
    fn the_usual_one_speaks_for() {
        assert!(said("country", own_login()) < 0.0);
    }

    #[test]
    fn an_unknown_one_says_nothing() {
        assert_eq!(said("country", Row { country: None, ..own_login() }), 0.0);
    }

    #[test]
    fn no_country_weighs_more_by_its_name() {
        let of = |code: &str| said("country", Row { country: Some(code.into()), ..own_login() });
        assert!(["NG", "RU", "CN", "KP", "US", "DE"].iter().all(|code| of(code) == of("IS")));
    }

    #[test]
    fn a_country_that_the_person_named_does_not_speak_against() {
        let row = (RowId("new".into()), Row { country: Some("NL".into()), ..own_login() });
        let settings = Settings { vpn_countries: vec!["nl".into()], ..Settings::default() };
        let snapshot = Snapshot { logins: vec![row], settings, ..Snapshot::default() };
        let told = assess(&memory(), &snapshot, &Own::default(), &World::default(), now());
        assert!(nats(&told.rows[0], "country") <= 0.0);
    }
}
