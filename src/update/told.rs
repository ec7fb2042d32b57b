//! What the person says on the settings page: of themselves, of devices, and what is to be forgotten.

use chrono::DateTime;

use super::show::settings;
use super::{Around, Outcome, diary, judge_again, watch};
use crate::memory::{Expected, Sensitivity};
use crate::protocol::{About, Reply, Told};
use crate::state::{AccountId, Kept, State};

/// Notes what the person says, judges all by it and answers with the settings. On a computer of others they can only
/// have things forgotten: nothing of theirs is kept there.
pub fn told(state: &mut State, told: Told, around: &Around<'_>) -> Outcome {
    let now = around.now;
    let Told { about, account, words, until } = told;
    if watch::is_shared(state) && about != About::Forget {
        return Outcome::refused("nothing is kept on a computer of others");
    }
    let kept = &mut state.kept;
    let device = words.first().cloned().unwrap_or_default();
    let known = account.as_ref().and_then(|id| kept.accounts.get_mut(id));
    let done = match about {
        About::UsualCountries => {
            kept.told.usual_countries = words;
            true
        }
        About::VpnCountries => {
            kept.told.vpn_countries = words;
            true
        }
        About::Calm | About::Balanced | About::Watchful => {
            kept.told.sensitivity = match about {
                About::Calm => Sensitivity::Calm,
                About::Watchful => Sensitivity::Watchful,
                _ => Sensitivity::Balanced,
            };
            true
        }
        About::Borrowed => {
            let until = DateTime::from_timestamp_millis(until as i64);
            let country = words.get(1).cloned();
            let entry = until.map(|until| Expected { device, country, from: now, until });
            known.zip(entry).is_some_and(|(account, entry)| account.memory.expect(entry))
        }
        About::Lost => diary::part(kept, &device, now),
        About::PutAway => {
            diary::put_away(kept, account.as_ref(), &device, now);
            true
        }
        About::Export => {
            let json = known.and_then(|account| crate::json::text(account).ok());
            return json
                .map_or_else(|| Outcome::refused("no such account"), |json| Outcome::reply(Reply::Export(json)));
        }
        About::Forget => {
            forget(kept, account.as_ref());
            true
        }
    };
    if !done {
        return Outcome::refused("that cannot be noted");
    }
    let alarm = diary::alarm(kept, now);
    let mut effects = judge_again(state, None, around);
    effects.extend(alarm);
    Outcome { reply: Reply::Settings(Box::new(settings(state, now))), effects, judged: true }
}

/// Forgets an account, or all that was learned and told. What is watched stays watched.
fn forget(kept: &mut Kept, account: Option<&AccountId>) {
    match account {
        Some(account) => {
            kept.accounts.remove(account);
            kept.parted.retain(|parted| parted.account.as_ref() != Some(account));
            for parted in &mut kept.parted {
                parted.looks.retain(|look| look.0 != *account);
            }
        }
        None => {
            let (watched, watch) = (std::mem::take(&mut kept.watched), std::mem::take(&mut kept.watch));
            *kept = Kept { watched, watch, ..Kept::default() };
        }
    }
}
