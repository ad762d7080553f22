//! Drafted tests as files that `bounden mutate --traces` reads again.

use std::fs;
use std::path::Path;

use bounden_policy::mutation::Draft;

use super::{Missing, Outcome, Survivor};
use crate::exit::Failure;

/// The events of a draft, a line each, as `bounden decide` reads them.
pub(super) fn lines(draft: &Draft) -> impl Iterator<Item = String> {
    draft.events.iter().map(|event| event.to_json().canonical())
}

/// Writes each drafted test to a file of its own.
pub(super) fn write(folder: &Path, outcome: &Outcome) -> Result<(), Failure> {
    let failed = |path: &Path, error| Failure::usage(format!("{}: {error}", path.display()));
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for Survivor { mutant, missing } in &outcome.survivors {
        let Missing::Drafted(draft) = missing else { continue };
        let path = folder.join(format!("{}.jsonl", file_name(&mutant.id)));
        let text: String = lines(draft).map(|line| line + "\n").collect();
        fs::write(&path, text).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}

fn file_name(id: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    id.chars().map(|c| if plain(c) { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn an_id_is_a_name_in_one_folder() {
        assert_eq!(file_name("refund-cap/off-by-one/2"), "refund-cap-off-by-one-2");
        assert_eq!(file_name("../x y/é/1"), "..-x-y---1");
    }
}
