"""Certificates in files: what is taken, and what is refused in which words."""

import datetime
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric import ec

from pilotwire.engine.certificates import (
    Unusable,
    check_pair,
    is_authority,
    is_valid,
    read_certificates,
)
from pilotwire.engine.secrets import SecretsFileError

from .pki import ca_file, pair, private_pem, self_signed, weak_key


def test_a_file_may_hold_several(tmp_path: Path) -> None:
    one, other = trustme.CA(), trustme.CA()
    found = read_certificates(ca_file(tmp_path, one, other))
    assert [is_authority(certificate) for certificate in found] == [True, True]


def test_a_leaf_is_no_authority(tmp_path: Path) -> None:
    chain, key = pair(tmp_path, trustme.CA().issue_cert("localhost"))
    check_pair(chain, key)
    assert not is_authority(read_certificates(chain)[0])


def test_a_certificate_counts_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    (certificate,) = read_certificates(self_signed(tmp_path)[0])
    now = datetime.datetime.now(datetime.UTC)
    assert is_valid(certificate, now)
    assert not is_valid(certificate, now + datetime.timedelta(days=2))
    assert not is_valid(certificate, now - datetime.timedelta(days=2))


def test_a_file_that_is_not_there_or_holds_none(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"none\.pem cannot be read: No such file"):
        read_certificates(tmp_path / "none.pem")
    (tmp_path / "text.pem").write_text("nonsense")
    with pytest.raises(Unusable, match=r"text\.pem holds no certificate in PEM"):
        read_certificates(tmp_path / "text.pem")


def test_a00_fr_502_an_rsa_key_has_2048_bits_or_more(tmp_path: Path) -> None:
    chain, _ = self_signed(tmp_path, key=weak_key())
    with pytest.raises(Unusable, match="an RSA key of 1024 bits; 2048 are the least"):
        read_certificates(chain)


def test_a00_fr_503_an_ec_key_has_224_bits_or_more(tmp_path: Path) -> None:
    chain, _ = self_signed(tmp_path, key=ec.generate_private_key(ec.SECP192R1()))
    with pytest.raises(Unusable, match="an EC key of 192 bits; 224 are the least"):
        read_certificates(chain)


def test_a_key_is_its_certificates(tmp_path: Path) -> None:
    chain, _ = self_signed(tmp_path / "one")
    _, key = self_signed(tmp_path / "other")
    with pytest.raises(Unusable, match=r"key\.pem is not the key of .*chain\.pem"):
        check_pair(chain, key)


def test_a_key_that_is_encrypted_or_none(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    chain, file = self_signed(tmp_path, key=key)
    file.write_bytes(private_pem(key, b"hunter2"))
    with pytest.raises(Unusable, match="is encrypted"):
        check_pair(chain, file)
    file.write_bytes(b"nonsense")
    with pytest.raises(Unusable, match="holds no private key"):
        check_pair(chain, file)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    chain, key = self_signed(tmp_path)
    key.chmod(0o644)
    with pytest.raises(SecretsFileError, match="remedy: chmod 600"):
        check_pair(chain, key)
