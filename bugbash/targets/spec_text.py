"""A spec as text: TOML that `--spec` takes back, and JSON."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from bugbash.targets.spec import TargetSpec


def spec_json(spec: TargetSpec) -> dict[str, Any]:
    """The spec's values as JSON has them, in the order of the fields."""
    values: dict[str, Any] = {field.name: getattr(spec, field.name) for field in fields(spec)}
    values["environment"] = dict(spec.environment)
    return {
        key: list(value) if isinstance(value, tuple) else value for key, value in values.items()
    }


def spec_toml(spec: TargetSpec) -> str:
    """A TOML document that `spec_values` reads back to the same spec; unset keys are left out."""
    lines = []
    for key, value in spec_json(spec).items():
        if value is None:
            continue
        lines.append(f"{key} = {_written(value)}")
    return "\n".join(lines) + "\n"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        pairs = [f"{_text(key)} = {_text(content)}" for key, content in value.items()]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    if isinstance(value, list):
        if len(value) < 3:
            return f"[{', '.join(_text(item) for item in value)}]"
        return "[\n" + "".join(f"    {_text(item)},\n" for item in value) + "]"
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: str) -> str:
    """A TOML basic string: JSON's escapes, and the one control character that JSON leaves."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
