"""Work in pieces: in order whatever the threads, told while it goes, stopped where it fails."""

import numpy as np
import pytest

from kring.graph.threads import borders, each, streamed
from kring.graph.watch import listening


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_come_in_the_order_of_the_pieces(threads):
    assert each(lambda k: k * k, 50, threads) == [k * k for k in range(50)]


def test_pieces_hold_about_as_many_arcs_each_and_every_node_once():
    degree = np.array([1000, *[1] * 1000, 0, 0, 500])
    offsets = np.concatenate(([0], np.cumsum(degree)))
    cut = borders(offsets, 4)
    assert cut[0] == 0
    assert cut[-1] == len(degree)
    assert (np.diff(cut) > 0).all()
    assert max(np.diff(offsets[cut])) <= 1000 + len(offsets) / 4
    assert borders(np.zeros(1, np.int64), 8).tolist() == [0]


@pytest.mark.parametrize("threads", [1, 3])
def test_it_tells_how_far_it_is(threads):
    heard = []
    with listening(lambda *what: heard.append(what)):
        each(lambda k: k, 7, threads, what="counting")
    assert heard[-1] == ("counting", 7, 7)
    assert [done for _, done, _ in heard] == sorted(done for _, done, _ in heard)


@pytest.mark.parametrize("threads", [1, 3])
def test_a_listener_stops_it(threads):
    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), listening(stop):
        each(lambda k: k, 7, threads, what="counting")


@pytest.mark.parametrize("threads", [1, 3])
def test_a_piece_that_fails_fails_the_whole(threads):
    with pytest.raises(ZeroDivisionError):
        each(lambda k: 1 / (k - 3), 7, threads)


@pytest.mark.parametrize("threads", [1, 3])
def test_a_stream_stays_in_order_and_few_items_are_there_at_a_time(threads):
    asked = []

    def items():
        for k in range(100):
            asked.append(k)
            yield k

    for k, given in enumerate(streamed(lambda k: k * k, items(), threads)):
        assert given == k * k
        assert len(asked) <= k + 2 + 2 * threads
    assert k == 99


@pytest.mark.parametrize("threads", [1, 3])
def test_a_stream_fails_where_an_item_fails(threads):
    stream = streamed(lambda k: 1 / (k - 3), range(7), threads)
    assert [next(stream) for _ in range(3)] == [1 / -3, 1 / -2, 1 / -1]
    with pytest.raises(ZeroDivisionError):
        next(stream)
