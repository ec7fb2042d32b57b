//! How a value that is new, rare or usual becomes nats.

use crate::memory::Seen;

/// How one sort of fact behaves, among people who are not this one as well.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// How likely an arbitrary value is for somebody else: small where there are many.
    pub share: f64,
    /// How many new values a person is good for before anything is known of them.
    pub openness: f64,
    /// How much each further value that the person was seen to use adds to that: somebody of many networks will have
    /// another one tomorrow.
    pub spread: f64,
    /// The least it may say (negative: for the person).
    pub floor: f64,
    /// The most it may say of a value never seen.
    pub cap: f64,
}

/// The most that a value may say which the person did use, however seldom: a session counts once, and may have been in
/// use every day.
const SEEN_CAP: f64 = 0.0;

/// The evidence that a value is not the person's: ln of how likely it is for somebody else over how likely it is for
/// the person, who uses `count` of `total` times this value and otherwise draws from what everybody uses:
///
/// ```text
/// α = openness + spread · (distinct − 1)        person = (count + α · share) / (total + α)
/// ```
///
/// With `count` = 0 that is ln((total + α) / α), which no greater count exceeds: a value never seen weighs most, one
/// seen once less, and so on. Before anything was seen it says nothing.
pub(super) fn surprise(seen: Seen, shape: Shape) -> f64 {
    if seen.total <= 0.0 {
        return 0.0;
    }
    let alpha = shape.openness + shape.spread * (seen.distinct - 1.0).max(0.0);
    let person = (seen.count + alpha * shape.share) / (seen.total + alpha);
    let nats = (shape.share / person).ln();
    let cap = if seen.count > 0.0 { shape.cap.min(SEEN_CAP) } else { shape.cap };
    nats.clamp(shape.floor, cap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHAPE: Shape = Shape { share: 0.05, openness: 1.0, spread: 0.5, floor: -3.0, cap: 3.0 };

    fn seen(count: f64, total: f64, distinct: f64) -> Seen {
        Seen { count, total, distinct }
    }

    #[test]
    fn nothing_seen_says_nothing() {
        assert_eq!(surprise(seen(0.0, 0.0, 0.0), SHAPE), 0.0);
    }

    #[test]
    fn somebody_of_many_places_is_less_surprising() {
        assert!(surprise(seen(0.0, 20.0, 8.0), SHAPE) < surprise(seen(0.0, 20.0, 1.0), SHAPE));
    }

    proptest! {
        #[test]
        fn never_weighs_most_and_often_least(total in 1.0..500.0f64, a in 0.0..1.0f64, b in 0.0..1.0f64, k in 1.0..9.0f64) {
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            let never = surprise(seen(0.0, total, k), SHAPE);
            prop_assert!(never >= 0.0);
            prop_assert!(never >= surprise(seen(low * total, total, k), SHAPE) - 1e-12);
            prop_assert!(surprise(seen(low * total, total, k), SHAPE) >= surprise(seen(high * total, total, k), SHAPE) - 1e-12);
        }
    }
}
