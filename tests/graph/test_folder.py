"""Graphs on disk: what goes in comes out; damage of any kind is refused with a reason; opening reads nothing once it was found whole."""

import os
import shutil
import subprocess
import sys
import time

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kring.errors import GraphError
from kring.graph import NO_TIME, Graph, folder, intact, manifest
from kring.graph.build import from_pairs
from kring.graph.ids import Interner, Numbers, Strings, as_strings, node_of
from kring.graph.watch import listening

ARRAYS = ("offsets", "targets", "weights", "signs", "first_at", "last_at", "kinds", "observed")


def full_graph(ids=None):
    graph = from_pairs(
        [0, 1, 2, 2, 3],
        [1, 2, 0, 3, 3],
        n=5,
        directed=True,
        ids=ids or ["anna", "é", "", "d" * 300, "five"],
        weights=np.arange(5.0),
        signs=np.array([1, -1, 0, 1, 1], np.int8),
        at=np.array([5, 6, NO_TIME, 8, 9]),
        observed=np.array([True, False, True, True, False]),
        boundary="one member's export",
        cut="2024-05-01",
        labels={"town": np.array(["Delft", None, "É", 7, 2.5], object), "b": np.array([None, None, True, None, "x"], object)},
    )
    fields = {name: getattr(graph, name) for name in Graph.__slots__}
    return Graph(**{**fields, "kinds": np.array([1, 2, 3, 1], np.uint16), "kind_names": ("reply", "like")})


def same(a, b):
    for name in ARRAYS:
        one, other = getattr(a, name), getattr(b, name)
        assert (one is None) == (other is None), name
        if one is not None:
            assert one.dtype == other.dtype, name
            assert one.tolist() == other.tolist(), name
    for name in ("directed", "boundary", "cut", "n_loops", "n_duplicates", "kind_names"):
        assert getattr(a, name) == getattr(b, name), name
    assert (a.ids is None) == (b.ids is None)
    assert list(a.ids or ()) == list(b.ids or ())
    assert {name: values.tolist() for name, values in a.labels.items()} == {name: values.tolist() for name, values in b.labels.items()}


@pytest.fixture
def path(tmp_path):
    folder.save(full_graph(), tmp_path / "g", made_from=("ties.csv",))
    return tmp_path / "g"


@pytest.mark.parametrize("ids", [None, Numbers(np.array([-(2**62), -1, 0, 7, 2**63 - 1]))])
def test_what_goes_in_comes_out(tmp_path, ids):
    graph = full_graph(ids)
    folder.save(graph, tmp_path / "g")
    back = folder.open(tmp_path / "g")
    same(graph, back)
    assert all(node_of(back.ids, id, back.n) == node for node, id in enumerate(graph.ids))
    assert node_of(back.ids, "nobody", back.n) == -1
    assert not back.targets.flags.writeable
    folder.save(back, tmp_path / "again")
    same(graph, folder.open(tmp_path / "again"))


def test_nobody_and_one_alone(tmp_path):
    for n in (0, 1):
        graph = from_pairs([], [], directed=False, n=n)
        folder.save(graph, tmp_path / str(n))
        same(graph, folder.open(tmp_path / str(n)))


@given(st.lists(st.text(st.characters(codec=None, exclude_categories=()))))
def test_strings_are_numbered_as_they_first_come_and_found_again(words):
    interner, known = Interner(), {}
    expected = [known.setdefault(word, len(known)) for word in words]
    assert interner.number_all(words[:3]).tolist() + interner.number_all(words[3:]).tolist() == expected
    strings = interner.strings()
    assert list(strings) == list(known)
    assert [strings.node(word) for word in words] == expected
    assert strings.node("a word that is not there") == -1
    assert strings[1:] == list(known)[1:]


def test_many_strings_grow_the_table(tmp_path):
    words = [f"at://did:plc:{k * 7919 % 100_003:x}" for k in range(50_000)]
    strings = as_strings(words)
    assert isinstance(strings, Strings)
    assert [strings.node(word) for word in words[::97]] == list(range(0, 50_000, 97))


@pytest.mark.parametrize("id", ["07", "+7", " 7", "1e3", "²", "", str(2**70)])
def test_a_number_written_otherwise_is_nobodys_id(id):
    assert node_of(None, id, 100) == -1
    assert node_of(Numbers(np.arange(100)), id, 100) == -1
    assert node_of(Numbers(np.array([5, 3, 7])), "7", 3) == 2


