from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from bdhvs.bank.paths import find_content
from bdhvs.bank.schema import FOLDER, schemas, write_schemas

SHIPPED = find_content().assessments
ITEM = Draft7Validator(json.loads(schemas()["item.schema.json"]))
FORM = Draft7Validator(json.loads(schemas()["form.schema.json"]))


def test_the_committed_schemas_are_fresh() -> None:
    for name, text in schemas().items():
        assert (SHIPPED / FOLDER / name).read_text(encoding="utf-8") == text, "type: bdhvs schema --write"


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    assert len(write_schemas(tmp_path)) == 3
    assert write_schemas(tmp_path) == []


def test_the_schemas_are_schemas() -> None:
    Draft7Validator.check_schema(ITEM.schema)
    Draft7Validator.check_schema(FORM.schema)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("items/*/*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_item_fits_its_schema(path: Path) -> None:
    assert [one.message for one in ITEM.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("forms/*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_form_fits_its_schema(path: Path) -> None:
    assert [one.message for one in FORM.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))] == []


def test_a_wrong_item_does_not_fit() -> None:
    item = yaml.safe_load((Path(__file__).parent / "good" / "ma-otp.yaml").read_text(encoding="utf-8"))
    assert ITEM.is_valid(item)
    assert not ITEM.is_valid({**item, "level": 7})
    assert not ITEM.is_valid({**item, "kind": "other"})
    assert not ITEM.is_valid({**item, "steps": []})
    assert not ITEM.is_valid({**item, "hint": None})
