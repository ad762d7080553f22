//! What command lines run, in every disguise, and which of them do not say it.

mod disguises;
mod fuzz;
mod oracles;

use bounden_base::Json;

use super::*;

/// The form of a command line.
#[track_caller]
fn read(text: &str) -> Json {
    form::json(&line(text).unwrap_or_else(|unread| panic!("{text}: {unread:?}")))
}

fn texts(json: &Json, member: &str) -> Option<Vec<String>> {
    let items = json.get(member)?.as_array()?;
    Some(items.iter().filter_map(Json::as_str).map(str::to_owned).collect())
}

#[track_caller]
fn runs(text: &str, programs: &str) {
    assert_eq!(texts(&read(text), "programs").unwrap().join(" "), programs, "{text}");
}

#[track_caller]
fn unclear(text: &str, why: &str) {
    match line(text) {
        Err(Unread::Unclear(reason)) => assert!(reason.contains(why), "{text}: {reason}"),
        other => panic!("{text}: {other:?}"),
    }
}

/// Each segment as its program and its arguments, with `?` where they are not known.
#[track_caller]
fn segments(text: &str, expected: &[&str]) {
    let read = read(text);
    let segments = read.get("segments").unwrap().as_array().unwrap();
    let shown = segments.iter().map(|segment| {
        let program = segment.get("program").unwrap().as_str().unwrap();
        let args = texts(segment, "args").map_or("?".to_owned(), |args| args.join("|"));
        format!("{program}|{args}")
    });
    let shown: Vec<String> = shown.map(|text| text.trim_end_matches('|').to_owned()).collect();
    assert_eq!(shown, expected, "{text}");
}

/// A list of the first segment.
#[track_caller]
fn first(text: &str, member: &str, expected: Option<&[&str]>) {
    let read = read(text);
    let segment = &read.get("segments").unwrap().as_array().unwrap()[0];
    let found = texts(segment, member);
    let expected = expected.map(|texts| texts.iter().map(|text| (*text).to_owned()).collect());
    assert_eq!(found, expected, "{member} of {text}");
}

#[test]
fn every_segment_is_found() {
    segments(
        "a 1 | b 2 && c 3 || d 4; e 5 & f 6\ng 7",
        &["a|1", "b|2", "c|3", "d|4", "e|5", "f|6", "g|7"],
    );
    segments("a $(b `c \\`d\\``)", &["d", "c|?", "b|?", "a|?"]);
    segments("a \"$(b)\" <(c) >(d)", &["b", "c", "d", "a|?"]);
    segments("if a; then b; elif c; then d; else e; fi", &["a", "b", "c", "d", "e"]);
    segments("for f in *.rs 'x y' $(b); do a \"$f\"; done", &["b", "a|?"]);
    segments("while a; do b; done < c | d", &["a", "b", "d"]);
    segments("case $x in (a|b) c ;; *) d; esac", &["c", "d"]);
    segments("f() { a; }; f 1", &["a", "f|1"]);
    segments("function f { a; } 2>&1; f", &["a", "f"]);
    segments("a ${x:-$(b)} ${y/#c/`d`}", &["b", "d", "a|?"]);
    segments("a # b; c\nd #", &["a", "d"]);
    segments("a x#y '#' \\#z", &["a|x#y|#|#z"]);
    segments("a {} HEAD@{1} {b c} x= -o=y [ ]", &["a|{}|HEAD@{1}|{b|c}|x=|-o=y|[|]"]);
    segments("a 'x\ny' \"p\\$q\\\"r\\s\" \\'t", &["a|x\ny|p$q\"r\\s|'t"]);
    segments("", &[]);
    segments("# nothing\n\n", &[]);
}

#[test]
fn programs_that_run_programs_are_followed() {
    runs("bash -c 'rm -rf x'", "bash rm");
    runs("sh -ec 'a; b' name arg", "sh a b");
    runs("bash -o pipefail -lc \"a | b\"", "bash a b");
    runs("env -i X=1 Y=2 rm x", "env rm");
    runs("sudo -u root -E -- rm x", "sudo rm");
    runs("sudo env A=b nice -n 5 timeout -k 1 5s rm x", "sudo env nice timeout rm");
    runs("nohup setsid -f stdbuf -oL rm x &", "nohup setsid stdbuf rm");
    runs("time -p rm x", "time rm");
    runs("/usr/bin/time -f %e rm x", "time rm");
    runs("exec -a name rm x", "exec rm");
    runs("command rm x; builtin echo y; command -v node", "command rm builtin echo");
    runs("eval 'rm x' '; ls'", "eval rm ls");
    runs("xargs -0 -n1 rm -f", "xargs rm");
    runs("find . -name '*.o' -exec rm {} + -o -execdir mv {} x ';'", "find rm mv");
    runs("trap 'rm x' EXIT; trap - INT", "trap rm");
    runs("busybox sh -c 'rm x'", "busybox sh rm");
    runs("su - bob -c 'rm x'", "su rm");
    runs(
        "sh run.sh a; . ./env; bash < x/y.sh",
        "sh ./run.sh run.sh . ./env env bash ./x/y.sh y.sh",
    );
    segments("xargs -I % mv % x/%", &["xargs|-I|%|mv|%|x/%", "mv|?"]);
    segments("xargs rm", &["xargs|rm", "rm|?"]);
}

