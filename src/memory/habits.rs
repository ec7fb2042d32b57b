//! What a person uses: how often each value of each fact was seen on rows that are theirs.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::traits::{Fact, Traits};
use crate::map::Map;

/// How many values of one fact are kept; the least used ones are left out first.
const VALUES_KEPT: usize = 64;

/// Counts that outlive the rows they were taken from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Habits {
    counts: Map<Fact, Map<String, u32>>,
    /// How many logins fell into each hour of the day, UTC; empty or 24 long.
    hours: Vec<u32>,
}

impl Habits {
    /// Adds the facts of one row, and the hour of its login.
    pub fn add(&mut self, traits: &Traits, hour: Option<u32>) {
        for fact in Fact::ALL {
            let Some(value) = traits.get(fact) else { continue };
            let values = self.counts.or_default(fact);
            let count = values.or_default(value.to_owned());
            *count = count.saturating_add(1);
            if values.len() > VALUES_KEPT {
                let kept = value.to_owned();
                let least = values.iter().filter(|(name, _)| **name != kept).min_by_key(|(_, count)| **count);
                if let Some(least) = least.map(|(name, _)| name.clone()) {
                    values.remove(&least);
                }
            }
        }
        if let Some(hour) = hour {
            self.hours.resize(24, 0);
            if let Some(count) = self.hours.get_mut(hour as usize) {
                *count = count.saturating_add(1);
            }
        }
    }

    /// Nothing at all.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.hours.is_empty()
    }

    /// Counts these rows and the habits, each row once: the most rows that any one fact is known of.
    pub fn rows<'a>(&self, rows: impl Iterator<Item = &'a Traits>) -> f64 {
        let mut totals = Fact::ALL.map(|fact| {
            self.counts.get(&fact).map_or(0.0, |values| values.values().copied().map(f64::from).sum::<f64>())
        });
        for traits in rows {
            for (total, fact) in totals.iter_mut().zip(Fact::ALL) {
                *total += f64::from(u8::from(traits.get(fact).is_some()));
            }
        }
        totals.into_iter().fold(0.0, f64::max)
    }

    /// The logins by hour of the day, UTC.
    pub fn hours(&self) -> impl Iterator<Item = (u32, u32)> {
        (0..24).zip(self.hours.iter().copied())
    }
}

/// A tally for one judgement: habits and rows together.
#[derive(Debug, Clone, Default)]
pub struct Tally<'a> {
    /// What this one is counted on top of.
    base: Option<&'a Tally<'a>>,
    counts: HashMap<(Fact, &'a str), f64>,
    totals: [Total; Fact::ALL.len()],
}

#[derive(Debug, Clone, Copy, Default)]
struct Total {
    weight: f64,
    distinct: f64,
}

/// What a tally says of one value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// How often this value was seen.
    pub count: f64,
    /// How often any value was.
    pub total: f64,
    /// How many values there are.
    pub distinct: f64,
}

impl<'a> Tally<'a> {
    /// A tally that goes on from another: that one is counted once, however many go on from it.
    pub fn over(base: &'a Tally<'a>) -> Self {
        Self { base: Some(base), counts: HashMap::new(), totals: base.totals }
    }

    /// Adds one row's facts, `weight` times.
    pub fn add(&mut self, traits: &'a Traits, weight: f64) {
        for fact in Fact::ALL {
            if let Some(value) = traits.get(fact) {
                self.count(fact, value, weight);
            }
        }
    }

    /// Adds what outlived its rows.
    pub fn add_habits(&mut self, habits: &'a Habits) {
        for (fact, values) in habits.counts.iter() {
            for (value, count) in values.iter() {
                self.count(*fact, value, f64::from(*count));
            }
        }
    }

    /// What is known of a value when the rows `without` are not counted.
    pub fn seen(&self, fact: Fact, value: &str, without: &[(&Traits, f64)]) -> Seen {
        let total = self.totals[fact as usize];
        let mut seen = Seen { count: self.counted(fact, value), total: total.weight, distinct: total.distinct };
        for (i, (traits, weight)) in without.iter().enumerate() {
            let Some(left_out) = traits.get(fact) else { continue };
            seen.total -= weight;
            if left_out == value {
                seen.count -= weight;
            }
            // A value is gone when all that was counted for it is left out; the last of its rows tells.
            let same: f64 =
                without.iter().filter(|(other, _)| other.get(fact) == Some(left_out)).map(|(_, weight)| weight).sum();
            let last = without[i + 1..].iter().all(|(other, _)| other.get(fact) != Some(left_out));
            if last && self.counted(fact, left_out) <= same + 1e-9 {
                seen.distinct -= 1.0;
            }
        }
        seen.count = seen.count.max(0.0);
        seen.total = seen.total.max(0.0);
        seen.distinct = seen.distinct.max(0.0);
        seen
    }

    fn counted(&self, fact: Fact, value: &str) -> f64 {
        let below = self.base.map_or(0.0, |base| base.counted(fact, value));
        below + self.counts.get(&(fact, value)).copied().unwrap_or_default()
    }

    fn count(&mut self, fact: Fact, value: &'a str, weight: f64) {
        let total = &mut self.totals[fact as usize];
        total.weight += weight;
        let base = self.base;
        let count = self.counts.entry((fact, value)).or_insert_with(|| {
            let known = base.is_some_and(|base| base.counted(fact, value) > 0.0);
            total.distinct += if known { 0.0 } else { 1.0 };
            0.0
        });
        *count += weight;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_country(code: &str) -> Traits {
        Traits { country: Some(code.into()), ..Traits::default() }
    }

    #[test]
    fn rows_left_out_are_not_counted() {
        let (pt, ng) = (in_country("PT"), in_country("NG"));
        let mut tally = Tally::default();
        tally.add(&pt, 1.0);
        tally.add(&pt, 1.0);
        tally.add(&ng, 1.0);
        let seen = tally.seen(Fact::Country, "NG", &[(&ng, 1.0)]);
        assert_eq!(seen, Seen { count: 0.0, total: 2.0, distinct: 1.0 });
        let seen = tally.seen(Fact::Country, "PT", &[(&pt, 1.0), (&pt, 1.0)]);
        assert_eq!(seen, Seen { count: 0.0, total: 1.0, distinct: 1.0 });
    }

    #[test]
    fn habits_do_not_grow_without_end() {
        let mut habits = Habits::default();
        let often = in_country("PT");
        habits.add(&often, Some(9));
        habits.add(&often, Some(9));
        for i in 0..1000 {
            habits.add(&in_country(&i.to_string()), None);
        }
        assert!(habits.counts[&Fact::Country].len() <= VALUES_KEPT);
        assert_eq!(habits.counts[&Fact::Country]["PT"], 2);
        assert_eq!(habits.hours().map(|(_, count)| count).sum::<u32>(), 2);
    }
}
