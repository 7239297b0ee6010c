//! What a run may spend at most, in tokens and in money.
//!
//! A call sets its worst case aside before it is sent: one token for every byte of the request, since
//! no tokeniser in use makes more of it, and the whole of `max_tokens`. What the endpoint says it used
//! takes its place afterwards, if it can be true; if not, or where nothing is known, the worst case
//! counts. So the sum of what counts and what is set aside never goes over the limit.

use std::{
    ops::{Add, SubAssign},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use crate::{
    config::{Amount, JudgeConfig, Prices},
    judge::Tokens,
};

/// What a run came to so far. Tokens are those that count: as the endpoint says, or by their worst
/// case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spent {
    pub tokens: Tokens,
    /// With its currency; `None` without prices.
    pub cost: Option<(Amount, String)>,
    /// Calls that count by their worst case.
    pub guessed: usize,
}

impl Tokens {
    /// Of prompt and answer.
    pub fn sum(self) -> u64 {
        self.prompt.saturating_add(self.completion)
    }
}

impl Add for Tokens {
    type Output = Self;

    fn add(mut self, more: Self) -> Self {
        self += more;
        self
    }
}

impl SubAssign for Tokens {
    fn sub_assign(&mut self, less: Self) {
        self.prompt = self.prompt.saturating_sub(less.prompt);
        self.completion = self.completion.saturating_sub(less.completion);
    }
}

/// A tokeniser that makes fewer tokens than one for so many bytes is not believed. Longest words of
/// common vocabularies are about as long; texts come to 3 to 5 bytes a token.
const MOST_BYTES_A_TOKEN: u64 = 16;

/// Tokens that the endpoint's template puts around a request of two to four messages.
pub(super) const AROUND: u64 = 64;

#[derive(Debug)]
pub(super) struct Budget {
    tokens: u64,
    /// In millionths of a millionth.
    cost: u128,
    prices: Option<Prices>,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    spent: Tokens,
    aside: Tokens,
    guessed: usize,
}

/// What the budget says to a call.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Used;

/// The worst case of a call, set aside until it is known what it came to.
#[derive(Debug)]
pub(super) struct Aside<'b> {
    budget: &'b Budget,
    worst: Tokens,
    sent: bool,
}

