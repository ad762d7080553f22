//! How much is gone through before a question is left open, counted in steps
//! and never in time, so that every machine gives the same answers.

use std::cell::Cell;
use std::rc::Rc;

/// What is left to spend; every clone draws on the same.
///
/// A step is about what it takes to look at one literal once: a microsecond
/// where the code is optimised. Whoever does more at a time spends more.
#[derive(Clone, Debug)]
pub(super) struct Budget(Rc<Left>);

#[derive(Debug)]
struct Left {
    whole: Cell<usize>,
    question: Cell<usize>,
}

/// Steps for a whole comparison, or for all weaknesses of a policy.
const WHOLE: usize = 4_000_000;
/// Steps for one question, so that no question keeps all others from being asked.
const QUESTION: usize = WHOLE / 4;

const TOO_MUCH: &str =
    "there was too much to go through; of policies that differ less, more can be shown";
const TOO_LONG: &str = "there are too many cases to go through";

impl Budget {
    pub(super) fn new() -> Self {
        Self::of(WHOLE)
    }

    fn of(steps: usize) -> Self {
        Self(Rc::new(Left { whole: Cell::new(steps), question: Cell::new(steps.min(QUESTION)) }))
    }

    /// Begins the next question.
    pub(super) fn ask(&self) {
        self.0.question.set(self.0.whole.get().min(QUESTION));
    }

    /// Takes steps away; `false` where the question, or the whole, has used up what it had.
    pub(super) fn spend(&self, steps: usize) -> bool {
        for left in [&self.0.whole, &self.0.question] {
            left.set(left.get().saturating_sub(steps));
        }
        !self.is_spent()
    }

    /// Whether nothing is left for this question.
    pub(super) fn is_spent(&self) -> bool {
        self.0.question.get() == 0
    }

    /// Why a question is left open for which nothing is left.
    pub(super) fn because(&self) -> &'static str {
        if self.0.whole.get() == 0 { TOO_MUCH } else { TOO_LONG }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_ends_before_the_whole_does() {
        let budget = Budget::of(3 * QUESTION);
        assert!(budget.spend(QUESTION - 1));
        assert!(!budget.clone().spend(1), "clones draw on the same");
        assert_eq!(budget.because(), TOO_LONG);
        for _ in 0..2 {
            budget.ask();
            assert!(!budget.is_spent());
            assert!(!budget.spend(QUESTION));
        }
        budget.ask();
        assert!(budget.is_spent());
        assert_eq!(budget.because(), TOO_MUCH);
    }
}
