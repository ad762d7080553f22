//! What an agent file tells the model never to do: sentences with "never",
//! "do not" or "must not", each with its line.

/// One rule that somebody wrote for the model to follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeverRule {
    /// The sentence.
    pub says: String,
    /// File and line, such as `AGENTS.md:12`.
    pub origin: String,
}

/// Words that forbid, in lower case with single spaces.
const FORBIDDING: [&str; 6] = ["never", "do not", "don't", "must not", "mustn't", "must never"];
/// The longest sentence that is taken for one rule, in characters.
const MOST_CHARACTERS: usize = 300;

/// The forbidding sentences of an agent file. Fenced code, headings, tables and
/// quotations are not read: what stands there is an example more often than a rule.
#[must_use]
pub fn never_rules(text: &str, file: &str) -> Vec<NeverRule> {
    let mut rules: Vec<NeverRule> = Vec::new();
    for (line, paragraph) in paragraphs(text) {
        for (offset, sentence) in sentences(&paragraph) {
            let says = plain(sentence);
            let is_known = rules.iter().any(|rule| rule.says.eq_ignore_ascii_case(&says));
            if forbids(&says) && says.chars().count() <= MOST_CHARACTERS && !is_known {
                let line = line + paragraph.get(..offset).unwrap_or("").matches('\n').count();
                rules.push(NeverRule { says, origin: format!("{file}:{line}") });
            }
        }
    }
    rules
}

/// Paragraphs and items of lists with the lines that they begin on, from 1.
fn paragraphs(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let (mut is_open, mut fence) = (false, None);
    for (index, line) in text.lines().enumerate() {
        let body = line.trim();
        let mark = ["```", "~~~"].into_iter().find(|mark| body.starts_with(mark));
        if mark.is_some() && (fence.is_none() || fence == mark) {
            fence = if fence.is_none() { mark } else { None };
            is_open = false;
            continue;
        }
        if fence.is_some() || body.is_empty() || body.starts_with(['#', '>', '|', '<']) {
            is_open = false;
            continue;
        }
        let item = item(body);
        match found.last_mut().filter(|_| is_open && item.is_none()) {
            Some((_, paragraph)) => {
                paragraph.push('\n');
                paragraph.push_str(body);
            }
            None => found.push((index + 1, item.unwrap_or(body).to_owned())),
        }
        is_open = true;
    }
    found
}

/// What stands after the mark of a list item.
fn item(line: &str) -> Option<&str> {
    let bullet = ["- ", "* ", "+ "].into_iter().find_map(|mark| line.strip_prefix(mark));
    let numbered = line.split_once(['.', ')']).filter(|(number, rest)| {
        !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with(' ')
    });
    bullet.or(numbered.map(|(_, rest)| rest)).map(str::trim_start)
}

/// The sentences of a paragraph with their offsets. A full stop inside a name,
/// as in `main.rs`, ends none.
fn sentences(paragraph: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut characters = paragraph.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let ends = matches!(character, '.' | '!' | '?' | ';')
            && characters.peek().is_none_or(|(_, next)| next.is_whitespace());
        if ends {
            found.push((start, at + character.len_utf8()));
            start = at + character.len_utf8();
        }
    }
    found.push((start, paragraph.len()));
    found
        .into_iter()
        .filter_map(|(from, to)| {
            let sentence = paragraph.get(from..to)?;
            let begins = from + (sentence.len() - sentence.trim_start().len());
            (!sentence.trim().is_empty()).then(|| (begins, sentence.trim()))
        })
        .collect()
}

/// The sentence on one line, without emphasis and code marks.
fn plain(sentence: &str) -> String {
    let text = sentence.replace("**", "").replace("__", "").replace('`', "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn forbids(sentence: &str) -> bool {
    let lower = sentence.to_lowercase().replace('’', "'");
    let words: Vec<_> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let padded = format!(" {} ", words.join(" "));
    FORBIDDING.iter().any(|word| padded.contains(&format!(" {word} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let rules = never_rules(text, "A.md");
        rules.into_iter().map(|rule| format!("{} {}", rule.origin, rule.says)).collect()
    }

    #[test]
    fn forbidding_sentences_are_found_with_their_lines() {
        let text = "# Never mind the title\n\nUse tabs. Never push to `main`; ask first.\nDo **not**\nedit generated files in src/gen.rs. Be kind.\n\n- You must not delete data!\n- Fine.\n1. Don't log secrets\n";
        assert_eq!(
            shown(text),
            [
                "A.md:3 Never push to main;",
                "A.md:4 Do not edit generated files in src/gen.rs.",
                "A.md:7 You must not delete data!",
                "A.md:9 Don't log secrets",
            ]
        );
    }

    #[test]
    fn examples_and_repetitions_are_no_rules() {
        let text = "```\n# never do this\n```\n> never quoted\n| never | table |\nNevertheless.\nNever lie.\n\nNEVER lie.\n~~~\nnever\n```\nnever\n~~~\n";
        assert_eq!(shown(text), ["A.md:7 Never lie."]);
        assert_eq!(shown(""), Vec::<String>::new());
        assert_eq!(shown(&format!("Never {}", "x".repeat(400))), Vec::<String>::new());
    }
}
