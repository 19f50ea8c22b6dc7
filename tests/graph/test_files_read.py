"""Network files of all kinds as they come: what is recognised, what is decided, what can't be read and is told."""

import gzip
import io
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kring.errors import GraphError, ReadError
from kring.graph.build import sources_of
from kring.graph.files import read, read_people, recognise, with_people
from kring.graph.files.gathered import Complaints
from kring.graph.files.numbers import graph_of_numbers
from kring.graph.files.table import layout_of, read_ties


def of(text, name="x.txt", **more):
    data = text if isinstance(text, bytes) else text.encode()
    return read(name, lambda: io.BytesIO(data), **more)


def pairs(graph):
    return sorted((graph.id_of(a), graph.id_of(int(b))) for a, b in zip(sources_of(graph), graph.targets))


@pytest.mark.parametrize(
    "text",
    [
        "a b\nb c\n",
        "a\tb\nb\tc\n",
        "a,b\r\nb,c\r\n",
        "a;b\nb;c",
        "Source,Target\na,b\nb,c\n",
        "TARGET,source\nb,a\nc,b\n",
        "Id,Source,Target,Type,Weight\n0,a,b,Directed,1\n1,b,c,Directed,1\n",
        "# a remark\n% another\n// and another\n\na b\nb c\n",
        '"a","b"\n"b","c"\n',
        "a b\nb c\nb c\na b\n",
        "\ufeffsource;target\na;b\nb;c\n",
        "# FromNodeId\tToNodeId\na\tb\nb\tc\n",
    ],
)
def test_edge_lists_in_many_dresses(text):
    network = of(text)
    assert pairs(network.graph) == [("a", "b"), ("b", "c")]
    assert network.graph.directed
    assert not [u for u in network.unread if u.kind != "skipped"]


def test_other_encodings():
    assert pairs(of("é,ü\n".encode("cp1252")).graph) == [("é", "ü")]
    assert pairs(of("Source,Target\né,ü\n".encode("utf-16")).graph) == [("é", "ü")]
    assert pairs(of(gzip.compress(b"1 2\n"), "x.gz").graph) == [("1", "2")]


@pytest.mark.parametrize("words", [False, True])
def test_weights_ratings_and_times_by_header_or_by_what_they_look_like(words):
    a, b = ("u1", "u2") if words else ("1", "2")
    for header in ("Source,Target,Rating,Time\n", ""):
        graph = of(f"{header}{a},{b},-10,1407470400\n{b},{a},3,1376539200\n").graph
        assert graph.weights.tolist() == [-10, 3]
        assert graph.signs.tolist() == [-1, 1]
        assert graph.first_at.tolist() == [1407470400_000_000, 1376539200_000_000]
    graph = of(f"{a} {b} 2.5 1407470400\n").graph
    assert (graph.weights.tolist(), graph.signs, graph.first_at.tolist()) == ([2.5], None, [1407470400_000_000])
    dated = of(f"from,to,date\n{a},{b},2014-08-08T04:00:00Z\n{a},{b},2014-08-08 05:00\n").graph
    assert dated.last_at[0] - dated.first_at[0] == 3600_000_000
    assert dated.weights.tolist() == [2]


def test_milliseconds_and_microseconds():
    for time in ("1407470400", "1407470400000", "1407470400000000", "1407470400.0"):
        assert of(f"Source,Target,Timestamp\n1,2,{time}\n").graph.first_at.tolist() == [1407470400_000_000]


def test_gephi_types_of_ties():
    mixed = of("Source,Target,Type,Weight\na,b,Directed,2\nb,c,Undirected,3\n").graph
    assert (mixed.directed, pairs(mixed), mixed.weights.tolist()) == (True, [("a", "b"), ("b", "c"), ("c", "b")], [2, 3, 3])
    assert not of("Source,Target,Type\na,b,Undirected\n").graph.directed


def test_direction_is_said_by_konect_snap_or_the_user_and_else_told():
    assert not of("% sym unweighted\n1 2\n").graph.directed
    assert not of("# Undirected graph (each unordered pair once)\n1 2\n").graph.directed
    assert of("% asym unweighted\n1 2\n").graph.directed
    assert not of("1 2\n", directed=False).graph.directed
    assert any("direction" in note.text for note in of("1 2\n").notes)
    assert not any("direction" in note.text for note in of("1 2\n", directed=True).notes)


