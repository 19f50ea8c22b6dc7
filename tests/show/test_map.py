"""The map: the same network gives the same picture, and no name covers another."""

import random
import re
from dataclasses import replace

import numpy as np
import pytest

from kring.show import layout, map
from kring.show.content import MapData
from show import sample


def shuffled(data: MapData, seed: int) -> MapData:
    """The same network with its people and ties in another order, and half of the ties turned round."""
    shuffle = random.Random(seed)
    people = shuffle.sample(range(len(data.ids)), len(data.ids))
    row_of = {old: new for new, old in enumerate(people)}
    ties = [(row_of[a], row_of[b], w) for a, b, w in zip(data.sources, data.targets, data.weights)]
    ties = [(b, a, w) if shuffle.random() < 0.5 else (a, b, w) for a, b, w in shuffle.sample(ties, len(ties))]
    sources, targets, weights = zip(*ties)
    return MapData(
        ids=[data.ids[p] for p in people], labels=[data.labels[p] for p in people], sources=sources, targets=targets, weights=weights
    )


@pytest.mark.parametrize("n", [5, 30, 150])
def test_the_order_of_rows_changes_nothing(n):
    data = sample.network(n)
    assert map.draw(shuffled(data, 1)).svg == map.draw(data).svg


def test_the_random_numbers_of_others_change_nothing():
    data = sample.network(60)
    first = layout.place(data).at
    random.seed(99)
    before = random.getstate()
    assert np.array_equal(layout.place(data).at, first)
    assert random.getstate() == before


def test_at_most_four_hundred_people_and_it_says_so():
    data = sample.network(700, contacts=8)
    drawn, picture = layout.place(data), map.draw(data)
    assert drawn.n == layout.MOST_PEOPLE
    assert len(drawn.ties) <= layout.MOST_TIES
    assert picture.shown.startswith("400 of 639 people are shown")
    assert len(picture.table.rows) == 400
    assert set(np.unique(drawn.ties)) == set(range(drawn.n)), "everybody drawn has a tie"


@pytest.mark.parametrize("kind", ["wide", "narrow"])
def test_the_best_connected_are_named_however_crowded_it_is_around_them(kind, monkeypatch):
    monkeypatch.setattr(map, "MOST_COVERED", {"wide": 0.0, "narrow": 0.0})
    data = sample.network(300)
    svg, drawn = map.draw(data).svg, layout.place(data)
    best = np.lexsort((np.arange(drawn.n), -drawn.degree))[:3]
    names = re.findall(r"<text[^>]*>([^<]*)", re.search(rf'<g class="names {kind}"[^>]*>(.*?)</g>', svg)[1])
    assert names == [data.labels[drawn.rows[node]] for node in best]


def test_ties_are_distinct_pairs_without_loops():
    drawn = layout.place(MapData(ids="abc", labels="abc", sources=[0, 1, 2, 0], targets=[1, 0, 2, 1], weights=[1, 2, 9, 4]))
    assert drawn.n == 2
    assert drawn.ties.tolist() == [[0, 1]]
    assert drawn.weight.tolist() == [7]
    assert drawn.n_people == 2


def test_planted_groups_are_found_and_stand_apart():
    clique = [(a, b) for a in range(8) for b in range(a)]
    ties = [*clique, *((a + 8, b + 8) for a, b in clique), (0, 8)]
    ids = [f"{n:02d}" for n in range(16)]
    drawn = layout.place(MapData(ids=ids, labels=ids, sources=[a for a, _ in ties], targets=[b for _, b in ties]))
    assert len(set(drawn.group[:8])) == len(set(drawn.group[8:])) == 1
    assert drawn.group[0] != drawn.group[8]
    centres = drawn.at[:8].mean(axis=0), drawn.at[8:].mean(axis=0)
    assert np.linalg.norm(centres[0] - centres[1]) > np.linalg.norm(drawn.at[:8] - centres[0], axis=1).mean()


@pytest.mark.parametrize("n", [5, 30, 300])
def test_everything_is_inside_the_frame_and_no_circle_covers_another(n):
    drawn = layout.place(sample.network(n))
    assert (drawn.at - drawn.radius[:, None] >= 0).all()
    assert (drawn.at + drawn.radius[:, None] <= np.array(drawn.size)).all()
    between = np.linalg.norm(drawn.at[:, None] - drawn.at[None, :], axis=2) + np.eye(drawn.n) * 1e9
    hidden = (between < np.maximum(drawn.radius[:, None], drawn.radius[None, :])).sum() / 2
    assert hidden <= 0.01 * drawn.n


@pytest.mark.parametrize("kind", ["wide", "narrow"])
def test_names_do_not_cover_each_other(kind):
    svg = map.draw(sample.network(300)).svg
    names = re.search(rf'<g class="names {kind}"[^>]*>(.*?)</g>', svg)[1]
    boxes = []
    for x, y, size, anchor, name in re.findall(
        r'<text x="([\d.]+)" y="([\d.]+)" font-size="([\d.]+)" text-anchor="(\w+)"[^>]*>([^<]*)', names
    ):
        wide = map._width(name) * float(size)
        left = float(x) - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        boxes.append((left, float(y) - 0.8 * float(size), left + wide, float(y) + 0.25 * float(size)))
    assert len(boxes) >= 5
    assert not any(map._overlap(a, b) for at, a in enumerate(boxes) for b in boxes[:at])


def test_each_person_leads_to_a_row_of_the_table():
    picture = map.draw(sample.network(40))
    links = {int(number) for number in re.findall(r'href="#person-(\d+)"', picture.svg)}
    assert links == set(picture.people)
    assert picture.svg.count("<title>") == len(picture.people)
    assert sum(group.n for group in picture.legend) == len(picture.people)


def test_nobody_tied_to_anybody_gives_no_map():
    assert map.draw(MapData(ids=["a"], labels=["Anna"], sources=[], targets=[])) is None
    assert map.draw(MapData(ids=[], labels=[], sources=[], targets=[])) is None


def test_groups_that_are_known_are_those_of_the_map():
    data = sample.network(60)
    given = [k % 4 - 1 for k in range(60)]
    known = replace(data, groups=given)
    drawn, picture = layout.place(known), map.draw(known)
    assert drawn.group.tolist() == [given[row] for row in drawn.rows]
    assert [group.number for group in picture.legend] == [1, 2, 3, 0]
    assert "Which groups are there?" in " ".join(picture.rules)
    assert "modularity" not in " ".join(picture.rules)
    assert {row[2] for row in picture.table.rows} == {"Group 1", "Group 2", "Group 3", "–"}


def test_where_there_are_no_groups_everybody_is_grey():
    picture = map.draw(replace(sample.network(30), groups=[-1] * 30))
    assert [group.number for group in picture.legend] == [0]
    assert "--group-1" not in picture.svg
