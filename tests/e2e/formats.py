"""Validates what golive wrote into the folder that GOLIVE_FOLDER names against the official schemas beside this file."""

import datetime
import json
import os
import pathlib
import tomllib

import jsonschema
import xmlschema

folder = pathlib.Path(os.environ["GOLIVE_FOLDER"])
schemas = pathlib.Path(__file__).parent / "schemas"


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def validator(schema):
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, format_checker=kind.FORMAT_CHECKER)


# SARIF.
sarif = validator(load(schemas / "sarif-schema-2.1.0.json"))
for path in folder.glob("*.sarif"):
    log = load(path)
    sarif.validate(log)
    assert not sarif.is_valid({**log, "version": "2.0.0"})
    assert not sarif.is_valid({**log, "runs": [{**log["runs"][0], "results": [{}]}]})
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        # Only what fails has a level.
        assert (result["kind"] == "fail") == (result["level"] != "none")

# JUnit XML, as Jenkins' xUnit plugin takes it.
junit = xmlschema.XMLSchema(schemas / "junit-10.xsd")
for path in folder.glob("*.xml"):
    junit.validate(path)
    text = path.read_text(encoding="utf-8")
    assert not junit.is_valid(text.replace("<testcase name=", "<testcase nom=", 1))

# golive.toml.
config = validator(load(folder / "golive.schema.json"))


def plain(value):
    """TOML's dates are strings to editors' validators."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


files = list(folder.glob("*.toml"))
assert files
for path in files:
    said = plain(tomllib.loads(path.read_text(encoding="utf-8")))
    config.validate(said)
    assert not config.is_valid({**said, "unheard_of": 1})
    assert not config.is_valid({**said, "gate": {"fail_on": "severe"}})
    assert not config.is_valid({**said, "exception": [{"rule": "root-mfa", "reason": "none"}]})
    assert not config.is_valid({**said, "attestation": [{"item": "a/b", "by": "Ann", "on": "2026-01-01"}]})
    assert not config.is_valid({**said, "attestation": [{"item": "server-side/build-amis", "by": "Ann", "on": "soon"}]})
    assert not config.is_valid({**said, "settings": {"patch_days": "many"}})
