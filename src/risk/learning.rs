//! What an account's memory takes from a judged page.

use chrono::{DateTime, Utc};

use super::{Assessment, Judged, Snapshot, Verdict, books, expected};
use crate::memory::{ListName, Memory, ROWS_LEARNED, Sighting, Standing, Traits};
use crate::session::Outcome;
use crate::world::World;

/// Above this sum too little speaks for a row: while too little is known to flag it, it must not come to vouch
/// for itself and its like.
const DOUBT: f64 = -0.4;
/// With fewer rows than these, remembered and on the page, nothing is known that could speak against one: a card on an
/// exchange's overview lists the last two or three. Then something must speak for it.
const FEW: usize = 6;

/// Whether anything was found that speaks for a row: more than that little is known.
fn speaks_for(judged: &Judged) -> bool {
    let found = judged.evidence.iter().filter(|piece| !matches!(&*piece.signal, "prior" | "acquaintance"));
    found.map(|piece| piece.nats).sum::<f64>() < 0.0
}

impl Memory {
    /// Learns from a page and the judgement of it.
    ///
    /// Every row is remembered, but only one that was not flagged counts as the person's; one that was flagged does
    /// not begin to count by being seen again, unless the person says that it is theirs.
    pub fn learn(&mut self, snapshot: &Snapshot, assessment: &Assessment, world: &World<'_>, now: DateTime<Utc>) {
        let found = books::judge(self, snapshot, world, now);
        let noted = snapshot.books.iter().zip(found).map(|((id, row), found)| {
            let standing = if found.is_some() { Standing::Flagged } else { Standing::Own };
            (id, row, Traits::within(row, world), standing)
        });
        self.note(noted.collect(), now);
        self.look(now);
        if snapshot.sessions.is_empty() && snapshot.logins.is_empty() && !snapshot.books.is_empty() {
            return; // no reading of what the account's rows are judged by
        }
        let counted = self.rows().filter(|row| row.weight() > 0.0).count();
        let few = counted + snapshot.sessions.len() + snapshot.logins.len() < FEW && self.habits().is_empty();
        self.readings = self.readings.saturating_add(1);
        let lists = [(ListName::Sessions, &snapshot.sessions), (ListName::Logins, &snapshot.logins)];
        for (list, rows) in lists {
            let judged = assessment.rows.iter().filter(|judged| judged.list == list);
            for ((id, row), judged) in rows.iter().zip(judged).take(ROWS_LEARNED) {
                let standing = match judged.verdict {
                    _ if row.outcome == Some(Outcome::Failed) => Standing::Failed,
                    Verdict::Check | Verdict::Act => Standing::Flagged,
                    Verdict::Learning if judged.nats > DOUBT => Standing::Open,
                    // A device of others, which the person told of.
                    _ if judged.evidence.iter().any(|piece| piece.signal == expected::NAME) => Standing::Open,
                    Verdict::Known | Verdict::Learning if few && !row.current && !speaks_for(judged) => Standing::Open,
                    Verdict::Known | Verdict::Learning => Standing::Own,
                };
                let at = row.signed_in_at.as_ref().map(|time| time.at);
                self.remember(list, id, Traits::within(row, world), Sighting { at, standing, now });
            }
        }
        self.trim();
    }
}
