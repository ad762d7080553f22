//! Files stay small enough to be read in one sitting.

use super::sleep::is_test_file;
use super::tokens;
use super::violation::Found;
use super::workspace::Workspace;

/// From here on a reader asks whether it should be two files.
const QUESTION: usize = 600;

/// From here on it has to be.
const LIMIT: usize = 1000;

/// Files that may be longer than the limit, each with its reason.
const LISTED: &[(&str, &str)] = &[];

/// No file has more than a thousand lines besides its tests, unless it is listed.
pub(super) fn no_file_is_too_long(workspace: &Workspace) -> Vec<Found> {
    too_long(workspace, LISTED)
}

/// The distribution of sizes, and the files whose size asks a question.
pub(super) fn notes(workspace: &Workspace) -> Vec<String> {
    let mut sizes = sizes(workspace);
    sizes.sort_by_key(|(path, lines)| (*lines, *path));
    let at = |per_cent: usize| {
        let rank = (sizes.len() * per_cent).div_ceil(100).saturating_sub(1);
        sizes.get(rank).map_or(0, |(_, lines)| *lines)
    };
    let summary = format!(
        "{} Rust files besides tests: median {} lines, 90 % within {}, longest {}",
        sizes.len(),
        at(50),
        at(90),
        at(100)
    );
    let long = sizes.iter().rev().take_while(|(_, lines)| *lines > QUESTION);
    let long = long.map(|(path, lines)| format!("{path}: {lines} lines; could it be two files?"));
    std::iter::once(summary).chain(long).collect()
}

fn too_long(workspace: &Workspace, listed: &[(&str, &str)]) -> Vec<Found> {
    let long: Vec<(&str, usize)> =
        sizes(workspace).into_iter().filter(|(_, lines)| *lines > LIMIT).collect();
    let is_listed = |path: &str| listed.iter().any(|(listed, _)| *listed == path);
    let is_long = |listed: &str| long.iter().any(|(path, _)| *path == listed);
    let unlisted = long.iter().filter(|(path, _)| !is_listed(path)).map(|(path, lines)| {
        Found::at(path, format!("{lines} lines besides tests; {LIMIT} is the limit"))
    });
    let stale = listed.iter().filter(|(path, _)| !is_long(path));
    let stale = stale.map(|(path, _)| Found::at(path, "no longer too long; take it off the list"));
    unlisted.chain(stale).collect()
}

/// The lines of every file that is not a test, without the test modules in it.
fn sizes(workspace: &Workspace) -> Vec<(&str, usize)> {
    let files = workspace.texts(".rs").filter(|(path, _)| !is_test_file(path));
    files.map(|(path, text)| (path, text.lines().count() - lines_of_tests(text))).collect()
}

fn lines_of_tests(text: &str) -> usize {
    let modules = tokens::test_modules(&tokens::of(text));
    modules.iter().map(|(first, last, _)| last - first + 1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(lines: usize, test_lines: usize) -> String {
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "\n".repeat(test_lines));
        "const A: u8 = 0;\n".repeat(lines) + &tests
    }

    fn found(lines: usize, test_lines: usize, listed: &[(&str, &str)]) -> usize {
        let workspace = Workspace::default().with_file("src/a.rs", &file(lines, test_lines));
        too_long(&workspace, listed).len()
    }

    #[test]
    fn a_long_file_is_found_and_its_tests_do_not_count() {
        assert_eq!(found(LIMIT, 500, &[]), 0);
        assert_eq!(found(LIMIT + 1, 0, &[]), 1);
    }

    #[test]
    fn a_list_is_honoured_and_kept_honest() {
        let listed = [("src/a.rs", "one table")];
        assert_eq!(found(LIMIT + 1, 0, &listed), 0);
        assert_eq!(found(10, 0, &listed), 1);
    }

    #[test]
    fn the_distribution_is_told() {
        let workspace = (1..=10).fold(Workspace::default(), |all, tenth| {
            all.with_file(&format!("src/{tenth}.rs"), &file(tenth * 70, 5))
        });
        let expected =
            "10 Rust files besides tests: median 350 lines, 90 % within 630, longest 700";
        assert_eq!(
            notes(&workspace),
            [
                expected,
                "src/10.rs: 700 lines; could it be two files?",
                "src/9.rs: 630 lines; could it be two files?"
            ]
        );
    }
}
