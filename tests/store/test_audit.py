"""The audit log: what is blanked, taken out or cut off by somebody else than an erasure is told."""

import pytest

import kring
from kring.errors import UsageError
from kring.store import chain
from kring.store.ledger import note_audit
from kring.store.open import reading, writing

CHAT = (
    "12-03-2024 10:00 - Anna: Wie heeft er een ladder voor mij?\n12-03-2024 10:04 - Bo: Ik heb er een!\n12-03-2024 10:09 - Cor: Ik ook!\n"
)


@pytest.fixture
def circle(tmp_path):
    (tmp_path / "chat.txt").write_text(CHAT, encoding="utf-8")
    with kring.new(tmp_path / "circle") as made:
        made.import_(tmp_path / "chat.txt", as_="whatsapp:Straat")
        for name in ("Anna", "Bo", "Cor"):
            made.consent(name, "no", evidence="at the fair")
        yield made


def tamper(circle, *statements):
    """As somebody who writes in the file and takes the guards away first."""
    with writing(circle.engine) as connection:
        for statement in ("DROP TRIGGER IF EXISTS audit_stays", "DROP TRIGGER IF EXISTS audit_is_as_written", *statements):
            connection.exec_driver_sql(statement)


def test_a_log_as_it_was_written_is_fine(circle):
    assert circle.audit_check().ok
    assert circle.audit_check(circle.audit_check().last_link[:16].upper()).ok


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("UPDATE audit SET details = '', salt = NULL WHERE node = 2", "details of entry 2 were taken out"),
        ("UPDATE audit SET details = '', salt = NULL WHERE node IN (1, 2, 4)", "details of entries 1-2, 4 were taken out"),
        ("DELETE FROM audit", "cut off"),
        ("DELETE FROM audit WHERE node > 2", "2 of them are gone"),
        ("DELETE FROM audit; DELETE FROM audit_head", "it was emptied"),
        ("DELETE FROM audit_head", "not the one that was noted"),
        ("UPDATE audit_head SET entries = 2", "not the one that was noted"),
    ],
)
def test_what_somebody_else_did_to_it_is_told(circle, how, said):
    tamper(circle, *how.split(";"))
    checked = circle.audit_check()
    assert (checked.ok, said in checked.found) == (False, True), checked.found


def test_a_cut_end_shows_also_after_more_was_written(circle):
    tamper(circle, "DELETE FROM audit WHERE node > 2")
    for _ in range(5):
        circle.consent("Anna", "unknown")
        assert "2 of them are gone" in circle.audit_check().found


def test_a_log_that_was_emptied_and_began_again_lacks_the_imports(circle):
    tamper(circle, "DELETE FROM audit", "DELETE FROM audit_head")
    circle.consent("Anna", "unknown")
    assert "import 1 is not in it" in circle.audit_check().found


def test_an_erasure_accounts_for_what_it_blanked_and_for_nothing_else(circle):
    circle.erase("Anna")
    checked = circle.audit_check()
    assert (checked.ok, checked.blanked) == (True, 1), checked
    circle.erase("Bo")
    assert (circle.audit_check().ok, circle.audit_check().blanked) == (True, 2)
    tamper(circle, "UPDATE audit SET details = '', salt = NULL WHERE node = 4")
    assert "details of entry 4" in circle.audit_check().found
    circle.erase("Cor")
    assert "details of entry 4" in circle.audit_check().found, "a later erasure doesn't whitewash it"


def test_only_an_erasure_accounts_and_only_for_what_came_before(circle):
    with writing(circle.engine) as connection:
        note_audit(connection, "measure", "blanked entry 2")
        note_audit(connection, chain.ERASED, "blanked entries 6-9")
        note_audit(connection, "measure", "more")
    tamper(circle, "UPDATE audit SET details = '', salt = NULL WHERE node = 2")
    assert not circle.audit_check().ok
    tamper(circle, "UPDATE audit SET details = '', salt = NULL WHERE node = 7")
    assert "details of entries 2, 7" in circle.audit_check().found


@pytest.mark.parametrize("numbers", [{3}, {1, 2, 3}, {1, 3, 4, 9}])
def test_what_is_accounted_for_reads_back(numbers):
    assert set(chain._accounted(f"1 accounts; {chain.accounting(numbers)}")) == numbers
    assert chain.accounting(()) == ""


def test_a_link_that_tells_nothing_is_refused(circle):
    with pytest.raises(UsageError, match="too short"):
        circle.audit_check("3f")
    assert not circle.audit_check("0" * 64).ok


def test_an_empty_circle_has_an_empty_log(tmp_path):
    with kring.new(tmp_path / "new") as made, reading(made.engine) as connection:
        assert chain.check(connection).ok
