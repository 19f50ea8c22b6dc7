"""Pairs read as a stream: the same ties as `read` gives, whatever the form, the packing, the number of threads and the room there is."""

import gzip
import io
import random

import numpy as np
import pytest
from arro3.core import Array, DataType, Table
from arro3.io import write_parquet
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kring.errors import ReadError
from kring.graph import folder
from kring.graph.build import sources_of
from kring.graph.files import form_of, pairs, read
from kring.graph.files.gathered import Complaints, Ties
from kring.graph.files.pairs import Source, known, read_pairs
from kring.graph.files.table import columns_said, layout_of, read_ties
from kring.graph.files.words import ties_of_words
from kring.graph.ids import Interner
from kring.graph.weaving import weave


def streamed(tmp_path, *files, ties="directed", columns="", memory=1 << 28, threads=0, part=0):
    """The graph folder of files (name, bytes), opened; and what was complained of."""
    sources = [Source(name, lambda data=data: io.BytesIO(data), len(data)) for name, data in files]
    told = {source.name: Complaints(source.name) for source in sources}
    wanted = columns_said(columns)
    heads = [known(one, form_of(one.name, one.open, told[one.name]), wanted, told[one.name]) for one in sources]
    path = tmp_path / "g"
    weave(path, "a test", read_pairs(heads, wanted, ties, told, memory=1 << 28, threads=threads), memory=memory, threads=threads, part=part)
    return folder.open(path), [each for own in told.values() for each in own.all()]


def tied(graph):
    """The ties by ids, in an order that doesn't depend on how nodes are numbered."""
    ids = [graph.id_of(node) for node in range(graph.n)]
    return sorted(ids), sorted((ids[a], ids[b]) for a, b in zip(sources_of(graph).tolist(), graph.targets.tolist()))


def same(tmp_path, name, data):
    whole = read(name, lambda: io.BytesIO(data), directed=True)
    graph, told = streamed(tmp_path, (name, data))
    assert tied(graph) == tied(whole.graph)
    assert (graph.n_loops, graph.n_duplicates) == (whole.graph.n_loops, whole.graph.n_duplicates)
    assert [each.where for each in told] == [each.where for each in whole.unread if each.kind != "skipped"]
    return graph


NUMBERS = b"# comment\n1 2\n2 3\n\n3 3\n1\t2\r\n-5 7\nx y\n4 9007199254740993\n12 13 14\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("numbers.txt", NUMBERS + b"1 2\n" * 100),
        ("numbers.txt.gz", gzip.compress(NUMBERS + b"5 6\n" * 100)),
        ("konect.txt", b"% sym unweighted\n1 2\n2 3\n"),
        ("named.csv", b'Source,Target\nanna,ben\nben, carla \n,x\nben,anna\nanna,ben\n"d, e",anna\n'),
        ("named.tsv", "\ufeffsource\ttarget\nanna smith\tben\n\u00e9\tanna smith\n".encode()),
        ("hashtags.csv", b"source,target\n#garden,#bees\n#bees,#garden\n"),
        ("latin.csv", "source;target\nandr\u00e9;zo\u00eb\n".encode("cp1252")),
        ("wide.csv", "source,target\nanna,zo\u00eb\n".encode("utf-16")),
        ("words.txt", b"a b\nb c\nb c d\nno\xffutf a\n"),
        ("no-end.txt", b"1 2\n2 3"),
        ("old-words-late.txt", b"1 2\n" * 20_000 + b"anna ben\n" * 5_000),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_text_gives_the_ties_that_reading_it_whole_gives(tmp_path, name, data):
    same(tmp_path, name, data)


def parquet(**columns):
    stream = io.BytesIO()
    write_parquet(Table.from_pydict(columns), stream)
    return stream.getvalue()


def test_parquet_of_numbers_words_and_dictionaries(tmp_path):
    draw = np.random.default_rng(1)
    a, b = draw.integers(-5, 2**40, (2, 500))
    same(tmp_path, "n.parquet", parquet(source=Array.from_numpy(a), target=Array.from_numpy(b)))
    words = ["anna", "ben", None, "", "zo\u00eb", "carla" * 50] * 20
    plain = Array(words, DataType.utf8())
    turned = Array(words[::-1], DataType.utf8())
    kinds = DataType.utf8(), DataType.large_utf8(), DataType.string_view(), DataType.dictionary(DataType.int32(), DataType.utf8())
    for k, kind in enumerate(kinds):
        (tmp_path / str(k)).mkdir()
        graph = same(tmp_path / str(k), "w.parquet", parquet(source=plain.cast(kind), target=turned.cast(kind)))
        assert list(graph.ids) == ["anna", "carla" * 50, "ben", "zo\u00eb"]
    mixed = parquet(source=Array(["1", "x"], DataType.utf8()), target=Array.from_numpy(np.array([2, 3])))
    (tmp_path / "m").mkdir()
    same(tmp_path / "m", "m.parquet", mixed)


TOO_LARGE = np.array([1, 2**63], np.uint64)


