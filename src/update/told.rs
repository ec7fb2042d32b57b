//! What the person says on the settings page: of themselves, of devices, and what is to be forgotten.

use super::show::settings;
use super::{Around, Outcome, diary, judge_again, watch};
use crate::protocol::{Reply, Told};
use crate::state::{AccountId, Kept, State};

/// Notes what the person says, judges all by it and answers with the settings. On a computer of others they can only
/// have things forgotten: nothing of theirs is kept there.
pub fn told(state: &mut State, told: Told, around: &Around<'_>) -> Outcome {
    let now = around.now;
    if watch::is_shared(state) && !matches!(told, Told::Forget(_)) {
        return Outcome::refused("nothing is kept on a computer of others");
    }
    let kept = &mut state.kept;
    let done = match told {
        Told::Settings(settings) => {
            kept.told = settings;
            true
        }
        Told::Borrowed(account, entry) => {
            kept.accounts.get_mut(&account).is_some_and(|account| diary::borrow(account, entry))
        }
        Told::Lost(device) => diary::part(kept, &device, now),
        Told::PutAway(account, device) => {
            diary::put_away(kept, account.as_ref(), &device, now);
            true
        }
        Told::Export(account) => {
            let json = kept.accounts.get(&account).and_then(|account| serde_json::to_string(account).ok());
            return json
                .map_or_else(|| Outcome::refused("no such account"), |json| Outcome::reply(Reply::Export(json)));
        }
        Told::Forget(account) => {
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