def test_a_graph_in_its_place_is_replaced_only_if_asked(path, tmp_path):
    other = from_pairs([0], [1], directed=False)
    with pytest.raises(GraphError, match="already"):
        folder.save(other, path)
    same(full_graph(), folder.open(path))
    folder.save(other, path, force=True)
    same(other, folder.open(path))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["g"]


def test_what_is_no_graph_is_never_replaced(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("dear")
    (tmp_path / "file").write_text("x")
    for name in ("letters", "file"):
        with pytest.raises(GraphError, match="no graph"):
            folder.save(full_graph(), tmp_path / name, force=True)
    assert (tmp_path / "letters" / "dear.txt").read_text() == "dear"
    assert len(list(tmp_path.iterdir())) == 2


def test_nothing_is_left_where_writing_fails(tmp_path):
    def half():
        with folder.making(tmp_path / "g") as new:
            folder.write_array(new, "offsets", np.zeros(1, np.int64))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(GraphError, match="no graph"):
        folder.open(tmp_path / "g")


# -- damage


def spoiled(path, name, at, to):
    with (path / name).open("r+b") as stream:
        stream.seek(at)
        stream.write(to)


def files_of(path):
    return sorted(each.name for each in path.iterdir() if each.name != intact.CHECKED)


def test_each_file_changed_at_any_place_is_refused_by_name(path):
    for name in files_of(path):
        size = (path / name).stat().st_size
        for at in sorted({0, size // 2, size - 1}):
            was = (path / name).read_bytes()
            spoiled(path, name, at, bytes([was[at] ^ 0x55]))
            with pytest.raises(GraphError, match=f"{name}|later"):
                folder.open(path)
            (path / name).write_bytes(was)
    same(full_graph(), folder.open(path))


def test_each_file_cut_short_or_gone_is_refused_by_name(path):
    for name in files_of(path):
        was = (path / name).read_bytes()
        (path / name).write_bytes(was[:-1])
        with pytest.raises(GraphError, match=name):
            folder.open(path)
        (path / name).unlink()
        with pytest.raises(GraphError, match=r"no graph|" + name):
            folder.open(path)
        (path / name).write_bytes(was)


def rewritten(path, **changes):
    """A folder whose manifest and checksums are right again after a change: only a look inside can tell."""
    old = folder.manifest_at(path)
    held = [msgspec.structs.replace(one, checksums=intact.checksums(path / one.name, "")) for one in old.arrays]
    manifest.write_manifest(path, msgspec.structs.replace(old, arrays=tuple(held), **changes))


@pytest.mark.parametrize(
    ("name", "at", "to"),
    [
        ("targets", 0, np.uint32(5)),
        ("targets", 4, np.uint32(2**32 - 1)),
        ("targets", 0, np.uint32(0)),
        ("targets", 8, np.uint32(3)),
        ("offsets", 0, np.int64(1)),
        ("offsets", 8, np.int64(-1)),
        ("offsets", 16, np.int64(2**40)),
        ("ids_offsets", 8, np.int64(2**40)),
        ("label_1_offsets", 8, np.int64(-5)),
        ("observed", 1, np.uint8(2)),
    ],
)
def test_numbers_that_lead_outside_are_refused_though_the_checksums_are_right(path, name, at, to):
    spoiled(path, name, at, to.tobytes())
    rewritten(path)
    with pytest.raises(GraphError, match=name):
        folder.open(path)


def test_a_table_of_ids_that_leads_outside_or_is_full_is_refused(path):
    for value in (np.uint64(9), np.uint64(1)):
        size = (path / "ids_slots").stat().st_size
        (path / "ids_slots").write_bytes(np.full(size // 8, value, "<u8").tobytes())
        rewritten(path)
        with pytest.raises(GraphError, match="ids_slots"):
            folder.open(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"n": 6},
        {"n": -1},
        {"n_arcs": 3},
        {"n_arcs": -1},
        {"labels": ()},
        {"labels": ("a", "b", "c")},
        {"format": "lines"},
        {"arrays": ()},
        {"arrays": (manifest.Held("../../secret", "<u4", 1, ()),)},
    ],
)
def test_a_manifest_that_tells_of_something_else_is_refused(path, changes):
    manifest.write_manifest(path, msgspec.structs.replace(folder.manifest_at(path), **changes))
    with pytest.raises(GraphError, match="damaged"):
        folder.open(path)


def test_the_graph_of_a_later_kring_is_refused_as_that(path):
    manifest.write_manifest(path, msgspec.structs.replace(folder.manifest_at(path), version=2))
    with pytest.raises(GraphError, match="later Kring") as told:
        folder.open(path)
    assert "Update" in told.value.next


def test_bytes_that_are_no_manifest(path):
    for junk in (b"", b"{}", b"[1]", b"\xff\xfe\x00", b'{"checksum":1,"graph":{}}', b"[" * 10_000):
        (path / "graph.json").write_bytes(junk)
        with pytest.raises(GraphError, match=r"graph\.json"):
            folder.open(path)


# -- once found whole


def told_while_opening(path):
    heard = []
    with listening(lambda what, done, total: heard.append(what)):
        folder.open(path)
    return heard


def test_it_is_looked_through_once_and_again_after_a_change(path, tmp_path):
    assert told_while_opening(path) == []
    shutil.copytree(path, tmp_path / "copy")
    assert any("checking" in what for what in told_while_opening(tmp_path / "copy"))
    assert told_while_opening(tmp_path / "copy") == []
    os.utime(path / "targets")
    assert told_while_opening(path)
    (path / intact.CHECKED).write_text("no")
    assert told_while_opening(path)
    assert told_while_opening(path) == []


def test_where_it_cannot_be_remembered_it_is_looked_through_again(path, monkeypatch):
    (path / intact.CHECKED).unlink()

    def read_only(*_):
        raise PermissionError

    monkeypatch.setattr(intact, "_remember", read_only)
    assert told_while_opening(path)
    assert told_while_opening(path)


def test_a_machine_with_the_other_byte_order(path):
    old = folder.manifest_at(path)
    for held in old.arrays:
        turned = np.fromfile(path / held.name, held.dtype).astype(np.dtype(held.dtype).newbyteorder(">"))
        (path / held.name).write_bytes(turned.tobytes())
    arrays = tuple(msgspec.structs.replace(held, dtype=held.dtype.replace("<", ">")) for held in old.arrays)
    manifest.write_manifest(path, msgspec.structs.replace(old, arrays=arrays))
    rewritten(path)
    same(full_graph(), folder.open(path))


def test_offsets_beyond_what_32_bits_count(tmp_path):
    """Some 4.4 billion arcs that take no room: the targets are a hole in the file, taken as checked."""
    n, arcs = 1000, 2**32 + 100_000
    new = tmp_path / "g"
    new.mkdir()
    offsets = np.concatenate((np.zeros(n), [arcs])).astype(np.int64)
    folder.write_array(new, "offsets", offsets)
    with (new / "targets").open("wb") as stream:
        stream.truncate(4 * arcs)
        stream.seek(4 * (arcs - 3))
        stream.write(np.array([7, 8, 9], "<u4").tobytes())
    if (new / "targets").stat().st_blocks * 512 > 2**30:
        pytest.skip("this disk keeps no holes in files")
    held = [manifest.Held("offsets", "<i8", n + 1, intact.checksums(new / "offsets", ""))]
    held.append(manifest.Held("targets", "<u4", arcs, (0,) * -(-4 * arcs // manifest.BLOCK)))
    manifest.write_manifest(new, folder.Manifest(n=n, n_arcs=arcs, directed=True, arrays=tuple(held)))
    intact.remember(new, folder.manifest_at(new))
    begin = time.perf_counter()
    graph = folder.open(new)
    assert time.perf_counter() - begin < 1
    assert graph.n_arcs == arcs
    assert graph.targets[graph.offsets[n - 1] : graph.offsets[n]][-3:].tolist() == [7, 8, 9]


def test_a_writer_that_is_killed_leaves_no_half_graph(tmp_path):
    code = (
        "import sys, numpy as np; from kring.graph import folder; from kring.graph.build import from_pairs\n"
        "draw = np.random.default_rng(1); g = from_pairs(draw.integers(0, 10**5, 10**6), draw.integers(0, 10**5, 10**6), directed=True)\n"
        "print('now', flush=True); folder.save(g, sys.argv[1])"
    )
    for k, delay in enumerate((0.0, 0.003, 0.01, 0.03)):
        path = tmp_path / str(k)
        process = subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE, env=os.environ)
        process.stdout.readline()
        time.sleep(delay)
        process.kill()
        process.communicate()
        if path.exists():
            assert folder.open(path).n_arcs > 900_000
