"""A comparison in words: who fails less, how sure that is, and what must be known of it. Figures only. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from crumple import excerpt
from crumple_reports.figures import count, interval, listed, money, percent, points

ALL: Final = "all"
CLEAN: Final = "clean"
SURE: Final = (
    "Better and worse are said of the second, with all rows in mind: where the two do not differ, at most one "
    "comparison in 20 says so in any of them."
)
_NAME: Final = 24
_NAMED: Final = 6
_LONG: Final = 80
_LEAST_P: Final = 1e-4


def is_comparison(document: Mapping[str, Any]) -> bool:
    """Whether a document holds two runs against each other."""
    return document.get("kind") == "comparison"


def names_of(document: Mapping[str, Any]) -> tuple[str, str]:
    """What the two are called."""
    return excerpt(str(document["a"]["name"]), _NAME), excerpt(str(document["b"]["name"]), _NAME)


def whole(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The row of all pairs together; None where rates are not compared."""
    row: Mapping[str, Any] | None = document["rows"][0] if document["rows"] else None
    return row


def headline(document: Mapping[str, Any]) -> str:
    """The verdict: never a winner that the figures do not bear."""
    row = whole(document)
    if row is None:
        return _of_points(document)
    a, b = names_of(document)
    if not document["degraded_pairs"]:
        said = f"{row['only_b']:,} fail only with {b}, {row['only_a']:,} only with {a}"
        return f"No degraded document can be compared, only {count(row['pairs'], 'clean one')}: {said}."
    rates = f"{percent(row['b']['rate'])} against {percent(row['a']['rate'])}"
    of = f"of the same {count(row['pairs'], 'document')}"
    if row["state"] in {"better", "worse"}:
        verb = "fails less" if row["state"] == "better" else "fails more"
        return f"{b} {verb} than {a}: {rates} {of}. {_alone(row, a, b)} ({chance(row)})."
    first = "Too few pairs to tell the two apart" if row["state"] == "unknown" else "No difference that could be told"
    if not row["only_a"] and not row["only_b"]:
        return f"{first}: {b} and {a} fail on the very same documents, {percent(row['a']['rate'])} {of}."
    return f"{first}: {b} fails {rates} {of}. {_alone(row, a, b)} ({chance(row)})."


def answer_words(document: Mapping[str, Any]) -> str:
    """The verdict in a few words."""
    row = whole(document)
    if row is None:
        return "See their breaking points"
    if not document["degraded_pairs"]:
        return "Not known: no degraded document can be compared"
    a, b = names_of(document)
    if row["state"] not in {"better", "worse"}:
        if row["silent"]["state"] in {"better", "worse"}:
            worse = b if row["silent"]["state"] == "worse" else a
            return f"Neither, that could be told; {worse} more silently"
        return "Too few pairs to tell" if row["state"] == "unknown" else "No difference that could be told"
    less, other = (b, a) if row["state"] == "better" else (a, b)
    silent = row["silent"]["state"]
    turned = silent in {"better", "worse"} and silent != row["state"]
    return f"{less}, but {other} less silently" if turned else less


def subject_of(document: Mapping[str, Any]) -> list[str]:
    """Which runs of what these are."""
    sides = [(excerpt(str(side["name"]), _NAME), side) for side in (document["a"], document["b"])]
    return ["crumple compare", *(f"{name}: run {excerpt(str(side['run']), _LONG)}" for name, side in sides)]


def _alone(row: Mapping[str, Any], a: str, b: str) -> str:
    either = row["only_a"] + row["only_b"]
    return f"On {either:,} of them only one of the two fails: on {row['only_a']:,} {a}, on {row['only_b']:,} {b}"


def _of_points(document: Mapping[str, Any]) -> str:
    a, b = names_of(document)
    return (
        f"Breaking points of {a} and {b}, side by side. Rates are not compared: each was called where it breaks, and "
        "not at the same levels."
    )


def lines(document: Mapping[str, Any]) -> Iterator[str]:
    """More sentences: silent failures, categories that go the other way, what must be known."""
    row = whole(document)
    if row is not None:
        yield silence(document, row)
        yield from _categories(document, "fails {}", lambda each: each)
        yield from _categories(document, "is {} often silently wrong", lambda each: each["silent"])
        yield difference_words(document, row)
    for name in ("latency", "money"):
        if found := (document.get("amounts") or {}).get(name):
            yield amount_words(document, name, found)
    for side in (document["a"], document["b"]):
        if side.get("flaky"):
            name = excerpt(str(side["name"]), _NAME)
            yield f"{name}: {count(side['flaky'], 'document')} failed in some repetitions and not in others."
    yield from (str(each) for each in document.get("warnings") or ())


