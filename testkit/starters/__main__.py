"""Writes the recorded runs of the starters, and what is pinned of their servers.

Every run is made up; the same program gives the same bytes. The runs of a
starter are its tests: what a good agent does, what comes close to a bound
without crossing it, and attacks. Run it from anywhere:

    python3 testkit/starters

Beside this file, `NAME.py` describes the starter `examples/starters/NAME`: `runs()` gives the name of
a file and the text of a run, more than once for files of many runs; `offered()` gives the contracts,
where the program carries no server for them.
"""

import importlib
import json
import pathlib

HERE = pathlib.Path(__file__).parent
STARTERS = HERE.parent.parent / "examples" / "starters"


def write(folder, starter):
    files = {}
    for name, run in starter.runs():
        files[name] = files.get(name, "") + run
    traces = folder / "traces"
    traces.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (traces / f"{name}.jsonl").write_text(text)
    if hasattr(starter, "offered"):
        text = json.dumps(starter.offered(), indent=2, sort_keys=True)
        (folder / "behavior.contracts.json").write_text(text + "\n")


def main():
    for path in sorted(HERE.glob("*.py")):
        starter = importlib.import_module(path.stem) if path.stem != "__main__" else None
        if hasattr(starter, "runs"):
            write(STARTERS / path.stem.replace("_", "-"), starter)


if __name__ == "__main__":
    main()