def test_bad_lines_are_told_with_their_number_and_the_rest_is_kept():
    good = "".join(f"{k} {k + 1}\n" for k in range(60))
    network = of(f"{good}7\n{good[:8]}\n1 2 3 4\nx y\n100 101\n")
    assert ("100", "101") in pairs(network.graph)
    assert len(network.graph.ids) == 63
    assert [u.where for u in network.unread] == ["x.txt, line 61", "x.txt, line 65", "x.txt, line 66"]
    assert all(u.why and u.raw for u in network.unread)


def test_words_among_numbers_are_ids_if_there_are_many():
    network = of("1 2\n3 4\nanna bob\n")
    assert pairs(network.graph) == [("1", "2"), ("3", "4"), ("anna", "bob")]
    late = of("1 2\n" * 20_000 + "anna bob\n" * 2_000)
    assert pairs(late.graph) == [("1", "2"), ("anna", "bob")]
    assert not late.unread


def test_a_quotation_mark_that_is_not_closed_costs_one_line():
    network = of('Source,Target\n"g\nh",i\na,b\n"c,d\ne,f\n')
    assert pairs(network.graph) == [("a", "b"), ("e", "f"), ("g\nh", "i")]
    assert [u.where for u in network.unread] == ["x.txt, line 5"]


def test_thousands_of_bad_lines_are_counted_not_listed():
    network = of("a,b\n" * 3000 + "c\n" * 1000)
    assert len(network.unread) == 101
    assert sum(u.n for u in network.unread) == 1000


NUMBERS = st.sampled_from(["0", "7", "-3", "12345678901234567", "007", "x", "", "1.5", "-2", "+", "1e3", "9" * 21, "1407470400"])
LINE = st.lists(NUMBERS, max_size=5).map(" ".join) | st.sampled_from(["# no", "% no", "//", "\t1 2", "1\t2", "1  2 ", '1 2 "', "\u00a01 2"])


@settings(max_examples=300)
@given(st.lists(LINE, max_size=12), st.sampled_from([" ", ",", "\t"]), st.sampled_from(["\n", "\r\n"]), st.booleans())
@example(["0 1 1.5"], " ", "\n", True)
def test_the_kernel_reads_what_the_reader_of_words_reads(lines, delimiter, end, closed):
    data = (end.join(["1 2"] * 20 + lines).replace(" ", delimiter) + (end if closed else "")).encode()

    def again():
        return io.BytesIO(data)

    layout = layout_of(again)
    if layout is None or not layout.numbers:
        return
    told = Complaints("x")
    found = graph_of_numbers(again, layout, told, directed=True)
    graph = found and found[0]
    if graph is None:
        return
    slow = Complaints("x")
    ties, _ = read_ties(again, layout, slow)
    other = ties.graph(directed=True)
    words = {u.where for u in told.all()} - {u.where for u in slow.all()}
    if not words:
        assert pairs(graph) == pairs(other)
        assert graph.n_loops == other.n_loops
        if graph.weights is not None or other.weights is not None:
            assert sorted(graph.weights.tolist()) == sorted(other.weights.tolist())
    assert {u.where for u in slow.all()} <= {u.where for u in told.all()}


def test_large_numbers_as_ids_and_blocks_of_lines(monkeypatch):
    from kring.graph.files import numbers

    monkeypatch.setattr(numbers, "_BLOCK", 64)
    lines = [f"{10**15 + k} {k}" for k in range(200)]
    graph = of("\n".join(lines) + "\nbad\n").graph
    assert pairs(graph) == sorted((str(10**15 + k), str(k)) for k in range(200))


def test_metis_with_weights_remarks_and_lies():
    text = "% a remark\n3 2 011\n5 2 7\n% another\n6 1 7 3 9\n7 2 9\n"
    network = of(text, "x.graph")
    assert pairs(network.graph) == [("1", "2"), ("2", "1"), ("2", "3"), ("3", "2")]
    assert network.graph.weights.tolist() == [7, 7, 9, 9]
    assert not network.unread
    lies = of("4 9\n2\n1 77\n2 x\n", "x.graph")
    assert pairs(lies.graph) == [("1", "2"), ("2", "1"), ("2", "3"), ("3", "2")]
    assert (lies.graph.n, len(lies.unread)) == (4, 5)
    told = " ".join(u.why for u in lies.unread)
    for word in ("77", "'x'", "4 nodes", "9 ties", "one of their ends"):
        assert word in told


