//! Tools: what may be called, with what is pinned of it.

use std::collections::BTreeMap;

use bounden_base::nearest;
use bounden_policy::{Escalation, Fact, Money, Tool, ToolName};

use super::Compiler;
use crate::intent;
use crate::read::Item;

/// After a minute without a result a call counts as lost.
const DEFAULT_TIMEOUT_SECONDS: u32 = 60;

impl Compiler<'_> {
    pub(super) fn tools(&mut self) -> BTreeMap<ToolName, Tool> {
        let tools = self.intent.tools.iter();
        tools.map(|item| (ToolName::new(item.key.name.clone()), self.tool(item))).collect()
    }

    fn tool(&mut self, item: &Item<intent::Tool>) -> Tool {
        let name = ToolName::new(item.key.name.clone());
        let declared = &item.value;
        self.check_server(&name, item);
        self.check_release(&name, item);
        let contract = self.contracts.and_then(|contracts| contracts.tool(&name));
        if self.contracts.is_some() && contract.is_none() {
            self.not_offered(&name, item);
        }
        let timeout = declared.timeout.map(|timeout| u32::try_from(timeout.seconds));
        Tool {
            effects: declared.effects(),
            label: declared
                .labels
                .as_ref()
                .and_then(|labels| Some(labels.result.as_ref()?.value.clone())),
            money: declared.money.as_ref().and_then(|money| self.money(money)),
            input: contract.and_then(|contract| contract.input_schema().cloned()),
            output: contract.and_then(|contract| contract.output_schema().cloned()),
            definition: contract.map(|contract| contract.digest()),
            timeout_seconds: timeout.and_then(Result::ok).unwrap_or(DEFAULT_TIMEOUT_SECONDS),
        }
    }

    /// A tool's server is declared, unless no server is.
    fn check_server(&mut self, name: &ToolName, item: &Item<intent::Tool>) {
        let (server, servers) = (name.server(), &self.intent.servers);
        if servers.is_empty() || servers.contains(server) {
            return;
        }
        if server.is_empty() {
            let known: Vec<_> =
                servers.names().map(|server| format!("`{server}.{name}`")).collect();
            let message = format!("`{name}` does not say which server offers it");
            self.error("B111", item.key.span, message, format!("write {}", known.join(" or ")));
            return;
        }
        let help = match nearest::name(server, servers.names()) {
            Some(near) => format!("did you mean `{near}.{}`?", name.tool()),
            None => format!("declare it: `servers: {{{server}: {{command: [PROGRAM]}}}}`"),
        };
        let message = format!("the server `{server}` of `{name}` is not declared");
        self.error("B111", item.key.span, message, help);
    }

    fn check_release(&mut self, name: &ToolName, item: &Item<intent::Tool>) {
        let Some(range) = &item.value.version else { return };
        let pinned = self.contracts.and_then(|contracts| contracts.servers.get(name.server()));
        let Some(server) = pinned else { return };
        let release = &server.server_info.version;
        if !range.allows(release) {
            let message = format!(
                "the pinned release {release} of `{}` is outside this range",
                name.server()
            );
            self.error("B120", range.span, message, "run `bounden resolve`, or change the range");
        }
    }

    fn not_offered(&mut self, name: &ToolName, item: &Item<intent::Tool>) {
        let known: Vec<_> =
            self.contracts.into_iter().flat_map(|contracts| contracts.tools()).collect();
        if name.server().is_empty() {
            let offered = known.iter().find(|(known, _)| known.tool() == name.as_str());
            let help = match offered {
                Some((known, _)) => format!("did you mean `{known}`?"),
                None => format!("write `SERVER.{name}`"),
            };
            let message = format!("`{name}` does not say which server offers it");
            return self.error("B111", item.key.span, message, help);
        }
        let names = known.iter().map(|(name, _)| name.as_str());
        let help = match nearest::name(name.as_str(), names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "run `bounden resolve` to pin the tools that the servers offer now".to_owned(),
        };
        self.error("B121", item.key.span, format!("no server offers the tool `{name}`"), help);
    }

    fn money(&mut self, money: &intent::Money) -> Option<Money> {
        let currency = money.currency.as_ref()?;
        let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        if !is_code {
            let message = format!("`{currency}` is no ISO 4217 code");
            self.error(
                "B122",
                currency.span,
                message,
                "write three capital letters, such as `USD`",
            );
        }
        for path in [Some(&money.path), money.currency_path.as_ref()].into_iter().flatten() {
            let is_path = path
                .strip_prefix("args.")
                .is_some_and(|rest| rest.split('.').all(|name| !name.is_empty()));
            if !is_path {
                let message = format!("`{path}` is no argument");
                self.error("B122", path.span, message, "write `args.NAME`");
            }
        }
        Some(Money {
            path: money.path.value.clone(),
            currency: currency.value.clone(),
            currency_path: money.currency_path.as_ref().map(|path| path.value.clone()),
        })
    }

    pub(super) fn facts(&mut self) -> BTreeMap<String, Fact> {
        let facts = self.intent.bind.iter().flat_map(|bind| &bind.facts);
        let mut compiled = BTreeMap::new();
        for item in facts {
            let result_of = self.declared_tool(&item.value.result_of);
            let key = item.value.key.as_ref().map(|key| key.value.clone());
            compiled.insert(item.key.name.clone(), Fact { result_of, key });
        }
        compiled
    }

    pub(super) fn escalations(&mut self) -> BTreeMap<String, Escalation> {
        let mut compiled = BTreeMap::new();
        for item in &self.intent.escalations {
            if let Some(escalation) = self.escalation(item) {
                compiled.insert(item.key.name.clone(), escalation);
            }
        }
        compiled
    }

    fn escalation(&mut self, item: &Item<intent::EscalationPath>) -> Option<Escalation> {
        let path = &item.value;
        match (&path.call, &path.webhook) {
            (Some(call), None) => {
                let with = path
                    .with
                    .as_ref()
                    .map_or(bounden_base::Json::object::<&str>([]), |with| with.0.json());
                if with.as_object().is_none() {
                    let span = path.with.as_ref().map_or(item.key.span, |with| with.0.span);
                    self.error(
                        "B116",
                        span,
                        "the arguments of a call are a mapping",
                        "write `with: {NAME: VALUE}`",
                    );
                }
                Some(Escalation::Call { tool: self.declared_tool(call), with })
            }
            (None, Some(webhook)) if path.with.is_none() => {
                if !webhook.starts_with("https://") {
                    let message = "a case that is handed over is posted over https only";
                    self.error(
                        "B116",
                        webhook.span,
                        message,
                        "write an address that starts with `https://`",
                    );
                }
                Some(Escalation::Webhook(webhook.value.clone()))
            }
            _ => {
                let message = format!(
                    "the escalation path `{}` is neither one call nor one webhook",
                    item.key
                );
                let help = "write `{call: SERVER.TOOL, with: {…}}` or `{webhook: \"https://…\"}`";
                self.error("B116", item.key.span, message, help);
                None
            }
        }
    }
}
