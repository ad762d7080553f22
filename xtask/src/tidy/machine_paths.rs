//! No file names a path of the machine on which it was written.

use super::violation::Found;
use super::workspace::Workspace;

/// Folders that hold somebody's own files; written apart so that this file does not break its rule.
const OWN_FOLDERS: &[&str] = &["home", "root", "work", "Users"];

/// No line of a text file, and no symbolic link, holds a path in somebody's own folder.
pub(super) fn no_path_of_a_machine(workspace: &Workspace) -> Vec<Found> {
    let mut found = Vec::new();
    for file in &workspace.files {
        let text = file.text().or_else(|| file.link()).unwrap_or_default();
        for (index, line) in text.lines().enumerate() {
            if let Some(folder) = OWN_FOLDERS.iter().find(|folder| names(line, folder)) {
                let message = format!("a path in `/{folder}` exists on one machine only");
                found.push(Found::on(&file.path, index + 1, message));
            }
        }
    }
    found
}

/// Whether an absolute path in `folder` stands in the line, and not the middle of another path.
fn names(line: &str, folder: &str) -> bool {
    let path = format!("/{folder}/");
    let continues = |before: &str| {
        before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '}' | ')'))
    };
    line.match_indices(&path).any(|(at, _)| !continues(line.get(..at).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<String> {
        let workspace = Workspace::default().with_file("a.md", &text.replace('~', "/"));
        no_path_of_a_machine(&workspace).into_iter().map(|found| found.place).collect()
    }

    #[test]
    fn paths_of_a_machine_are_found() {
        let text = "first\n~home~ada/notes\nsee `~root~.cargo`, file:~~~work~main\n";
        assert_eq!(places(text), ["a.md:2", "a.md:3"]);
        let linked = Workspace::default().with_link("a", &"~home~ada".replace('~', "/"));
        assert_eq!(no_path_of_a_machine(&linked).len(), 1);
    }

    #[test]
    fn other_paths_are_fine() {
        assert_eq!(places("example.com~home~a $HOME~work~b ..~work~c ~work ~homes~a\n"), [""; 0]);
    }
}
