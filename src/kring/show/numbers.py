"""The numbers behind each chart as a table, written as in the chart: nobody needs to see a picture to know what it says."""

from collections.abc import Callable, Sequence
from typing import Any

from kring.schema import Finding
from kring.show.charts import degree_bins, part_of_week, period_of, series_of
from kring.show.charts_communities import firm_table, map_table
from kring.show.charts_illusion import exposure_table
from kring.show.charts_overview import days_table
from kring.show.charts_polarisation import chance_table
from kring.show.charts_reciprocity import balance_table
from kring.show.charts_ties import survival_table, turnover_table
from kring.show.content import Column, Picture, PictureKind, Table
from kring.show.values import DAYS, interval, title, written

Findings = Sequence[Finding]
Parts = dict[str, Any]


def data(picture: Picture) -> Table:
    """The numbers of a picture as a table, written as in the picture."""
    return Table(caption=picture.title, **_TABLES.get(picture.kind, _series_table)(picture.findings))


def _series_table(findings: Findings) -> Parts:
    columns = (Column("Period"), Column("Posts", "posts"))
    return {"columns": columns, "rows": tuple((str(x), y) for x, y in series_of(findings))}


def _distance_table(findings: Findings) -> Parts:
    columns = (Column("Steps", "steps"), Column("Share of pairs", "share"))
    return {"columns": columns, "rows": series_of(findings)}


def _degree_table(findings: Findings) -> Parts:
    return {"columns": (Column("People they talk with"), Column("People", "people")), "rows": tuple(degree_bins(series_of(findings)))}


def _bucket_table(findings: Findings) -> Parts:
    series = series_of(findings)
    total = sum(y or 0 for _, y in series) or 1
    columns = (Column("How long"), Column("Questions", "questions"), Column("Share", "share"))
    return {"columns": columns, "rows": tuple((str(x), y or 0, (y or 0) / total) for x, y in series)}


def _rhythm_table(findings: Findings) -> Parts:
    given = {part_of_week(str(x)): "too few" if y is None else y for x, y in series_of(findings)}
    hours = sorted({hour for _, hour in given})
    columns = (Column("From"), *(Column(day, "posts") for day in DAYS))
    return {"columns": columns, "rows": tuple((f"{hour}:00", *(given.get((day, hour), 0) for day in DAYS)) for hour in hours)}


def _period_table(findings: Findings) -> Parts:
    columns = (Column("Period"), Column("Figure"), Column("Value"), Column("Between"), Column("Rests on", "count"))
    rows = ((period_of(each), title(each.name), written(each.value, each.unit), interval(each), each.n) for each in findings)
    return {"columns": columns, "rows": tuple(rows)}


def _auc_table(findings: Findings) -> Parts:
    columns = (Column("Told by"), Column("Pairs told right"), Column("Between"), Column("Rests on", "count"))
    return {
        "columns": columns,
        "rows": tuple((title(each.name), written(each.value, each.unit), interval(each), each.n) for each in findings),
    }


def _credit_table(findings: Findings) -> Parts:
    columns = (Column("How many follow"), Column("Mean credit for help", "count"))
    return {"columns": columns, "rows": tuple((str(x), written(y)) for x, y in series_of(findings))}


def _steps_table(findings: Findings) -> Parts:
    people, fakes = (dict(each.series) for each in findings)
    columns = (
        Column("Steps from those named"),
        Column("People let in", "people"),
        Column("Fakes that one person there could bring in", "count"),
    )
    return {"columns": columns, "rows": tuple((step, people.get(step, 0), fakes.get(step, 0)) for step in sorted({*people, *fakes}))}


_TABLES: dict[PictureKind, Callable[[Findings], Parts]] = {
    "auc": _auc_table,
    "balance_sheet": balance_table,
    "beside_chance": chance_table,
    "by_period": _period_table,
    "credit_by_followers": _credit_table,
    "days": days_table,
    "community_map": map_table,
    "degree_distribution": _degree_table,
    "distance_curve": _distance_table,
    "exposure": exposure_table,
    "firm_bars": firm_table,
    "rhythm": _rhythm_table,
    "survival": survival_table,
    "turnover": turnover_table,
    "trust_by_steps": _steps_table,
    "waiting_buckets": _bucket_table,
}
