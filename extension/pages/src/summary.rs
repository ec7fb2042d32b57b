//! The one line that says how an account stands.

use latchkey::explain::{Arg, Message};
use latchkey::risk::{Stage, Verdict};
use latchkey::view::{AccountView, FindingView, RowView, Tone};

/// The line.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// How it looks.
    pub tone: Tone,
    /// Its words.
    pub text: Message,
}

/// How an account stands. Good only where sessions were read, all of them, and every one is known.
pub fn summary(account: &AccountView) -> Summary {
    let gravest = findings(account).map(|row| row.verdict).chain(account.account.iter().map(|it| it.verdict)).max();
    let unknown = account.sessions.iter().filter(|row| row.verdict == Verdict::Learning).count();
    let (tone, text) = if account.findings > 0 {
        let gravest = gravest.filter(|verdict| verdict.is_finding()).unwrap_or(Verdict::Check);
        (gravest.tone(), Message::new("popup_findings").with(Arg::Count(account.findings.into())))
    } else if account.sessions.is_empty() {
        (Tone::Unknown, Message::new("popup_only_logins"))
    } else if account.stage == Stage::Learning {
        (Tone::Unknown, Message::new("popup_still_learning"))
    } else if unknown > 0 {
        (Tone::Unknown, Message::new("popup_some_unknown").with(Arg::Count(unknown as u64)))
    } else if account.problems.iter().any(hides_something) {
        (Tone::Unknown, Message::new("popup_what_was_read_is_yours"))
    } else {
        (Tone::Good, Message::new("popup_all_yours"))
    };
    Summary { tone, text }
}

/// The rows that are findings, in the page's order.
pub fn findings(account: &AccountView) -> impl Iterator<Item = &RowView> {
    account.sessions.iter().chain(&account.logins).filter(|row| row.verdict.is_finding())
}

/// What there is to say of the account that belongs to no row.
pub fn account_findings(account: &AccountView) -> impl Iterator<Item = &FindingView> {
    account.account.iter().filter(|finding| finding.verdict != Verdict::Learning)
}

/// Whether a problem may have kept something from being read. That a control hides behind a menu does not.
fn hides_something(problem: &Message) -> bool {
    problem.key != "problem_control_behind_a_menu"
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use latchkey::memory::{ListName, RowId};
    use latchkey::state::AccountId;
    use latchkey::view::ExchangeView;

    use super::*;

    fn row(verdict: Verdict) -> RowView {
        RowView {
            id: RowId("a".to_owned()),
            list: ListName::Sessions,
            device: None,
            nickname: None,
            place: None,
            ip: None,
            near: Vec::new(),
            network: Vec::new(),
            signed_in_at: None,
            last_active_at: None,
            current: false,
            verdict,
            mark: None,
            answer: None,
            reasons: Vec::new(),
            node: None,
        }
    }

    fn account(sessions: &[Verdict]) -> AccountView {
        AccountView {
            id: AccountId("demo||".to_owned()),
            exchange: ExchangeView {
                id: "demo".to_owned(),
                name: "Demo".to_owned(),
                hosts: Vec::new(),
                patterns: Vec::new(),
                device_page: None,
                watched: true,
            },
            label: None,
            read_at: DateTime::default(),
            stage: Stage::Settled,
            findings: sessions.iter().filter(|verdict| verdict.is_finding()).count() as u32,
            sessions: sessions.iter().copied().map(row).collect(),
            logins: Vec::new(),
            account: Vec::new(),
            problems: Vec::new(),
            data: None,
            remembers: true,
        }
    }

    fn tone(account: &AccountView) -> Tone {
        summary(account).tone
    }

    #[test]
    fn only_known_sessions_that_were_all_read_are_good() {
        let good = account(&[Verdict::Known, Verdict::Known]);
        assert_eq!(tone(&good), Tone::Good);
        let cut_off = AccountView { problems: vec![Message::new("problem_cut_off")], ..good.clone() };
        assert_eq!(tone(&cut_off), Tone::Unknown);
        let learning = AccountView { stage: Stage::Learning, ..good.clone() };
        assert_eq!(tone(&learning), Tone::Unknown);
        assert_eq!(tone(&account(&[])), Tone::Unknown);
        assert_eq!(tone(&account(&[Verdict::Known, Verdict::Learning])), Tone::Unknown);
    }

    #[test]
    fn a_control_behind_a_menu_does_not_darken_the_line() {
        let menu = Message::new("problem_control_behind_a_menu");
        assert_eq!(tone(&AccountView { problems: vec![menu], ..account(&[Verdict::Known]) }), Tone::Good);
    }

    #[test]
    fn the_gravest_finding_gives_the_line_its_look() {
        assert_eq!(tone(&account(&[Verdict::Check, Verdict::Act, Verdict::Known])), Tone::Act);
        assert_eq!(tone(&account(&[Verdict::Check, Verdict::Known])), Tone::Check);
        let of_account = FindingView { message: Message::new("k"), verdict: Verdict::Act, entry: None };
        let view = AccountView { findings: 1, account: vec![of_account], ..account(&[Verdict::Known]) };
        assert_eq!(tone(&view), Tone::Act);
    }
}
