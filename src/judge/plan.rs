//! What a run would send, without sending it.

use super::{Case, ChatJudge, Judge, Opinion, Tokens, case_key, prompt};
use crate::{
    config::{Amount, Format},
    domain::{Locator, TargetId},
};

/// What would be sent, how much, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The full address, without any secret.
    pub url: String,
    /// How it is reached, in words: directly or through which proxy.
    pub way: String,
    pub model: String,
    /// The form of answer that would be tried first.
    pub format: Format,
    /// Questions that an earlier run's answers save.
    pub cached: usize,
    pub questions: Vec<Planned>,
    /// Most that all questions can come to, if each is asked once.
    pub worst: Tokens,
    /// The same in money, with the currency; `None` without prices.
    pub cost: Option<(Amount, String)>,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    pub target: TargetId,
    pub system: Option<String>,
    /// Where the passages are from: path and place.
    pub passages: Vec<(String, Locator)>,
    /// Most that it can come to.
    pub worst: Tokens,
    /// Word for word.
    pub body: String,
}

impl ChatJudge {
    /// Says what these cases would send. `lookup` is that of [`judge_with`](super::judge_with).
    pub fn plan(&self, cases: &[Case], lookup: impl Fn(&str) -> Option<Opinion>) -> Plan {
        let format = self.endpoint.likely();
        let mut plan = Plan {
            url: self.endpoint.url().to_owned(),
            way: self.endpoint.way().to_owned(),
            model: self.model().to_owned(),
            format,
            cached: 0,
            questions: Vec::new(),
            worst: Tokens::default(),
            cost: None,
        };
        for case in cases {
            if lookup(&case_key(self.model(), case)).is_some_and(|opinion| opinion.complete) {
                plan.cached += 1;
                continue;
            }
            let body = self.body(case, &prompt::opening(case), format);
            let worst = self.endpoint.worst(&body);
            plan.worst += worst;
            let place = |c: &super::Candidate| (c.document.clone(), c.locator.clone());
            plan.questions.push(Planned {
                target: case.target.id.clone(),
                system: case.system.clone(),
                passages: case.candidates.iter().map(place).collect(),
                worst,
                body,
            });
        }
        plan.cost = self.endpoint.cost(plan.worst);
        plan
    }
}
