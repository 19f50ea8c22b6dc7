"""Nothing is said about fewer than ten people, also where every tie of theirs was seen."""

import pytest

from kring import kring

FIGURES = {
    "degree": "mean_degree",
    "reciprocity": "reciprocity",
    "distances": "mean_distance",
    "degree_assortativity": "degree_assortativity",
}


def chat(people: int) -> bytes:
    """Everybody in turn, three days long; on the second day the other way round, so that ties come back."""
    rounds = [range(people), range(people - 1, -1, -1), range(people)]
    lines = [
        f"{13 + day:02d}/03/2024, 12:{minute:02d} - Neighbour {who}: hello"
        for day, who_s in enumerate(rounds)
        for minute, who in enumerate(who_s)
    ]
    return ("\n".join(lines) + "\n").encode()


@pytest.mark.parametrize("measure", FIGURES)
@pytest.mark.parametrize("people", [9, 10])
def test_a_chat_of_nine_gets_no_figures_and_one_of_ten_does(measure, people, tmp_path):
    file = tmp_path / "WhatsApp Chat with Neighbours.txt"
    file.write_bytes(chat(people))
    with kring.new(tmp_path / "circle", zone="UTC") as circle:
        circle.import_(file)
        found = {finding.name: finding for finding in circle.measure(measure, place="Neighbours")}
    figure = found[FIGURES[measure]]
    assert (figure.value is None) == (people < 10)
    assert ("too few to say" in figure.warning) == (people < 10)
