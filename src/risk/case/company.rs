//! The company in which a row is judged: which rows of the page count for it, and how much.

use std::cell::OnceCell;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::{Judged, judge};
use super::{Case, EVENT_ROWS, Member, Page, failed, moments, signed_in};
use crate::memory::{ListName, Remembered, Tally, Traits};

/// How far apart the rows of one event may be.
const EVENT: TimeDelta = TimeDelta::minutes(30);
/// Below which sum a new row vouches for others. That is: unless something speaks for it, it does not.
const VOUCHES: f64 = super::super::PRIOR;
/// How much the session in which the person looks counts.
const CURRENT_WEIGHT: f64 = 2.0;

impl<'a> Page<'a> {
    /// Every row, judged in its company.
    pub(in crate::risk) fn judge(&self) -> Vec<Judged> {
        let first =
            Company::new(self, |member| if self.thin || member.row.current { self.new_weight(member) } else { 0.0 });
        let judged = first.judge();
        if self.thin {
            return judged;
        }
        let plain: Vec<bool> = judged.iter().map(|row| row.nats < VOUCHES).collect();
        let mut plain = plain.into_iter();
        Company::new(self, |member| {
            let plain = plain.next().unwrap_or(false);
            if plain || member.row.current { self.new_weight(member) } else { 0.0 }
        })
        .judge()
    }

    /// What a row of the page adds to what memory counts already.
    fn new_weight(&self, member: &Member<'_>) -> f64 {
        if failed(member.row) {
            return 0.0;
        }
        match self.before(member.remembered) {
            _ if member.row.current => CURRENT_WEIGHT,
            None => 1.0,
            // Counted in memory, or flagged before: being seen again does not make it the person's.
            Some(_) => 0.0,
        }
    }

    /// Whether a row may have a twin in the other list that its times do not tell: a session that does not show when it
    /// began, and the login that began it. While the page's rows vouch for each other, one of them then does not.
    fn has_unknown_twin(&self, index: usize, event: &[usize]) -> bool {
        let member = &self.members[index];
        let is_told = event.iter().any(|other| self.members[*other].list != member.list);
        if !self.thin || is_told {
            return false;
        }
        match member.list {
            ListName::Sessions => signed_in(member.row).is_none() && self.has_logins,
            ListName::Logins => self.has_open_beginnings,
        }
    }

    /// What this visit's other pages told of the event of a row, each as it counts. Where no time tells, what came from the
    /// same network may be of it.
    fn told_elsewhere(&self, index: usize) -> impl Iterator<Item = (&Traits, f64)> {
        let member = &self.members[index];
        let moments: Vec<DateTime<Utc>> = moments(member.row).collect();
        let began = signed_in(member.row).is_some();
        let is_of_event = move |row: &Remembered| match row.at {
            Some(at) if began => moments.iter().any(|moment| (at - *moment).abs() <= EVENT),
            _ => row.traits.block.is_some() && row.traits.block == member.traits.block,
        };
        self.elsewhere.iter().filter(move |row| is_of_event(row)).map(|row| (&row.traits, row.weight()))
    }

    /// The rows of the same event as a row, itself among them.
    fn event(&self, index: usize) -> Vec<usize> {
        let mut event = vec![index];
        let mut take = |other: usize| {
            if !event.contains(&other) && event.len() < EVENT_ROWS {
                event.push(other);
            }
        };
        let row = self.members[index].row;
        for at in moments(row) {
            self.near(at, EVENT).for_each(|(_, i)| take(*i));
        }
        event
    }
}

/// A page's rows with what they count for each other.
struct Company<'a> {
    page: &'a Page<'a>,
    tally: Tally<'a>,
    weights: Vec<f64>,
}

impl<'a> Company<'a> {
    fn new(page: &'a Page<'a>, weight: impl FnMut(&Member<'a>) -> f64) -> Self {
        let weights: Vec<f64> = page.members.iter().map(weight).collect();
        let mut tally = Tally::over(&page.baseline);
        for (member, weight) in page.members.iter().zip(&weights).filter(|(_, weight)| **weight > 0.0) {
            tally.add(&member.traits, *weight);
        }
        Self { page, tally, weights }
    }

    fn judge(&self) -> Vec<Judged> {
        self.page
            .members
            .iter()
            .enumerate()
            .map(|(i, member)| {
                let event = self.page.event(i);
                let here = event
                    .iter()
                    .filter(|other| self.weights[**other] > 0.0)
                    .map(|other| (&self.page.members[*other].traits, self.weights[*other]));
                let without = here.chain(self.page.told_elsewhere(i)).collect();
                judge(&Case {
                    list: member.list,
                    id: member.id,
                    row: member.row,
                    traits: &member.traits,
                    remembered: member.remembered,
                    page: self.page,
                    tally: &self.tally,
                    weights: &self.weights,
                    without,
                    has_unknown_twin: self.page.has_unknown_twin(i, &event),
                    new_device: OnceCell::new(),
                })
            })
            .collect()
    }
}