def silence(document: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """Which of the two is more often wrong without a complaint."""
    a, b = names_of(document)
    own = row["silent"]
    figures = f"{b} {own['b']['failures']:,}, {a} {own['a']['failures']:,} of {row['pairs']:,} ({chance(own)})"
    if own["state"] in {"better", "worse"}:
        verb = "less" if own["state"] == "better" else "more"
        but = "" if row["state"] == own["state"] else "But "
        said = f"{but}{b} is {verb} often silently wrong"
        return f"{said}: {figures}."
    if not own["only_a"] and not own["only_b"]:
        many = own["a"]["failures"]
        return f"Silent failures: {'the same ' + format(many, ',') + ' in both' if many else 'none in either'}."
    return f"Silent failures: no difference that could be told: {figures}."


def _categories(
    document: Mapping[str, Any], said: str, of: Callable[[Mapping[str, Any]], Mapping[str, Any]]
) -> Iterator[str]:
    """The categories in which one of the two is shown to be better."""
    _, b = names_of(document)
    for state, much in (("worse", "more"), ("better", "less")):
        rows = [each for each in document["rows"] if of(each)["state"] == state and each["category"] != ALL]
        if rows:
            named = [f"{category_name(each)} ({_rates(of(each))})" for each in rows]
            yield f"{b} {said.format(much)} in: {listed(named, _NAMED)}."


def _rates(row: Mapping[str, Any]) -> str:
    return f"{percent(row['b']['rate'])} against {percent(row['a']['rate'])}"


def difference_words(document: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """How large the difference is, with its interval, and what the figures are about."""
    clean = next((each["pairs"] for each in document["rows"] if each["category"] == CLEAN), 0)
    of = f"{count(document['cases'], 'case')}, {clean:,} of the {row['pairs']:,} pairs clean"
    if document["method"] == "sequential":
        sure = "p-values hold although calls went where they were needed; the intervals do not allow for that"
    else:
        sure = "95 %"
    return f"The difference is {difference(row)} points ({sure}), about these documents: {of}."


def difference(row: Mapping[str, Any]) -> str:
    """The second's rate less the first's, in points with its interval: "-19 (-24 to -14)"."""
    own = row["difference"]
    if own["value"] is None:
        return "-"
    low, high = math.floor(round(own["low"] * 100, 6)), math.ceil(round(own["high"] * 100, 6))
    ends = (f"{each:+d}" if each else "0" for each in (low, high))
    return f"{_signed(own['value'])} ({' to '.join(ends)})"


def _signed(value: float) -> str:
    size = points(abs(value))
    return "0" if not value else f"{'+' if value > 0 else '-'}{size}"


def _seconds(amount: float) -> str:
    return f"{amount:.2g} s" if amount >= 0.1 else f"{amount * 1000:.2g} ms"


def amount_words(document: Mapping[str, Any], name: str, row: Mapping[str, Any]) -> str:
    """Latency or money of the calls that failed in neither."""
    a, b = names_of(document)
    written = _seconds if name == "latency" else money
    sure = "" if row["low"] is None else f"; 95 % {row['low']:.2f} to {row['high']:.2f}"
    noun, verb = ("Latency", "takes {} times as long") if name == "latency" else ("Money", "costs {} times as much")
    of = f"the median of {count(row['pairs'], 'pair')}{sure}"
    ratio = f"the same call {verb.format(format(row['ratio'], '.2f'))} with {b} ({of})"
    medians = f"The median call: {written(row['now'])} with {b}, {written(row['before'])} with {a}"
    state = {"same": "no difference to speak of", "unknown": "too few pairs to tell"}.get(
        str(row["state"]), f"{b} is {row['state']}"
    )
    return f"{noun}: {state}; {ratio}. {medians}."


def rate(figures: Mapping[str, Any], pairs: int) -> str:
    """A share in per cent with its interval: "31 (24-38)"; "-" of nothing."""
    if not pairs:
        return "-"
    return f"{percent(figures['rate']).removesuffix(' %')} ({interval(figures['low'], figures['high'])})"


def chance(row: Mapping[str, Any]) -> str:
    """The p-value of "neither is worse"."""
    return "p < 0.0001" if row["p"] < _LEAST_P else f"p = {row['p']:.2g}"


def category_name(row: Mapping[str, Any]) -> str:
    """A row's category as it is shown."""
    return str(row["category"])


def state_words(row: Mapping[str, Any]) -> str:
    """What is said of the second in a row."""
    return {"same": "not told", "unknown": "few pairs"}.get(str(row["state"]), str(row["state"]))


def replay_lines(document: Mapping[str, Any], replay: str) -> Sequence[tuple[str, str]]:
    """What makes a call again with each of the two: its name, and the command."""
    from crumple_reports.examples import replay_command

    return [
        (excerpt(str(side["name"]), _NAME), replay_command({"run": {"config": side["config"]}}, {"replay": replay}))
        for side in (document["a"], document["b"])
    ]


def steps(document: Mapping[str, Any]) -> list[tuple[str, Sequence[str]]]:
    """What to do where there are few pairs."""
    return [(f"{each['text']}.", each["commands"]) for each in document.get("steps") or ()]
