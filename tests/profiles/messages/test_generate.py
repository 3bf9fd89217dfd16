"""The generated modules are those that the generator writes, already formatted."""

import subprocess
import sys

import pytest

from pilotwire.profiles.messages import generate, names, schemas


@pytest.fixture(scope="module")
def modules():
    return generate.modules()


def test_the_modules_in_the_project_are_up_to_date():
    command = [sys.executable, "-m", "pilotwire.profiles.messages.generate", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_check_names_what_is_stale(tmp_path):
    generate.write(tmp_path)
    assert generate.stale_files(tmp_path) == []
    with (tmp_path / "v201.py").open("a") as module:
        module.write("\n")
    (tmp_path / "v2.py").unlink()
    assert sorted(generate.stale_files(tmp_path)) == ["v2.py", "v201.py"]
    generate.write(tmp_path)
    assert generate.stale_files(tmp_path) == []


def test_the_command_fails_and_says_how_to_mend_it(monkeypatch, tmp_path):
    monkeypatch.setattr(generate, "__file__", str(tmp_path / "generate.py"))
    monkeypatch.setattr(sys, "argv", ["generate", "--check"])
    with pytest.raises(SystemExit, match=r"stale: v16\.py, .*; run python -m"):
        generate.main()
    monkeypatch.setattr(sys, "argv", ["generate"])
    generate.main()
    assert generate.stale_files(tmp_path) == []


def test_the_modules_need_no_formatter(modules, tmp_path):
    generate.write(tmp_path)
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "100"]
    paths = [str(tmp_path / name) for name in modules]
    done = subprocess.run([*command, "--diff", *paths], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_name_given_by_hand_is_used():
    versions = [schemas.read(name) for name in ("v16", "v201", "v21")]
    classes = {struct.name for struct in versions[0].types.values()}
    assert set(names.CLASSES.values()) <= classes
    assert set(names.ENUMS.values()) <= versions[0].enums.keys()
    spelled = {
        (f"{struct.name}.{field.wire_name}", field.name)
        for version in versions
        for struct in version.structs()
        for field in struct.fields
    }
    assert set(names.FIELDS.items()) <= spelled


@pytest.mark.parametrize(
    ("wire_name", "name"),
    [
        ("idTag", "id_tag"),
        ("evseId", "evse_id"),
        ("limit_L2", "limit_l2"),
        ("responderURL", "responder_url"),
        ("fixedPFAbsorb", "fixed_pf_absorb"),
        ("iso15118SchemaVersion", "iso15118_schema_version"),
    ],
)
def test_names_are_in_snake_case(wire_name, name):
    assert schemas.snake_case(wire_name) == name


def test_a_field_may_not_shadow_what_annotations_use(tmp_path):
    schema = {"additionalProperties": False, "properties": {"int": {"type": "boolean"}}}
    reader = schemas._SchemaFile(schemas.Version(), schema)
    with pytest.raises(ValueError, match=r"names\.FIELDS"):
        reader.read("ResetRequest")
