"""Seeds defects into the intents of the examples, to see which ones the linter finds.

    python3 testkit/defects OUT             200 defects, a folder each, and OUT/defects.json
    python3 testkit/defects OUT --count 50  as many as that
    python3 testkit/defects OUT --all       every defect that every operator makes
    python3 testkit/defects --list          the operators, and the finding that each one intends

Each defect is one intent with one mistake that a person could make; every other byte is as it was.
The operators were written from the design alone, before anybody looked at what the linter finds.
Which finding answers which operator is not said here, but where the answers are counted.
"""

import argparse
import importlib
import json
import pathlib

from catalogue import OPERATORS, intended, name
from draw import draw, every
from intent import load

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "examples"


def intents():
    folders = [EXAMPLES / "support", *sorted((EXAMPLES / "starters").glob("*"))]
    return [load(folder / "behavior.intent") for folder in folders if (folder / "behavior.intent").exists()]


def folder_of(intent):
    return EXAMPLES / intent.name if intent.name == "support" else EXAMPLES / "starters" / intent.name


def write(out, number, defect):
    """The mutated intent, beside links to whatever stands beside the clean one."""
    clean = folder_of(defect.intent)
    folder = out / f"{number:04}-{defect.operator}"
    folder.mkdir(parents=True)
    for beside in clean.iterdir():
        if beside.name not in ("behavior.intent", ".bounden"):
            (folder / beside.name).symlink_to(beside)
    (folder / "behavior.intent").write_text(defect.text, encoding="utf-8", newline="")
    return {
        "folder": folder.name,
        "operator": defect.operator,
        "clean": clean.relative_to(EXAMPLES.parent).as_posix(),
        "lines": defect.lines,
        "names": defect.names,
    }


def main():
    for path in sorted((HERE / "operators").glob("*.py")):
        importlib.import_module(f"operators.{path.stem}")
    words = argparse.ArgumentParser(prog="defects", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("out", nargs="?", type=pathlib.Path)
    words.add_argument("--count", type=int, default=200)
    words.add_argument("--all", action="store_true")
    words.add_argument("--list", action="store_true")
    asked = words.parse_args()
    if asked.list:
        for function in OPERATORS:
            print(f"{name(function):42} {intended(function)}")
        return
    if asked.out is None:
        words.error("name a folder to write to, or --list")
    drawn = every(intents()) if asked.all else draw(intents(), asked.count)
    asked.out.mkdir(parents=True, exist_ok=True)
    listed = [write(asked.out, number, defect) for number, defect in enumerate(drawn, 1)]
    (asked.out / "defects.json").write_text(json.dumps(listed, indent=1) + "\n")
    print(f"{len(listed)} defects of {len(OPERATORS)} operators over {len(intents())} intents")


if __name__ == "__main__":
    main()
