"""Secrets do not show themselves, and their files are private or refused."""

import copy
import json
import os
import pickle
from pathlib import Path

import msgspec
import pytest

from pilotwire.engine.secrets import Secret, SecretsFileError, read_private


def test_a_secret_is_shown_as_stars_in_every_way_of_formatting() -> None:
    secret = Secret(b"hunter2")
    assert secret.reveal() == b"hunter2"
    shown = [str(secret), repr(secret), f"{secret}", "%s" % secret, str([secret])]  # noqa: UP031
    assert shown == ["***", "***", "***", "***", "[***]"]


@pytest.mark.parametrize(
    "encode",
    [json.dumps, msgspec.json.encode, msgspec.msgpack.encode, pickle.dumps, copy.deepcopy, bytes],
)
def test_a_secret_is_never_encoded_by_accident(encode: object) -> None:
    assert callable(encode)
    with pytest.raises(TypeError):
        encode(Secret(b"hunter2"))


def test_equal_secrets_are_equal() -> None:
    assert Secret(b"a") == Secret(b"a")
    assert Secret(b"a") != Secret(b"b")
    assert Secret(b"a") != b"a"
    assert len({Secret(b"a"), Secret(b"a")}) == 1


def test_a_private_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_bytes(b"x = 1")
    file.chmod(0o600)
    assert read_private(file) == b"x = 1"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o777])
def test_a_file_that_others_can_touch_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "secrets.toml"
    file.touch()
    file.chmod(mode)
    with pytest.raises(SecretsFileError) as caught:
        read_private(file)
    assert str(caught.value) == f"{file}: open to group or others; remedy: chmod 600 {file}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.touch()
    file.chmod(0o600)
    os.chown(file, 12345, 12345)
    with pytest.raises(SecretsFileError, match="belongs to user 12345; remedy: chown 0 "):
        read_private(file)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretsFileError, match="cannot be read: Is a directory"):
        read_private(tmp_path)
    with pytest.raises(SecretsFileError, match="cannot be read: No such file"):
        read_private(tmp_path / "absent")
    with pytest.raises(SecretsFileError, match="not a regular file"):
        read_private(Path("/dev/null"))