def test_metis_is_recognised_without_its_ending():
    assert recognise("x.txt", b"6 7\n2 3 4 5 6\n1 3\n1 2 4\n3 1\n1\n1\n") == "metis"
    assert recognise("x.graph", b"a b\nb c\n") == "table"


def test_gml_with_strings_and_nesting():
    text = (
        'Creator "me"\ngraph [ directed 1 node [ id 1 label "A [b] &quot;c&quot;" graphics [ x 1.5 id 9 ] ] node [ id 2 side "yes\nno" ]\n'
        "# remark\nedge [ source 1 target 2 weight 2.5 ] edge [ source 2 ] ]"
    )
    network = of(text, "x.gml")
    assert network.graph.directed
    assert pairs(network.graph) == [("1", "2")]
    assert network.graph.weights.tolist() == [2.5]
    assert network.graph.labels["label"][0] == 'A [b] "c"'
    assert network.graph.labels["side"][1] == "yes\nno"
    assert [u.where for u in network.unread] == ["x.gml, line 5"]


GEPHI = """<?xml version='1.0' encoding='UTF-8'?>
<gexf xmlns="http://gexf.net/1.3" version="1.3" xmlns:viz="http://gexf.net/1.3/viz">
  <meta lastmodifieddate="2024-01-01"><creator>Gephi 0.10.1</creator></meta>
  <graph defaultedgetype="undirected" mode="static">
    <attributes class="node" mode="static">
      <attribute id="modularity_class" title="Modularity Class" type="integer"><default>0</default></attribute>
    </attributes>
    <nodes>
      <node id="11.0" label="Valjean">
        <attvalues><attvalue for="modularity_class" value="1"/></attvalues><viz:size value="100"/><viz:color r="1" g="2" b="3"/>
      </node>
      <node id="48.0" label="Gavroche"/>
      <node id="5" label="Inner"><nodes><node id="6"/></nodes></node>
    </nodes>
    <edges>
      <edge id="0" source="11.0" target="48.0" weight="3.0"/>
      <edge source="48.0" target="5" type="directed"/>
      <edge source="48.0"/>
    </edges>
  </graph>
</gexf>"""


def test_gexf_as_gephi_writes_it():
    network = of(GEPHI, "x.gexf")
    assert network.graph.ids == ["11.0", "48.0", "5", "6"]
    assert network.graph.directed
    assert pairs(network.graph) == [("11.0", "48.0"), ("48.0", "11.0"), ("48.0", "5")]
    assert network.graph.labels["Modularity Class"].tolist() == [1, 0, 0, 0]
    assert network.graph.labels["label"].tolist() == ["Valjean", "Gavroche", "Inner", None]
    assert "source or its target" in network.unread[0].why


def test_graphml_with_defaults_and_a_broken_end():
    text = """<graphml><key id="d0" for="node" attr.name="color" attr.type="string"><default>blue</default></key>
    <key id="d1" for="edge" attr.name="weight" attr.type="double"/>
    <graph edgedefault="undirected"><node id="a"><data key="d0">red</data></node><node id="b"/>
    <edge source="a" target="b"><data key="d1">1.5</data></edge><node id="c"/><edge source="a" tar"""
    network = of(text, "x.graphml")
    assert pairs(network.graph) == [("a", "b"), ("b", "a")]
    assert network.graph.labels["color"].tolist() == ["red", "blue", "blue"]
    assert network.graph.weights.tolist() == [1.5, 1.5]
    assert "breaks off" in network.unread[0].why


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi")
)


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_an_xml_bomb_is_harmless(form):
    inside = '<nodes><node id="&i;"/></nodes>' if form == "gexf" else '<node id="&i;"/>'
    network = of(f"{BOMB}]><{form}><graph>{inside}</graph></{form}>", f"x.{form}")
    assert network.graph.n == 0
    assert network.unread[0].kind == "hostile"


def test_an_entity_from_outside_is_not_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    text = (
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><graphml><graph><node id="a"><data key="k">&e;</data></node></graph></graphml>'
    )
    network = of(text, "x.graphml")
    assert "secret" not in repr(network.graph.labels)


