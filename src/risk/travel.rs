//! A sign-in too far from another of the person's for the time between: nobody was at both places.
//!
//! Only where the country is new as well, since carriers and head offices put people hundreds of kilometres away, and
//! only of lines that people live on: where a data centre, a relay or a satellite's gateway stands, nobody is. What a
//! place's name leaves open counts for the person at both ends.

use chrono::TimeDelta;

use super::case::{Case, Weighed};
use super::country;
use crate::explain::{Arg, Message};
use crate::memory::Access;

/// How close together two sign-ins must be. Within an hour, whichever far country it is, nobody flies there: so one
/// country never seen does not weigh less than another.
pub(super) const WITHIN: TimeDelta = TimeDelta::hours(1);
/// How far apart they must be at least: 800 km in the hour, and 200 km for the error of a phone network at either end.
const FAR: f64 = 1200.0;
/// Little, on purpose: measured, those who travel so fast are far more often the person behind a route that no list
/// names than somebody else (docs/judgement.md). It is said, and left to the person.
const IMPOSSIBLE: f64 = 0.2;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let at = case.row.signed_in_at.as_ref()?.at;
    let from_a_line = matches!(case.traits.access, None | Some(Access::Line));
    if !from_a_line || country::nats(case) <= 0.0 {
        return None;
    }
    let here = case.page.area(case.row)?;
    let elsewhere =
        case.sign_ins_near(at).find(|row| case.page.area(row).is_some_and(|area| here.apart(&area).0 >= FAR))?;
    let place = elsewhere.city.as_deref().or(elsewhere.country.as_deref()).unwrap_or_default();
    let then = if elsewhere.current { case.page.now } else { elsewhere.signed_in_at.as_ref()?.at };
    Weighed::new(IMPOSSIBLE, Message::new("evidence_travel").with_text(place).with(Arg::Time(then)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::atlas::Atlas;
    use crate::session::Row;
    use crate::world::World;

    /// What is said of a login from a country never seen, an own one in Lisbon having been this long before.
    fn said(there: Row, minutes: i64) -> f64 {
        let atlas = Atlas::open(include_bytes!("../../static/data/atlas.bin")).unwrap();
        let world = World { atlas: Some(&atlas), ..World::default() };
        let mut there = there;
        there.signed_in_at = hours_ago(3);
        if let Some(time) = &mut there.signed_in_at {
            time.at += TimeDelta::minutes(minutes);
        }
        nats(&judged_in(&world, &memory(), vec![there, own_login()])[0], "travel")
    }

    fn from(city: &str, country: &str) -> Row {
        Row { city: Some(city.into()), country: Some(country.into()), ip: None, isp: None, ..own_login() }
    }

    #[test]
    fn nobody_is_in_lagos_and_in_lisbon_within_an_hour() {
        assert_eq!(said(from("Lagos", "NG"), 20), IMPOSSIBLE);
        assert_eq!(said(from("Lagos", "NG"), -20), IMPOSSIBLE);
    }

    #[test]
    fn hours_later_somebody_may_be_and_next_door_at_any_time() {
        assert_eq!(said(from("Lagos", "NG"), 61), 0.0);
        assert_eq!(said(from("Madrid", "ES"), 20), 0.0);
    }

    #[test]
    fn a_usual_country_or_a_place_unknown_says_nothing() {
        assert_eq!(said(from("Ponta Delgada", "PT"), 20), 0.0);
        assert_eq!(said(Row { city: None, country: None, ..from("", "") }, 20), 0.0);
    }

    #[test]
    fn without_an_atlas_nothing_is_said() {
        let there = Row { signed_in_at: hours_ago(3), ..from("Lagos", "NG") };
        assert_eq!(nats(&judged(&memory(), vec![there, own_login()])[0], "travel"), 0.0);
    }
}
