//! The scope router, trained when a policy is built.

use bounden_base::Span;

use super::build::Builder;
use crate::bundle::Bundle;
use crate::nearest;
use crate::problem::Place;
use crate::router::ScopeRouter;

impl Builder {
    /// Trains the router of the bundle and makes its topics known to expressions.
    pub(super) fn router(&mut self, bundle: &mut Bundle) -> Option<ScopeRouter> {
        let from = bundle.router.as_mut()?;
        for (name, topic) in &from.outside {
            let Some(path) = topic.escalate.as_ref() else { continue };
            if bundle.escalations.contains_key(path) {
                continue;
            }
            let help = nearest::name(path, bundle.escalations.keys().map(String::as_str))
                .map(|near| format!("did you mean `{near}`?"));
            let message = format!("the escalation path `{path}` is not declared");
            self.problem("B256", Place::Topic(name.clone()), Span::default(), message, help);
        }
        match ScopeRouter::train(from) {
            Ok(router) => {
                self.surroundings.topics = router.topics().cloned().collect();
                Some(router)
            }
            Err(problems) => {
                for problem in problems {
                    let place = problem.topic.map_or(Place::Scope, Place::Topic);
                    self.problem("B260", place, Span::default(), problem.message, problem.help);
                }
                None
            }
        }
    }
}
