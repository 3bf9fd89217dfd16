"""Root certificates from a file, and the line that is told of one that is not usable."""

from pathlib import Path

import pytest

from pilotwire.engine.config import ConfigError
from pilotwire.engine.contract_roots import read_contract_roots

from ..contract_pki import Pki


def test_a_file_gives_all_its_certificates(tmp_path: Path) -> None:
    path = tmp_path / "roots.pem"
    path.write_text(Pki("MO").root.pem + Pki("V2G").root.pem)
    assert len(read_contract_roots(path, "station.contract_roots")) == 2
    assert read_contract_roots(None, "station.contract_roots") == ()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read: No such file or directory"),
        ("", "expected one PEM certificate or more"),
        ("nonsense", "expected one PEM certificate or more"),
    ],
)
def test_what_is_wrong_with_it_is_told_in_a_line(
    tmp_path: Path, content: str | None, problem: str
) -> None:
    path = tmp_path / "roots.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigError) as error:
        read_contract_roots(path, "station.contract_roots")
    assert str(error.value) == f"{path}: station.contract_roots: {problem}"