impl Budget {
    pub(super) fn new(config: &JudgeConfig) -> Self {
        let cost = |amount: Amount| u128::from(amount.millionths()) * 1_000_000;
        Self {
            tokens: config.max_run_tokens.unwrap_or(u64::MAX),
            cost: config.max_cost.map_or(u128::MAX, cost),
            prices: config.prices.clone(),
            state: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A price for a million tokens in millionths is one for a token in their millionths.
    fn price(&self, tokens: Tokens) -> Option<u128> {
        let price =
            |count: u64, amount: Amount| u128::from(count) * u128::from(amount.millionths());
        self.prices
            .as_ref()
            .map(|p| price(tokens.prompt, p.input) + price(tokens.completion, p.output))
    }

    fn allows(&self, tokens: Tokens) -> bool {
        tokens.sum() <= self.tokens && self.price(tokens).is_none_or(|cost| cost <= self.cost)
    }

    /// Sets a call's worst case aside. Waits where it only fits once others turn out cheaper than
    /// their worst case.
    ///
    /// # Errors
    /// It doesn't fit.
    pub(super) fn set_aside(&self, worst: Tokens) -> Result<Aside<'_>, Used> {
        let mut state = self.state();
        loop {
            if !self.allows(state.spent + worst) {
                return Err(Used);
            }
            if self.allows(state.spent + state.aside + worst) {
                state.aside += worst;
                return Ok(Aside { budget: self, worst, sent: false });
            }
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(super) fn spent(&self) -> Spent {
        let state = self.state();
        Spent { tokens: state.spent, cost: self.cost_of(state.spent), guessed: state.guessed }
    }

    /// Rounded up to a millionth, with the currency.
    pub(super) fn cost_of(&self, tokens: Tokens) -> Option<(Amount, String)> {
        let cost = self.price(tokens)?.div_ceil(1_000_000);
        let amount = Amount::from_millionths(u64::try_from(cost).unwrap_or(u64::MAX));
        Some((amount, self.prices.as_ref()?.currency.clone()))
    }
}

impl Aside<'_> {
    /// From here on it may cost something.
    pub(super) fn sent(&mut self) {
        self.sent = true;
    }

    /// The endpoint refused the request, or never got it.
    pub(super) fn free(mut self) {
        self.sent = false;
    }

    /// The endpoint says what it used for an answer of so many bytes, or says nothing.
    pub(super) fn used(mut self, said: Option<Tokens>, answer_bytes: usize) {
        let least = |bytes: u64| bytes.div_ceil(MOST_BYTES_A_TOKEN);
        let prompt = least(self.worst.prompt.saturating_sub(AROUND))..=self.worst.prompt;
        let completion = least(answer_bytes as u64)..=self.worst.completion;
        let believed =
            said.filter(|t| prompt.contains(&t.prompt) && completion.contains(&t.completion));
        if let Some(tokens) = believed {
            self.sent = false;
            self.budget.state().spent += tokens;
        }
    }
}

impl Drop for Aside<'_> {
    fn drop(&mut self) {
        let mut state = self.budget.state();
        state.aside -= self.worst;
        if self.sent {
            state.spent += self.worst;
            state.guessed += 1;
        }
        self.budget.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::*;

    fn budget(tokens: Option<u64>, cost: Option<&str>) -> Budget {
        let prices = Prices {
            input: "1".parse().unwrap(),
            output: "2.5".parse().unwrap(),
            currency: "EUR".into(),
        };
        Budget::new(&JudgeConfig {
            max_run_tokens: tokens,
            max_cost: cost.map(|c| c.parse().unwrap()),
            prices: Some(prices),
            ..JudgeConfig::new("", "")
        })
    }

    fn tokens(prompt: u64, completion: u64) -> Tokens {
        Tokens { prompt, completion }
    }

    fn call(budget: &Budget, said: Option<Tokens>) {
        let mut aside = budget.set_aside(tokens(1000, 100)).unwrap();
        aside.sent();
        aside.used(said, 160);
    }

    #[test]
    fn what_is_said_counts_if_it_can_be_true() {
        let budget = budget(None, None);
        call(&budget, Some(tokens(300, 40)));
        assert_eq!(budget.spent().tokens, tokens(300, 40));
        assert_eq!(budget.spent().guessed, 0);
        // Nothing, too little for what was sent or answered, and more than there can have been.
        let lies = [(0, 0), (50, 40), (300, 9), (1001, 40), (300, 101), (u64::MAX, u64::MAX)];
        for said in std::iter::once(None).chain(lies.map(|(p, c)| Some(tokens(p, c)))) {
            let before = budget.spent();
            call(&budget, said);
            assert_eq!(budget.spent().tokens, before.tokens + tokens(1000, 100), "{said:?}");
        }
        assert_eq!(budget.spent().guessed, 7);
        let (cost, currency) = budget.spent().cost.unwrap();
        // 7300 · 1 + 740 · 2.5 millionths.
        assert_eq!((cost.millionths(), currency.as_str()), (9150, "EUR"));
    }

    #[test]
    fn refused_requests_cost_nothing_and_a_thread_that_dies_counts_in_full() {
        let budget = budget(None, None);
        budget.set_aside(tokens(10, 10)).unwrap().free();
        drop(budget.set_aside(tokens(10, 10)).unwrap());
        assert_eq!(budget.spent().tokens, Tokens::default());
        budget.set_aside(tokens(10, 10)).unwrap().sent();
        assert_eq!(budget.spent().tokens, tokens(10, 10));
    }

    #[test]
    fn neither_limit_is_passed() {
        let by_tokens = budget(Some(219), None);
        call_worst(&by_tokens);
        assert_eq!(by_tokens.set_aside(tokens(100, 10)).unwrap_err(), Used);
        assert_eq!(by_tokens.set_aside(tokens(99, 10)).map(drop), Ok(()));
        // 100 · 1 + 10 · 2.5 = 125 millionths a call.
        let by_cost = budget(None, Some("0.000249"));
        call_worst(&by_cost);
        assert_eq!(by_cost.set_aside(tokens(100, 10)).unwrap_err(), Used);
        let nothing = budget(Some(0), None);
        assert_eq!(nothing.set_aside(tokens(1, 0)).unwrap_err(), Used);
    }

    fn call_worst(budget: &Budget) {
        let mut aside = budget.set_aside(tokens(100, 10)).unwrap();
        aside.sent();
        aside.used(None, 0);
    }

    #[test]
    fn who_may_fit_later_waits_for_what_others_came_to() {
        let budget = budget(Some(300), None);
        let mut first = budget.set_aside(tokens(200, 50)).unwrap();
        first.sent();
        let (say, heard) = mpsc::channel();
        thread::scope(|scope| {
            let budget = &budget;
            scope.spawn(move || say.send(budget.set_aside(tokens(200, 50)).is_ok()).unwrap());
            assert!(heard.recv_timeout(Duration::from_millis(20)).is_err(), "it must wait");
            first.used(Some(tokens(20, 2)), 3);
            assert!(heard.recv().unwrap());
        });
        assert_eq!(budget.spent().tokens, tokens(20, 2));
    }
}
