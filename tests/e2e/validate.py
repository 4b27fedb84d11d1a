"""Validates the report that GOLIVE_REPORT names against the JSON Schema that GOLIVE_SCHEMA names."""

import json
import os

import jsonschema


def load(name):
    with open(os.environ[name], encoding="utf-8") as file:
        return json.load(file)


report, schema = load("GOLIVE_REPORT"), load("GOLIVE_SCHEMA")
validator = jsonschema.Draft202012Validator
validator.check_schema(schema)
validator(schema).validate(report)
# A schema that takes anything proves nothing.
assert not validator(schema).is_valid({**report, "items": "none"})
assert not validator(schema).is_valid({**report, "unheard_of": 1})