def array_file(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


@pytest.mark.parametrize("dtype", ["<u4", ">u4", "<i8", "<u8", "<i2"])
def test_numpys_own_files(tmp_path, dtype):
    ends = np.random.default_rng(2).integers(0, 300, (1000, 2)).astype(dtype)
    same(tmp_path, "p.npy", array_file(ends))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (array_file(np.zeros((4, 3), np.uint32)), "shape"),
        (array_file(np.zeros((4, 2))), "whole numbers"),
        (array_file(np.zeros((4, 2), np.uint32))[:-3], "breaks off"),
        (array_file(np.full((4, 2), 2**63, np.uint64)), "above"),
        (b"\x93NUMPY\x01\x00garbage", "damaged"),
        (b"", "empty"),
        (b"\x00\x01\x02", "no|not a network"),
        (b"alone\n", "two columns"),
        (parquet(source=Array.from_numpy(np.arange(3))), "one column"),
        (b"a,b\rc,d\r", "Macintosh"),
        (parquet(source=Array.from_numpy(TOO_LARGE), target=Array.from_numpy(TOO_LARGE)), "above"),
        (parquet(source=Array([2**63, None], DataType.uint64()), target=Array.from_numpy(TOO_LARGE)), "above"),
    ],
)
def test_what_is_no_file_of_ties_is_refused_with_a_reason(tmp_path, data, why):
    with pytest.raises(ReadError, match=why):
        streamed(tmp_path, ("bad", data))
    assert not (tmp_path / "g").exists()


def test_a_file_of_numbers_is_used_where_it_lies_when_it_is_too_large(tmp_path):
    ends = np.random.default_rng(2).integers(0, 5000, (20_000, 2)).astype(np.uint32)
    file = tmp_path / "p.npy"
    file.write_bytes(array_file(ends))
    told = Complaints("p.npy")
    head = known(Source("p.npy", lambda: file.open("rb"), file.stat().st_size, file), "npy", {}, told)
    weave(tmp_path / "g", "x", read_pairs([head], {}, "undirected", {"p.npy": told}, memory=1 << 24), memory=0, part=3000)
    graph, _ = streamed(tmp_path / "other", ("p.npy", file.read_bytes()), ties="undirected") if (tmp_path / "other").mkdir() is None else ()
    assert tied(folder.open(tmp_path / "g")) == tied(graph)
    assert file.stat().st_size == ends.nbytes + head.table.skip


def test_several_files_are_one_network_and_words_if_one_has_words(tmp_path):
    for name, files in (("numbers", [b"1 2\n", b"2 3\n", array_file(np.array([[3, 4]]))]), ("words", [b"1 2\n", b"2 anna\n3 x\n"])):
        (tmp_path / name).mkdir()
        graph, _ = streamed(tmp_path / name, *[(f"{k}", data) for k, data in enumerate(files)])
        assert graph.n_arcs == 3
    assert list(graph.ids) == ["1", "2", "anna", "3", "x"]


def test_columns_as_the_user_names_them(tmp_path):
    data = b"when,who,whom\n1,anna,ben\n2,ben,carla\n"
    for k, (columns, text) in enumerate((("source=who,target=whom", data), ("source=2, target=3", data[14:]))):
        (tmp_path / str(k)).mkdir()
        graph, _ = streamed(tmp_path / str(k), ("t.csv", text), columns=columns)
        assert tied(graph)[1] == [("anna", "ben"), ("ben", "carla")]
    with pytest.raises(ReadError, match="nobody"):
        streamed(tmp_path, ("t.csv", data), columns="source=nobody")
    with pytest.raises(ReadError, match="doesn't say"):
        columns_said("who,whom")


def test_blocks_threads_and_the_disk_change_nothing(tmp_path, monkeypatch):
    draw = random.Random(3)
    words = [f"p{draw.randrange(3000)} {'q' * (k % 3)}{draw.randrange(3000)}" for k in range(20_000)]
    words[777] = "odd line here"
    words[9000] = '"quoted" line'
    words[12_345] = "\u00a0x y"
    data = "\n".join(words).encode()
    (tmp_path / "a").mkdir()
    wanted, _ = streamed(tmp_path / "a", ("w.txt", data), threads=1)
    monkeypatch.setattr("kring.graph.files.numbers._BLOCK", 1000)
    for k, how in enumerate(({"threads": 1}, {"threads": 3}, {"memory": 0, "part": 999, "threads": 2})):
        (tmp_path / str(k)).mkdir()
        graph, _ = streamed(tmp_path / str(k), ("w.txt", data), **how)
        assert list(graph.ids) == list(wanted.ids)
        assert np.array_equal(graph.targets, wanted.targets)


PIECES = st.lists(
    st.sampled_from(
        [*"ab \t,;\n\r#%\u00e9\u00a0\u3000\u3042\x00\x0c\ufeff", "anna", "\n", "\r\n", "//", "x,y\n", "x y\n", "c d\n", "1 2\n"]
    ),
    max_size=25,
)


@settings(max_examples=300)
@given(st.sampled_from(["", "source,target\n", "a b\nc d\n", "a,b\nc,d\n", "Source;Target;Weight\na;b;3\n"]), PIECES, st.booleans())
@example("a b\nc d\n", ["x", "\u3000", "y z\n", "a b\n"], False)
def test_words_are_cut_as_the_reader_of_tables_cuts_them(head, pieces, broken):
    data = (head + "".join(pieces)).encode()
    data = data.replace(b"\xc3", b"") if broken else data

    def again():
        return io.BytesIO(data)

    try:
        layout = layout_of(again)
    except ReadError:
        return
    if layout is None:
        return
    layout = pairs._ends_only(layout)
    slow, fast = Complaints("x"), Complaints("x")
    ties, _ = read_ties(again, layout, slow)
    interner = Interner()
    numbers = [interner.numbers(cells.text, cells.starts, cells.ends) for cells in ties_of_words(again, layout, fast)]
    ends = np.concatenate(numbers or [np.empty(0, np.uint32)]).reshape(-1, 2)
    assert list(interner.strings()) == list(ties.number)
    assert ends[:, 0].tolist() == list(ties.source)
    assert ends[:, 1].tolist() == list(ties.target)
    assert [(each.where, each.why) for each in fast.told] == [(each.where, each.why) for each in slow.told]
    assert isinstance(ties, Ties)
