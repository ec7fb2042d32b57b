//! How many tests passed and failed, as the test harnesses print it.

use std::fmt;
use std::ops::AddAssign;

/// A count of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many held.
    pub passed: usize,
    /// How many did not.
    pub failed: usize,
}

impl Tally {
    /// Reads the summary line of `cargo test` or of wasm-bindgen's runner; any other line is `None`.
    pub fn from_line(line: &str) -> Option<Self> {
        let (_, counts) = line.trim_start().strip_prefix("test result:")?.split_once(". ")?;
        let count_of = |word: &str| {
            let count = counts.split(';').find_map(|part| part.trim().strip_suffix(word))?;
            count.trim_end().parse().ok()
        };
        Some(Self { passed: count_of("passed")?, failed: count_of("failed")? })
    }

    /// One check that is not a test of a harness.
    pub fn of(held: bool) -> Self {
        Self { passed: usize::from(held), failed: usize::from(!held) }
    }

    /// What a run amounts to: one that ended badly without naming a failed test, and one without a single test, are
    /// failures too.
    pub fn after(mut self, ended_well: bool) -> Self {
        let nothing_ran = self.passed == 0 && self.failed == 0;
        if (!ended_well && self.failed == 0) || nothing_ran {
            self.failed += 1;
        }
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_line_is_counted() {
        let line = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.02s";
        assert_eq!(Tally::from_line(line), Some(Tally { passed: 12, failed: 0 }));
        let line = "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(Tally::from_line(line), Some(Tally { passed: 1, failed: 2 }));
    }

    #[test]
    fn the_browser_runners_summary_is_counted() {
        let line = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.05s";
        assert_eq!(Tally::from_line(line), Some(Tally { passed: 3, failed: 0 }));
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(Tally::from_line("test risk::tests::a_vpn_alone_is_not_an_alarm ... ok"), None);
        assert_eq!(Tally::from_line("the test result: ok. 3 passed; 0 failed"), None);
        assert_eq!(Tally::from_line("test result: ok. many passed; 0 failed"), None);
        assert_eq!(Tally::from_line("test result:"), None);
    }

    #[test]
    fn a_run_that_ended_badly_has_failed_even_without_a_failed_test() {
        assert_eq!(Tally { passed: 5, failed: 0 }.after(false), Tally { passed: 5, failed: 1 });
        assert_eq!(Tally { passed: 5, failed: 2 }.after(false), Tally { passed: 5, failed: 2 });
    }

    #[test]
    fn a_run_without_tests_has_failed() {
        assert_eq!(Tally::default().after(true), Tally { passed: 0, failed: 1 });
        assert_eq!(Tally { passed: 1, failed: 0 }.after(true), Tally { passed: 1, failed: 0 });
    }

    #[test]
    fn the_last_line_has_its_exact_form() {
        assert_eq!(Tally { passed: 31, failed: 1 }.to_string(), "31 passed, 1 failed");
    }
}
