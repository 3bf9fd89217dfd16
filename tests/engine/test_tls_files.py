"""The certificates that the configuration names: what is wrong is told before anything runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from pilotwire.engine.config import Config, load
from pilotwire.engine.config.security import CentralTls, ServerCertificate, StationTls
from pilotwire.engine.config.source import ConfigError
from pilotwire.engine.tls_files import StationCertificates, check, server_tls
from pilotwire.engine.wire.tls import server_context

from .pki import ca_file, pair, self_signed

NOW = datetime.now(UTC)


def told(folder: Path, text: str) -> str:
    """Give what is said of a configuration."""
    file = folder / "config.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as refused:
        load(Config, file, environment={}, checks=(check,))
    return str(refused.value)


@pytest.fixture
def ca() -> trustme.CA:
    return trustme.CA()


def test_files_that_are_good_are_accepted(tmp_path: Path, ca: trustme.CA) -> None:
    ca_file(tmp_path, ca)
    pair(tmp_path, ca.issue_cert("SERIAL-1"))
    pair(tmp_path / "central", ca.issue_cert("localhost"))
    file = tmp_path / "config.toml"
    file.write_text(
        """
        [[station.network.profiles]]
        url = "wss://localhost:9312"
        security_profile = 3
        [station.tls]
        ca_file = "ca.pem"
        certificate_file = "chain.pem"
        key_file = "key.pem"
        [central.tls]
        client_ca_file = "ca.pem"
        [[central.tls.certificates]]
        certificate_file = "central/chain.pem"
        key_file = "central/key.pem"
        """
    )
    config = load(Config, file, environment={}, checks=(check,))
    tls = server_tls(config.central.tls)
    assert tls is not None
    server_context(tls)
    StationCertificates(config.station.tls).context(3)


def test_authorities_that_cannot_be_read(tmp_path: Path) -> None:
    line = told(tmp_path, '[station.tls]\nca_file = "none.pem"')
    assert "station.tls.ca_file: " in line
    assert "none.pem cannot be read: No such file or directory" in line


def test_a_certificate_that_is_no_authoritys(tmp_path: Path, ca: trustme.CA) -> None:
    pair(tmp_path, ca.issue_cert("localhost"))
    line = told(tmp_path, '[station.tls]\nca_file = "key.pem"')
    assert "holds no certificate in PEM" in line
    (tmp_path / "leaf.pem").write_bytes(ca.issue_cert("x").cert_chain_pems[0].bytes())
    line = told(tmp_path, '[station.tls]\nca_file = "leaf.pem"')
    assert "leaf.pem holds no certificate of an authority" in line


def test_a_certificate_without_its_key(tmp_path: Path) -> None:
    line = told(tmp_path, '[station.tls]\ncertificate_file = "chain.pem"')
    assert "station.tls.key_file: missing: a certificate and its key belong together" in line


def test_profile_3_needs_a_certificate(tmp_path: Path) -> None:
    text = '[[station.network.profiles]]\nurl = "wss://x"\nsecurity_profile = 3'
    assert "profiles[1].security_profile: 3 needs station.tls.certificate_file" in told(
        tmp_path, text
    )


def test_a_central_systems_certificate_that_cannot_be_used(tmp_path: Path, ca: trustme.CA) -> None:
    pair(tmp_path, ca.issue_cert("localhost"))
    self_signed(tmp_path / "other")
    line = told(
        tmp_path,
        '[[central.tls.certificates]]\ncertificate_file = "chain.pem"\nkey_file = "other/key.pem"',
    )
    assert "central.tls.certificates[1].certificate_file: " in line
    assert "is not the key of" in line


@pytest.mark.parametrize("key", ["port = 1", 'client_ca_file = "ca.pem"', 'organization = "O"'])
def test_tls_of_the_central_system_needs_a_certificate(tmp_path: Path, key: str) -> None:
    assert "only with certificates" in told(tmp_path, f"[central.tls]\n{key}")


def test_what_there_is_to_trust_and_to_show(tmp_path: Path, ca: trustme.CA) -> None:
    chain, key = pair(tmp_path, ca.issue_cert("SERIAL-1", not_after=NOW + timedelta(days=1)))
    settings: dict[str, Any] = {"certificate_file": chain, "key_file": key}
    root, _ = self_signed(tmp_path / "root")
    has_all = StationCertificates(StationTls(ca_file=root, **settings))
    assert (has_all.has_csms_root(NOW), has_all.has_own(NOW)) == (True, True)
    later = NOW + timedelta(days=2)
    assert (has_all.has_csms_root(later), has_all.has_own(later)) == (False, False)
    has_none = StationCertificates(StationTls())
    assert (has_none.has_csms_root(NOW), has_none.has_own(NOW)) == (False, False)
    assert has_none.context(2) is has_none.context(0)


def test_a_root_that_was_taken_away_does_not_count(tmp_path: Path, ca: trustme.CA) -> None:
    file = ca_file(tmp_path, ca)
    certificates = StationCertificates(StationTls(ca_file=file))
    file.unlink()
    assert not certificates.has_csms_root(NOW)


def test_without_a_certificate_the_central_system_has_no_tls() -> None:
    assert server_tls(CentralTls()) is None
    made = server_tls(
        CentralTls(
            certificates=(ServerCertificate(certificate_file=Path("c"), key_file=Path("k")),)
        )
    )
    assert made is not None
    assert made.certificates == (("c", "k"),)
