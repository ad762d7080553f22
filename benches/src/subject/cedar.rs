//! Cedar: one permit for the allowlist, one forbid a rule, arguments in the context.

use anyhow::Result;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet,
    Request,
};

use super::Subject;
use crate::workload::{CURRENCY, Call, LIMIT, tool};

/// The authorizer with its policies.
#[derive(Debug)]
pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    action: EntityTypeName,
    agent: EntityUid,
}

impl Subject for Cedar {
    const NAME: &'static str = "cedar-policy 4.14";
    type Input = Request;

    fn new(tools: usize) -> Result<Self> {
        let names = (0..tools).map(|number| format!("Action::\"{}\"", tool(number)));
        let allowed = names.clone().collect::<Vec<_>>().join(", ");
        let forbids = names.map(|name| {
            format!(
                "forbid (principal, action == {name}, resource) \
                 when {{ context.amount > {LIMIT} && context.currency == \"{CURRENCY}\" }};\n"
            )
        });
        let text = format!(
            "permit (principal, action in [{allowed}], resource);\n{}",
            forbids.collect::<String>()
        );
        Ok(Self {
            authorizer: Authorizer::new(),
            policies: text.parse()?,
            entities: Entities::empty(),
            action: "Action".parse()?,
            agent: "Agent::\"a\"".parse()?,
        })
    }

    fn read(&self, call: &Call) -> Result<Request> {
        let context = Context::from_json_str(&call.args, None)?;
        let action =
            EntityUid::from_type_name_and_id(self.action.clone(), EntityId::new(&call.tool));
        Ok(Request::new(self.agent.clone(), action, self.agent.clone(), context, None)?)
    }

    fn denies(&mut self, request: &Request) -> Result<bool> {
        let answer = self.authorizer.is_authorized(request, &self.policies, &self.entities);
        Ok(answer.decision() == Decision::Deny)
    }
}
