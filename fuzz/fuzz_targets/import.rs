//! Whatever is read as recorded runs, as definitions of tools, as a client's configuration or as an
//! agent file: nothing is passed over in silence, and a draft made of it has no error.
#![no_main]
#![expect(clippy::unwrap_used, reason = "a fuzzer finds what panics")]

use std::collections::BTreeMap;

use bounden_base::Json;
use bounden_base::json::JsonText;
use bounden_fuzz::Bytes;
use bounden_policy::{Contracts, ServerContract, ServerInfo};
use bounden_spec::check;
use bounden_spec::draft::{Draft, DraftServer, configured, definitions, never_rules};
use bounden_trace::{Format, import, normalise};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut bytes = Bytes::new(input);
    let kind = bytes.below(Format::ALL.len() + 4);
    match (Format::ALL.get(kind), kind - kind.min(Format::ALL.len())) {
        (Some(format), _) => runs(bytes.take(input.len()), Some(*format)),
        (None, 0) => runs(bytes.take(input.len()), None),
        (None, 1) => drafted(definitions_in(&bytes.text())),
        (None, 2) => {
            let _ = configured(&bytes.text(), "mcp.json", &|name| Some(name.to_owned()));
        }
        (None, _) => {
            let rules = never_rules(&bytes.text(), "AGENTS.md");
            drafted(Some(Draft { rules, ..draft() }));
        }
    }
});

fn runs(file: &[u8], format: Option<Format>) {
    let read = import(file, format);
    assert!(read.tally.skipped.len() <= read.tally.records);
    assert_eq!(read.tally.runs, read.runs.len());
    for skip in read.tally.skipped.iter().chain(&read.tally.parts) {
        assert!(skip.offset <= file.len() && !skip.message.is_empty());
    }
    for run in &read.runs {
        for event in normalise(run).0 {
            // What replays a run reads these lines.
            JsonText::parse(&event.canonical()).unwrap();
        }
    }
}

fn draft() -> Draft {
    Draft { agent: "shop/desk".to_owned(), ..Draft::default() }
}

fn definitions_in(text: &str) -> Option<Draft> {
    let api = definitions(text, "tools.json").ok()?;
    let info = ServerInfo { name: api.title, version: api.version };
    let contract = ServerContract::new("desk", String::new(), info, api.tools).ok()?;
    let contracts = Contracts { servers: BTreeMap::from([("desk".to_owned(), contract)]) };
    let again = Contracts::parse(contracts.to_json().unwrap().canonical().as_bytes());
    assert_eq!(again.unwrap(), contracts);
    let server = DraftServer {
        reach: None,
        pass_env: Default::default(),
        origin: "tools.json".to_owned(),
        places: api.places,
    };
    let servers = BTreeMap::from([("desk".to_owned(), server)]);
    Some(Draft { servers, contracts, ..draft() })
}

fn drafted(draft: Option<Draft>) {
    let Some(draft) = draft else { return };
    let text = draft.text();
    let found = check(text.as_bytes(), None).diagnostics;
    let error = found.iter().find(|problem| problem.is_error());
    assert!(error.is_none(), "{}\n{text}", Json::from(error.unwrap().message.as_str()).canonical());
}
