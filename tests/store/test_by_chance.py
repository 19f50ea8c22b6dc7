"""What a byte search finds in packed pieces: letters that met by packing are nobody's words; all that stands anywhere else is told."""

import kring
from kring.store.needles import Needles
from kring.store.open import reading, writing
from kring.store.sweep import by_chance

WORDS = b"wul driep wam boet"


def test_only_what_stands_in_packed_pieces_is_told_as_chance(tmp_path):
    with kring.new(tmp_path / "circle") as circle:
        needles = Needles([WORDS])
        with writing(circle.engine) as connection:
            for body in (b"\1\0" + WORDS, b"\1\0nothing", b"\1\0x" + WORDS + b" and " + WORDS):
                connection.exec_driver_sql("INSERT INTO raw (body) VALUES (?)", (body,))
            connection.exec_driver_sql("INSERT INTO word (text) VALUES (?)", (WORDS.decode(),))
        with reading(circle.engine) as connection:
            assert by_chance(connection, needles) == 3
            assert by_chance(connection, Needles([b"something else"])) == 0
