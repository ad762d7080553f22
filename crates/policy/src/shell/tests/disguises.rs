//! One program, written in every way that a shell reads as that program.

use super::runs;

#[test]
fn a_program_is_found_through_every_disguise() {
    for text in [
        "rm x",
        r"\rm x",
        r"r\m x",
        "'rm' x",
        "r''m x",
        "\"r\"m x",
        "/bin/rm x",
        "//bin//./rm x",
        "/usr/local/bin/rm x",
        "  rm x  ",
        "\trm\tx",
        "\\\nrm x",
        "rm\\\n x",
        ">/dev/null rm x",
        "2>&1 rm x",
        "A=1 B='x y' rm x",
        "! rm x",
        "(rm x)",
        "( (rm x) )",
        "{ rm x; }",
        "{ rm x\n}",
        ";rm x",
    ] {
        if text.starts_with(';') {
            super::unclear(text, "missing");
        } else {
            runs(text, "rm");
        }
    }
    runs("RM x", "RM rm");
    runs("./rm x", "./rm rm");
    runs("bin/rm x", "./bin/rm rm");
    runs("/tmp/rm x", "/tmp/rm rm");
    runs("/usr/bin/RM.EXE x", "RM.EXE rm");
}