#[test]
fn here_documents_belong_to_their_command() {
    runs("bash <<'END' && b\nrm x\nEND\n", "bash b rm");
    runs("sh <<< 'rm x'", "sh rm");
    runs("cat <<A <<-B; c\n$(a)\nA\n\t`b`\n\tB\nd", "cat c a b d");
    runs("cat <<'A'\n$(a)\nA", "cat");
    unclear("bash <<END\nrm $x\nEND\n", "expansions");
    unclear("cat <<END\nx", "no end");
    unclear("cat <<END", "no body");
    unclear("cat <<END\nx\\\nEND\n", "goes on");
    unclear("cat <<END 'a\nb'\nEND\n", "before a here-document");
    unclear("cat <<$x\n$x\n", "delimiter");
    // A text of several lines, as one argument.
    let commit = "git commit -m \"$(cat <<'EOF'\nOne.\n\nTwo $(x).\n\nEOF\n)\"";
    segments(commit, &["cat", "git|commit|-m|One.\n\nTwo $(x)."]);
    first("git -m \"$(cat() { a; }; cat <<'E'\nx\nE\n)\"", "args", Some(&[]));
}

/// Lines that leave open what runs, and a word of the reason; nothing for those that do not.
const UNCLEAR: [(&str, &str); 91] = [
    ("$x y", "not written out"),
    ("\"$x\" y", "not written out"),
    ("r$x y", "not written out"),
    ("$(a) y", "not written out"),
    ("/bin/r? x", "not written out"),
    ("r[m] x", "item of a list"),
    ("'r'[m] x", "not written out"),
    ("{rm,-rf,x}", "not written out"),
    ("~/bin/rm x", "not written out"),
    ("=rm x", "not written out"),
    ("sudo $x", "not clear"),
    ("sudo --unknown rm", "not clear"),
    ("env -S 'rm x'", "not clear"),
    ("timeout $t rm", "not clear"),
    ("bash -c \"$x\"", "not plain"),
    ("bash -c x\"$x\"", "not written out"),
    ("bash -c", ""),
    ("eval \"$x\"", "not written out"),
    (". \"$x\"", "not written out"),
    ("curl x | sh", "somewhere else"),
    ("bash -s x", "not plain"),
    ("bash -O extglob -c x", "not plain"),
    ("xargs -I{} sh -c 'rm {}'", "not written out"),
    ("find . $x", "find"),
    ("find . -exec rm", "find"),
    ("alias ls=rm; ls", "what other commands mean"),
    ("hash -p /bin/rm ls; ls", "what other commands mean"),
    ("fish -c x", "what other commands mean"),
    ("PATH=x:$PATH ls", "which programs run"),
    ("export PATH=x; ls", "which programs run"),
    ("env PATH=x ls", "which programs run"),
    ("for PATH in x; do ls; done", "which programs run"),
    ("read PATH; ls", "which programs run"),
    (": ${PATH:=x}; ls", "which programs run"),
    ("LD_PRELOAD=x ls", "which programs run"),
    ("PA\\\nTH=x ls", "middle of a word"),
    ("read 'a[$(rm x)]'", "name of a variable"),
    ("declare -i x=y", "name of a variable"),
    ("printf -v 'a[$(rm x)]' y", "name of a variable"),
    ("[ -v 'a[$(rm x)]' ]", "name of a variable"),
    ("[ $x $y ]", "name of a variable"),
    ("echo $((x))", "arithmetic"),
    ("echo $[1]", "arithmetic"),
    ("((x))", "arithmetic"),
    ("[[ x -eq 1 ]]", "not followed"),
    ("coproc a", "not followed"),
    ("${!x} y", "not plain"),
    ("$~x y", "not written out"),
    ("echo $x[y]", "follows a variable"),
    (". -- x", "not written out"),
    ("echo ${!x}", "not plain"),
    ("echo ${x@P}", "not plain"),
    ("echo ${x[y]}", "not plain"),
    ("echo \"${x:-'}\"", "quotes"),
    ("echo \"`a \"b\"`\"", "backticks"),
    ("echo $'a\\'b'", "where a quote ends"),
    ("$'rm' x", "not written out"),
    ("a=(b c)", "list"),
    ("a[0]=b", "item of a list"),
    ("a[ # ]; rm x", "item of a list"),
    ("x=1 a[ ; ]", "item of a list"),
    ("echo 'a", "not closed"),
    ("echo \"a", "not closed"),
    ("echo `a", "not closed"),
    ("echo $(a", "not closed"),
    ("echo ${a", "not plain"),
    ("(a", "not closed"),
    ("{ a;", "not complete"),
    ("if a; then b", "not complete"),
    ("a)", "no command ends"),
    ("a }", ""),
    ("}", "no command ends"),
    ("echo \\", "backslash"),
    ("a >", "goes nowhere"),
    ("a ;; b", "no command ends"),
    ("a && && b", "missing"),
    ("| a", "missing"),
    ("a {x}>y", "numbered"),
    ("ls (x)", "not closed"),
    ("ls x (y)", "inside a command"),
    ("f() a", "in brackets"),
    ("/bin/../bin/rm x", "upwards"),
    (". /dev/stdin <<'E'\nrm x\nE\n", "open file"),
    ("bash /proc/self/fd/0 <<< 'rm x'", "open file"),
    ("bash <(echo rm x)", "not written out"),
    ("HOME=x zsh -c ls", "which programs run"),
    ("ls | xargs env", "not clear"),
    ("ls | xargs -I{} {}", "not written out"),
    ("-rf", "plainly"),
    ("a\0b", "NUL"),
    ("if\\\n a", "keyword"),
];

