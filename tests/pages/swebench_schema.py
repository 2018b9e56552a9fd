"""What a row of SWE-bench and of SWE-smith has to be, as JSON Schema (draft 2020-12).

The names and types are those of their published data sets.
"""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator

COMMIT = {"type": "string", "pattern": "^[0-9a-f]{40}$"}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
PATCH = {"type": "string", "pattern": r"^diff --git (?:.|\n)+\n$"}
PATCH_OR_NONE = {"anyOf": [{"const": ""}, PATCH]}
TEXT = {"type": "string", "minLength": 1}
TESTS = {
    "type": "array",
    "items": {"type": "string", "pattern": r"^[^\s:]+\.(?:py|txt|rst|md)::\S+$"},
    "uniqueItems": True,
}
SOME_TESTS = {**TESTS, "minItems": 1}
OWNER = "[A-Za-z0-9][A-Za-z0-9-]*"
NAME = "[A-Za-z0-9._-]+"

SWEBENCH_FIELDS: dict[str, Any] = {
    "repo": {"type": "string", "pattern": f"^{OWNER}/{NAME}$"},
    "instance_id": {"type": "string", "pattern": f"^{OWNER}__{NAME}-[a-z0-9]+$"},
    "base_commit": COMMIT,
    "patch": PATCH,
    "test_patch": PATCH_OR_NONE,
    "problem_statement": TEXT,
    "hints_text": {"type": "string"},
    "created_at": TIME,
    "version": {"type": "string", "pattern": r"^[^.\s]+(\.[^.\s]+)?$"},
    "FAIL_TO_PASS": {"type": "string", "contentMediaType": "application/json"},
    "PASS_TO_PASS": {"type": "string", "contentMediaType": "application/json"},
    "environment_setup_commit": COMMIT,
}
SWESMITH_FIELDS: dict[str, Any] = {
    "instance_id": {
        "type": "string",
        "pattern": f"^{OWNER}__{NAME}[.][0-9a-f]{{8}}[.][a-z0-9_]+__[a-z0-9-]+$",
    },
    "repo": {"type": "string", "pattern": f"^{OWNER}/{OWNER}__{NAME}[.][0-9a-f]{{8}}$"},
    "patch": PATCH,
    "FAIL_TO_PASS": SOME_TESTS,
    "PASS_TO_PASS": TESTS,
    "created_at": TIME,
    "image_name": {
        "type": "string",
        "pattern": r"^[a-z0-9-]+/swesmith[.]x86_64[.][a-z0-9-]+_1776_[a-z0-9._-]+[.][0-9a-f]{8}$",
    },
    "base_commit": COMMIT,
    "problem_statement": TEXT,
}


def _schema(fields: dict[str, Any]) -> Draft202012Validator:
    value = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
    Draft202012Validator.check_schema(value)
    return Draft202012Validator(value)


_ROWS = {"swebench": _schema(SWEBENCH_FIELDS), "swesmith": _schema(SWESMITH_FIELDS)}
_TESTS = Draft202012Validator(TESTS)
_SOME_TESTS = Draft202012Validator(SOME_TESTS)


def check(format: str, line: str) -> dict[str, Any]:
    """The row of a line. Raises jsonschema's ValidationError where it is not of the format."""
    row: dict[str, Any] = json.loads(line)
    _ROWS[format].validate(row)
    assert list(row) == list(SWEBENCH_FIELDS if format == "swebench" else SWESMITH_FIELDS)
    if format == "swebench":
        _SOME_TESTS.validate(json.loads(row["FAIL_TO_PASS"]))
        _TESTS.validate(json.loads(row["PASS_TO_PASS"]))
    return row
