//! The known name that an unknown one was probably meant to be.

/// The candidate with the fewest edits to `wrong`, if they are few for its
/// length; case, `-` and `_` do not count.
#[must_use]
pub fn name<'c>(wrong: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted = plain(wrong);
    candidates
        .into_iter()
        .map(|candidate| (edits(&wanted, &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len().min(wrong.len()) / 3).max(1))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Without what people confuse: case, `-` and `_`.
fn plain(name: &str) -> Vec<char> {
    name.to_lowercase().chars().filter(|c| !matches!(c, '-' | '_')).collect()
}

/// Insertions, deletions, substitutions and swaps of neighbours
/// (optimal string alignment).
fn edits(a: &[char], b: &[char]) -> usize {
    let mut before = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (row, ca) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, cb) in b.iter().enumerate() {
            let at =
                |line: &[usize], column: usize| line.get(column).copied().unwrap_or(usize::MAX - 1);
            let substituted = at(&above, column) + usize::from(ca != cb);
            let best = substituted.min(at(&above, column + 1) + 1).min(at(&current, column) + 1);
            let is_swap = row > 0
                && column > 0
                && a.get(row - 1) == Some(cb)
                && b.get(column - 1) == Some(ca);
            let swapped = if is_swap { at(&before, column - 1) + 1 } else { usize::MAX };
            current.push(best.min(swapped));
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {

    #[test]
    fn a_slip_of_the_finger_is_found_and_another_word_is_not() {
        let known = ["version", "owner", "tier", "tool_calls", "in"];
        for (name, near) in [
            ("verison", Some("version")),
            ("onwer", Some("owner")),
            ("toolCalls", Some("tool_calls")),
            ("tool-call", Some("tool_calls")),
            ("Tier", Some("tier")),
            ("im", Some("in")),
            ("colour", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(super::name(name, known), near, "{name}");
        }
    }
}