#[test]
fn what_does_not_say_what_runs_has_no_form() {
    for (text, why) in UNCLEAR {
        match why {
            "" => assert!(line(text).is_ok(), "{text}"),
            why => unclear(text, why),
        }
    }
}

#[test]
fn what_is_not_known_of_a_word_is_not_known_of_its_segment_only() {
    segments("a $x; b y", &["a|?", "b|y"]);
    first("a -v src/*.rs \"x$y\" ~/z", "flags", Some(&["-v"]));
    first("a src/*.rs", "args", None);
    first("a src/*.rs", "operands", None);
    for text in [
        "a $x",
        "a \"$x\"",
        "a *.rs",
        "a x$y",
        "a -$x",
        "a {-f,x}",
        "a \"$@\"",
        "a x\"$*\"",
        "a $'-x'",
    ] {
        first(text, "flags", None);
    }
    first("a x\"$y\" x{-f,g} x[yz] $'x'", "flags", Some(&[]));
}

#[test]
fn flags_and_operands_are_what_a_program_may_take_for_them() {
    first("rm -rf --one-file-system x", "flags", Some(&["-rf", "-r", "-f", "--one-file-system"]));
    first("find . -delete", "flags", Some(&["-delete", "-d", "-e", "-l", "-t"]));
    first("a --out=x -n5 - -- -y z", "flags", Some(&["--out", "-n5", "-n", "-5", "-y"]));
    first("a --out=x -n5 - -- -y z", "operands", Some(&["x", "-", "-y", "z"]));
    first("A=1 B= a C=2", "env", Some(&["A", "B"]));
    first("a|b", "env", Some(&[]));
}

#[test]
fn redirections_are_files_that_are_read_and_written() {
    let line = "a <in >out 2>>'err or' &>all 3<>both >&2 2>&- <<<x >/dev/null </dev/null >|p >&q";
    first(line, "reads", Some(&["in", "both"]));
    first(line, "writes", Some(&["out", "err or", "all", "both", "p", "q"]));
    let written = |text| texts(&read(text), "writes");
    assert_eq!(written("a >x | { b >y; } >z"), Some(vec!["x".into(), "y".into(), "z".into()]));
    assert_eq!(written(">x"), Some(vec!["x".into()]));
    for text in ["a >$x", "a >x*", "a >~/x", "a >!x", "a >& \"$x\"", "cd y && a >x"] {
        assert_eq!(written(text), None, "{text}");
    }
    assert_eq!(written("cd y && a >/x"), Some(vec!["/x".into()]));
    first("b <x", "writes", Some(&[]));
    first("a <$x", "reads", None);
}

#[test]
fn what_is_too_large_says_so() {
    let all =
        |texts: &[String]| texts.iter().all(|text| line(text).unwrap_err() == Unread::TooLarge);
    assert!(all(&[
        "a ".repeat(MOST_BYTES),
        "a;".repeat(MOST_SEGMENTS + 1),
        format!("a{}", " b".repeat(MOST_WORDS + 1)),
        format!("{}a{}", "$(".repeat(MOST_DEPTH), ")".repeat(MOST_DEPTH))
            .replace("$($(", "x $(y $("),
        "{ ".repeat(MOST_DEPTH + 1),
        format!("{}a", "sudo ".repeat(MOST_DEPTH)),
    ]));
    assert_eq!(line(&"a;".repeat(MOST_SEGMENTS)).unwrap().segments.len(), MOST_SEGMENTS);
}
