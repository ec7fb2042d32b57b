//! What the person said of this very row.

use super::case::{Case, Weighed};
use crate::explain::Message;
use crate::memory::Answer;

const MINE: f64 = -6.0;
/// Theirs when they said so, elsewhere now: a stolen cookie would look like that.
const MINE_ELSEWHERE: f64 = -2.0;
const NOT_MINE: f64 = 12.0;

pub(super) fn weigh(case: &Case<'_>) -> Option<Weighed> {
    let answered = case.remembered?.answer.as_ref()?;
    let stayed = |then: Option<&String>, now: Option<&String>| then.is_none() || now.is_none() || then == now;
    let same = stayed(answered.block.as_ref(), case.traits.block.as_ref())
        && stayed(answered.country.as_ref(), case.traits.country.as_ref());
    let (nats, key) = match answered.answer {
        Answer::Mine if same => (MINE, "evidence_answer_mine"),
        Answer::Mine => (MINE_ELSEWHERE, "evidence_answer_mine_elsewhere"),
        Answer::NotMine => (NOT_MINE, "evidence_answer_not_mine"),
    };
    Weighed::new(nats, Message::new(key))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::memory::{Answer, Memory};
    use crate::risk::Verdict;
    use crate::session::Row;

    fn verdict(memory: &Memory, row: Row) -> (Verdict, f64) {
        let judged = judged(memory, vec![row]).remove(0);
        (judged.verdict, nats(&judged, "answer"))
    }

    #[test]
    fn the_persons_word_decides() {
        assert_eq!(verdict(&answered(foreign_login(), Answer::Mine), foreign_login()), (Verdict::Known, super::MINE));
        assert_eq!(verdict(&answered(own_login(), Answer::NotMine), own_login()), (Verdict::Act, super::NOT_MINE));
    }

    #[test]
    fn it_holds_less_where_the_row_has_moved_since() {
        let moved = Row { ip: Some("192.88.99.1".into()), ..foreign_login() };
        assert_eq!(verdict(&answered(foreign_login(), Answer::Mine), moved).1, super::MINE_ELSEWHERE);
    }

    #[test]
    fn without_a_word_nothing_is_said() {
        assert_eq!(said("answer", foreign_login()), 0.0);
    }
}
