//! Stand-ins for the people whom promotion needs, so that one person can see
//! the whole way on one machine. They are named as what they are.

use std::collections::BTreeMap;

use bounden_ledger::{EnvironmentId, PersonId, RoleId, TeamId, TrustRoot};

use super::step;
use crate::exit::Failure;
use crate::promoter::Promoter;

/// How the names of stand-ins start; only their keys are used here.
const STAND_IN: &str = "local-";

/// Makes the stand-ins that are missing.
pub(super) fn stand_in(
    promoter: &mut Promoter,
    environments: &[EnvironmentId],
) -> Result<(), Failure> {
    let (mut needed, mut teams) = (BTreeMap::<RoleId, u64>::new(), Vec::<TeamId>::new());
    for environment in environments {
        let demands = promoter.demands(environment)?;
        for (role, count) in demands.quorum(true) {
            let most = needed.entry(role).or_default();
            *most = (*most).max(count);
        }
        teams.extend(demands.reviewer);
    }
    let mut made = 0;
    for (role, count) in &needed {
        for number in 1..=*count {
            let name = name(role, number, *count);
            if promoter.trust.people().iter().all(|person| person.person != name) {
                promoter.state.add_person(&name, vec![role.clone()], teams.clone())?;
                made += 1;
            }
        }
    }
    promoter.trust = promoter.state.trust()?;
    let all: u64 = needed.values().sum();
    let text = if made > 0 { "made with fresh keys" } else { "with the keys of before" };
    step(
        "people",
        format_args!("{all} local stand-ins, {text}; in an organisation these are people"),
    );
    Ok(())
}

/// The stand-ins who hold a role.
pub(super) fn named(trust: &TrustRoot, role: &RoleId) -> Vec<PersonId> {
    let stand_ins = trust.people().iter().filter(|person| {
        person.person.as_str().starts_with(STAND_IN) && person.roles.contains(role)
    });
    stand_ins.map(|person| person.person.clone()).collect()
}

fn name(role: &RoleId, number: u64, of: u64) -> PersonId {
    let text =
        if of == 1 { format!("{STAND_IN}{role}") } else { format!("{STAND_IN}{role}-{number}") };
    PersonId::new(text)
}