def test_a_gzip_that_breaks_off_gives_what_was_before():
    data = gzip.compress("".join(f"{k} {k + 1}\n" for k in range(50_000)).encode())
    network = read("x.gz", lambda: io.BytesIO(data[: len(data) // 2]))
    assert 1000 < network.graph.n_arcs < 50_000
    assert any("gzip" in u.why for u in network.unread)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "x.csv"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0", "x.json"),
        (b"<html><body>no</body></html>", "x.gexf"),
        (b"one\ncolumn\n", "x.csv"),
        (b"Id,Label\n1,Anna\n", "nodes.csv"),
        (b"PAR1 and no more", "x.parquet"),
        (b"PAR1" + bytes(40) + b"\x10\0\0\0PAR1", "x.parquet"),
        (b"   \n\n", "x.txt"),
    ],
)
def test_what_is_no_network_is_refused_with_a_next_step(data, name):
    with pytest.raises(ReadError) as refused:
        of(data, name)
    assert refused.value.next
    assert name in str(refused.value)


@settings(max_examples=150)
@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.graph", "x.gml", "x.gexf", "x.graphml"]))
def test_any_bytes_are_read_or_refused(data, name):
    with suppress(ReadError):
        of(data, name)


@settings(max_examples=150)
@given(st.data())
def test_damaged_files_are_read_or_refused(data):
    gml = 'graph [ node [ id 1 label "a" ] edge [ source 1 target 1 ] ]'
    whole = data.draw(st.sampled_from([GEPHI, gml, "3 2 011\n5 2 7\n6 1 7 3 9\n7 2 9\n", 'a,"b"\nc,d\n']))
    at, n = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 8))
    damaged = whole[:at] + data.draw(st.text(max_size=4)) + whole[at + n :]
    with suppress(ReadError):
        of(damaged.encode("utf-8", "surrogatepass"), data.draw(st.sampled_from(["x.gexf", "x.gml", "x.graph", "x.csv"])))


def test_people_join_the_graph():
    people, unread = read_people("nodes.csv", lambda: io.BytesIO(b"Id,Label,side\na,Anna,yes\nz,Zoe,\na,Again,no\nq\n"))
    graph = with_people(of("Source,Target\na,b\n").graph, people)
    assert list(graph.ids) == ["a", "b", "z"]
    assert graph.labels["label"].tolist() == ["Anna", None, "Zoe"]
    assert graph.labels["side"].tolist() == ["yes", None, None]
    assert [u.where for u in unread] == ["nodes.csv, line 4", "nodes.csv, line 5"]
    bare, _ = read_people("labels.txt", lambda: io.BytesIO(b"1 left\n2 right\n"))
    assert (list(bare.ids), bare["label"].tolist()) == (["1", "2"], ["left", "right"])
    assert np.array_equal(with_people(of("1 2\n").graph, bare).labels["label"], np.array(["left", "right"], object))


def test_lines_that_end_as_on_an_old_macintosh_are_not_read_as_one():
    with pytest.raises(ReadError, match="Macintosh"):
        of("1,2\r2,3\r3,1\r", "a.csv")


def test_a_metis_file_that_promises_more_nodes_than_it_could_have():
    network = of("999999999999 2\n2\n1\n", "a.graph")
    assert network.graph.n == 2
    assert any("999999999999 nodes" in unread.why for unread in network.unread)
    with pytest.raises(GraphError, match="names node 999,999,999,999"):
        of("999999999999 2\n999999999999\n1\n", "a.graph")


@pytest.mark.parametrize("header", ["", "source,target,at\n"])
@pytest.mark.parametrize(("a", "b", "c"), [("1", "2", "3"), ("anna", "bo", "chris")])
def test_every_line_with_a_time_stands_in_the_log(header, a, b, c):
    lines = [(b, a, 30), (a, b, 10), (a, b, 20), (c, c, 5), (a, c, 10)]
    network = (
        of(header + "".join(f"{x},{y},{1_000_000_000 + t}\n" for x, y, t in lines))
        if header
        else of("".join(f"{x} {y} {1_000_000_000 + t}\n" for x, y, t in lines))
    )
    log = network.log
    named = [(log.ids[s], log.ids[t], at // 1_000_000 - 1_000_000_000) for s, t, at in zip(log.source, log.target, log.at.tolist())]
    assert sorted(named) == sorted(each for each in lines if each[0] != each[1])
    assert log.at.tolist() == sorted(log.at.tolist())
    assert log.n_people == network.graph.n
    assert of("a,b\nb,c\n").log is None
