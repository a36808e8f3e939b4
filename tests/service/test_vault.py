"""Numbers are found again and read again while keys rotate, and not without a key."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.fernet import InvalidToken

from callbridge.service.vault import PhoneVault

OLD, NEW = "o" * 32, "n" * 32
PHONE = "+12025550147"


def test_a_number_comes_back_whole_and_never_looks_the_same() -> None:
    vault = PhoneVault([OLD])
    tokens = {vault.encrypt(PHONE) for _ in range(3)}
    assert len(tokens) == 3
    assert {vault.decrypt(token) for token in tokens} == {PHONE}
    assert not any("5550147" in token for token in tokens)


def test_a_rotated_vault_knows_what_the_old_key_stored() -> None:
    before, after = PhoneVault([OLD]), PhoneVault([NEW, OLD])
    assert after.decrypt(before.encrypt(PHONE)) == PHONE
    assert before.hash(PHONE) in after.hashes(PHONE)
    assert after.hash(PHONE) == after.hashes(PHONE)[0] != before.hash(PHONE)


def test_without_its_key_a_number_is_gone() -> None:
    with pytest.raises(InvalidToken):
        PhoneVault([NEW]).decrypt(PhoneVault([OLD]).encrypt(PHONE))


def test_a_hash_is_keyed_and_keeps_numbers_and_networks_apart() -> None:
    vault = PhoneVault([OLD])
    assert vault.hash(PHONE) not in hashlib.sha256(PHONE.encode()).hexdigest()
    assert vault.hash(PHONE) != vault.network(PHONE)
    assert len(vault.hash(PHONE)) == 32
