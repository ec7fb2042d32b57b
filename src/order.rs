//! Sorting by a key, compiled once for all types.
//!
//! Each instance of the standard library's sort weighs kilobytes; the extension's background would carry twenty.

use std::cmp::Ordering;

/// Sorts by a key, stably.
///
/// ```
/// let mut words = vec!["ccc", "a", "bb"];
/// latchkey::order::by_key(&mut words, |word| word.len());
/// assert_eq!(words, ["a", "bb", "ccc"]);
/// ```
pub fn by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    apply(items, &|a, b| keys.get(a).cmp(&keys.get(b)));
}

/// Sorts by a comparison, stably.
pub fn by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let places = sorted(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    arrange(items, &places);
}

fn apply<T>(items: &mut Vec<T>, compare: &dyn Fn(usize, usize) -> Ordering) {
    let places = sorted(items.len(), compare);
    arrange(items, &places);
}

#[inline(never)]
fn sorted(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| compare(*a, *b));
    places
}

fn arrange<T>(items: &mut Vec<T>, places: &[usize]) {
    let mut taken: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(places.iter().filter_map(|place| taken.get_mut(*place)?.take()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_stay_in_their_order() {
        let mut pairs = vec![(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd')];
        by_key(&mut pairs, |(key, _)| *key);
        assert_eq!(pairs, [(1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
        by(&mut pairs, |a, b| b.1.cmp(&a.1));
        assert_eq!(pairs.iter().map(|(_, c)| *c).collect::<String>(), "dcba");
    }
}
