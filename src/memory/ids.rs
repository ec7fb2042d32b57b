//! Names for the rows of real pages, which show none.

use std::collections::HashMap;

use super::{RowId, traits::Traits};
use crate::session::{Precision, Row, Time, ZoneSource};

/// The names of a page's rows: the same session gets the same name on the next reading, as far as the page lets one
/// tell. Two rows that cannot be told apart get names that differ by their order.
///
/// A name is made of the device without its versions and of the sign-in; where the page shows no sign-in that stays
/// the same (none at all, or one that counts from now), of the address or else the place in its stead. The last
/// activity is no part of it, nor is the address of a session that is known by its sign-in: both change with use.
pub fn row_ids(rows: &[Row]) -> Vec<RowId> {
    let mut same: HashMap<u64, u32> = HashMap::new();
    rows.iter()
        .map(|row| {
            let hash = name(row);
            let ordinal = same.entry(hash).or_default();
            *ordinal += 1;
            match ordinal {
                1 => RowId(format!("{hash:016x}")),
                n => RowId(format!("{hash:016x}-{n}")),
            }
        })
        .collect()
}

fn name(row: &Row) -> u64 {
    let traits = Traits::of(row);
    let device = traits.device.as_deref().or(row.device.as_deref()).unwrap_or_default();
    let mut hash = Fnv::default();
    hash.field(device);
    match row.signed_in_at.as_ref().and_then(lasting) {
        Some((moment, precise)) => {
            hash.field(&moment);
            if precise {
                return hash.0;
            }
        }
        None => hash.field(""),
    }
    hash.field(row.ip.as_deref().or(row.place.as_deref()).or(row.country.as_deref()).unwrap_or_default());
    hash.0
}

/// A moment in words that will be the same at the next reading, and whether it is fine enough to tell two sign-ins of
/// one device apart.
pub(super) fn lasting(time: &Time) -> Option<(String, bool)> {
    let moment = match time.zone {
        ZoneSource::Relative => return None,
        ZoneSource::Stated => time.at.timestamp().to_string(),
        // The zone assumed may be another one next time; the text stays.
        ZoneSource::Assumed if !time.text.trim().is_empty() => time.text.trim().to_owned(),
        ZoneSource::Assumed => time.at.timestamp().to_string(),
    };
    Some((moment, time.precision <= Precision::Minute))
}

/// FNV-1a, 64 bits: the same on every machine and in every version, which the standard library's hasher is not.
pub(super) struct Fnv(pub u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Takes one field in, with a byte after it that no text has.
    pub fn field(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};

    fn time(text: &str, at: &str, zone: ZoneSource) -> Option<Time> {
        let at = at.parse::<DateTime<Utc>>().unwrap();
        Some(Time { at, precision: Precision::Minute, text: text.into(), zone })
    }

    fn chrome(version: &str) -> Row {
        Row {
            device: Some(format!("Chrome {version} on Windows")),
            browser: Some("Chrome".into()),
            browser_version: Some(version.into()),
            os: Some("Windows".into()),
            ip: Some("203.0.113.9".into()),
            ..Row::default()
        }
    }

    fn id(row: &Row) -> RowId {
        row_ids(std::slice::from_ref(row)).remove(0)
    }

    #[test]
    fn a_name_outlives_activity_and_updates() {
        let before = Row { last_active_at: time("now", "2026-04-14T12:00:00Z", ZoneSource::Relative), ..chrome("143") };
        let after = Row { last_active_at: time("now", "2026-04-20T12:00:00Z", ZoneSource::Relative), ..chrome("144") };
        assert_eq!(id(&before), id(&after));
        assert_ne!(id(&before), id(&Row { ip: Some("203.0.113.10".into()), ..before.clone() }));
    }

    #[test]
    fn a_session_known_by_its_sign_in_may_change_its_address() {
        let row = Row { signed_in_at: time("a", "2026-04-14T12:00:00Z", ZoneSource::Stated), ..chrome("143") };
        assert_eq!(id(&row), id(&Row { ip: Some("198.51.100.1".into()), ..row.clone() }));
        let other = Row { signed_in_at: time("a", "2026-04-14T12:01:00Z", ZoneSource::Stated), ..row.clone() };
        assert_ne!(id(&row), id(&other));
    }

    #[test]
    fn a_sign_in_that_counts_from_now_is_no_part_of_the_name() {
        let row = Row { signed_in_at: time("3 h", "2026-04-14T12:00:00Z", ZoneSource::Relative), ..chrome("143") };
        let later = Row { signed_in_at: time("4 h", "2026-04-14T12:00:09Z", ZoneSource::Relative), ..chrome("143") };
        assert_eq!(id(&row), id(&later));
    }

    #[test]
    fn a_day_alone_does_not_hide_the_address() {
        let mut row =
            Row { signed_in_at: time("14 April", "2026-04-14T00:00:00Z", ZoneSource::Assumed), ..chrome("1") };
        row.signed_in_at.as_mut().unwrap().precision = Precision::Day;
        assert_ne!(id(&row), id(&Row { ip: Some("198.51.100.1".into()), ..row.clone() }));
    }

    #[test]
    fn equal_rows_are_told_apart_by_their_order() {
        let ids = row_ids(&[chrome("143"), chrome("143"), chrome("144")]);
        assert_eq!(ids[1].0, format!("{}-2", ids[0].0));
        assert_eq!(ids[2].0, format!("{}-3", ids[0].0));
    }

    #[test]
    fn names_are_the_same_on_every_machine() {
        assert_eq!(id(&Row::default()).0, id(&Row::default()).0);
        let mut hash = Fnv::default();
        hash.field("a");
        assert_eq!(hash.0, {
            let a = (0xcbf2_9ce4_8422_2325_u64 ^ 0x61).wrapping_mul(0x0000_0100_0000_01b3);
            (a ^ 0xff).wrapping_mul(0x0000_0100_0000_01b3)
        });
    }
}
