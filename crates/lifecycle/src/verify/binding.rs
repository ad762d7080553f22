//! One binding of a lock: evidence, difference and people, as they were when the gate decided.

use bounden_base::{Digest, Json};
use bounden_ledger::lock::VerifiedBinding;
use bounden_ledger::statement::{Action, DiffClass, Promotion};
use bounden_spec::organisation::{Judgement, OrganisationPolicy};

use super::{Finding, Reason, Sources, recorded_body};
use crate::evaluation::Evidence;
use crate::gate::{missing_for, weigh};
use crate::plan::Side;
use crate::{Demands, Plan, Release};

pub(super) fn check(
    release: &Release,
    binding: &VerifiedBinding,
    sources: &Sources<'_>,
    findings: &mut Vec<Finding>,
) {
    let promotion = binding.promotion();
    let mut found = Vec::new();
    let Some(demands) = Demands::of(release.intent(), &promotion.environment) else {
        return findings.push(Reason::WayNotTaken.found(&promotion.environment));
    };
    check_way(promotion, &demands, &mut found);
    check_evidence(release, promotion, &demands, sources, &mut found);
    check_diff(release, promotion, sources, &mut found);
    let roles: Vec<_> = binding.approvals().iter().map(|vote| &vote.approval().role).collect();
    let is_material = promotion.diff.class > DiffClass::Reduction;
    let short = missing_for(&demands, promotion.action, is_material, &roles);
    found.extend(short.into_iter().map(|short| Reason::QuorumShort.found(short)));
    let place = format!("{} (epoch {})", promotion.environment, promotion.epoch);
    findings.extend(found.into_iter().map(|finding| finding.at(&place)));
}

fn check_way(promotion: &Promotion, demands: &Demands, found: &mut Vec<Finding>) {
    let expected = demands.from.as_ref().filter(|_| promotion.action == Action::Promote);
    if promotion.carried_from.as_ref() != expected {
        let from = expected.map_or("nowhere", |from| from.as_str());
        found.push(Reason::WayNotTaken.found(format!("expected from {from}")));
    }
}

fn check_evidence(
    release: &Release,
    promotion: &Promotion,
    demands: &Demands,
    sources: &Sources<'_>,
    found: &mut Vec<Finding>,
) {
    let mut evidence = Vec::new();
    for digest in &promotion.evidence {
        let Some(bytes) = (sources.recorded)(digest) else {
            found.push(Reason::EvidenceMissing.found(digest.short()));
            continue;
        };
        let read = Evidence::read(&bytes).ok().filter(|_| Digest::of(&bytes) == *digest);
        match read {
            Some(read) => evidence.push(read),
            None => found.push(Reason::EvidenceNotBound.found(digest.short())),
        }
    }
    let demanded = demands.evidence.as_ref().filter(|_| promotion.action == Action::Promote);
    if let Some(demanded) = demanded.filter(|_| evidence.len() == promotion.evidence.len()) {
        let mut refusals = Vec::new();
        weigh(release, demanded, &evidence, promotion.time, &mut refusals);
        found.extend(refusals.iter().map(|refusal| {
            Reason::EvidenceInsufficient.found(format!(
                "{}: {}",
                refusal.reason.code(),
                refusal.found
            ))
        }));
    }
}

fn check_diff(
    release: &Release,
    promotion: &Promotion,
    sources: &Sources<'_>,
    found: &mut Vec<Finding>,
) {
    let next =
        Side { body: release.body(), digest: release.digest(), bundle: release.policy().bundle() };
    let plan = match promotion.diff.base {
        None => Plan::of(None, next),
        Some(base) => {
            let Some((body, bundle)) = recorded_body(&base, sources.recorded) else {
                return found.push(Reason::BaseMissing.found(base.short()));
            };
            Plan::of(Some(Side { body: &body, digest: base, bundle: &bundle }), next)
        }
    };
    let judgements = judgements(release, promotion, sources, found);
    let plan = plan.map(|plan| plan.under(judgements));
    let diff = plan.ok().and_then(|plan| plan.diff().ok());
    if diff != Some(promotion.diff) {
        found.push(Reason::DiffNotReproduced.found(promotion.diff.digest.short()));
    }
}

/// What the policies of the organisation that the gate asked say of the body, asked again.
fn judgements(
    release: &Release,
    promotion: &Promotion,
    sources: &Sources<'_>,
    found: &mut Vec<Finding>,
) -> Vec<Judgement> {
    let shown = (sources.recorded)(&promotion.diff.digest)
        .filter(|bytes| Digest::of(bytes) == promotion.diff.digest)
        .and_then(|bytes| Json::parse(&bytes).ok());
    let asked = shown.as_ref().and_then(|plan| plan.get("organisation")?.as_array());
    let mut judgements = Vec::new();
    for asked in asked.unwrap_or_default() {
        let name = asked.get("policy").and_then(Json::as_str).unwrap_or_default();
        let recorded = name.parse::<Digest>().ok().and_then(|digest| (sources.recorded)(&digest));
        let policy = recorded.and_then(|bytes| OrganisationPolicy::read(&bytes).0);
        let Some(policy) = policy.filter(|policy| policy.digest().to_string() == name) else {
            found.push(Reason::OrganisationPolicyMissing.found(name));
            continue;
        };
        let environment = promotion.environment.as_str();
        let judgement = policy.judge(release.intent(), Some(environment), promotion.time);
        for rule in judgement.refused() {
            let broken = format!("{}: {rule}", judgement.organisation);
            found.push(Reason::OrganisationPolicyBroken.found(broken));
        }
        judgements.push(judgement);
    }
    judgements
}
