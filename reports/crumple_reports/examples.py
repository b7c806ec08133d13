"""One example of each mutator that makes the system fail, and the commonest causes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from crumple import excerpt, quoted, visible
from crumple_reports.figures import count, listed, percent
from crumple_reports.page import HEAD, Page

_MOST_EXAMPLES = 10
_MOST_CAUSES = 8
_MOST_FIELDS = 3
_LONG = 240
_MISSING = object()
_ITEMS = re.compile(r"[\d,]+ items, the last ")
"""How a list begins that was too long to be kept."""


def show_worst(page: Page, document: Mapping[str, Any]) -> None:
    """The worst example of each failing mutator, the worst first."""
    failing = worst_of(document)
    if not failing:
        return
    page.heading("One example of each, worst first")
    for title, example in failing[:_MOST_EXAMPLES]:
        page.line()
        page.line(title, HEAD)
        show_example(page, example)
        page.copyable(f"  replay    {replay_command(document, example)}")
    if len(failing) > _MOST_EXAMPLES:
        page.line()
        page.line(f"and {count(len(failing) - _MOST_EXAMPLES, 'more failing mutator')}; --json FILE keeps them all")


def worst_of(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The worst call of each mutator that fails, with a title: those that fail silently most often come first."""
    failing = sorted(
        ((name, each) for name, each in document["mutators"].items() if each["worst"]),
        key=lambda named: (-named[1]["silent"] / max(named[1]["runs"], 1), -(named[1]["rate"] or 0), named[0]),
    )
    return [(_title(document, name, each), each["worst"]) for name, each in failing]


def _title(document: Mapping[str, Any], name: str, figures: Mapping[str, Any]) -> str:
    worst = figures["worst"]
    level = f" at level {worst['level']:g}" if worst.get("level") else ""
    often = f" ({percent(figures['rate'])} fail)" if figures["rate"] is not None else ""
    return f"{name}{level}: {outcome_of(document, worst)}{often}"


def outcome_of(document: Mapping[str, Any], example: Mapping[str, Any]) -> str:
    """How a call ended, in the words of a report: without a truth, "wrong" is a changed answer."""
    own = example.get("stand_in") or without_truth(document)
    return "changed answer" if own and example["outcome"] == "wrong" else str(example["outcome"])


def without_truth(document: Mapping[str, Any]) -> bool:
    """Whether no case has a truth, so that "wrong" is nothing but a changed answer."""
    clean = document["clean"]
    return bool(clean.get("without_truth", 0)) and clean["without_truth"] == clean["cases"] + clean.get("void", 0)


def replay_command(document: Mapping[str, Any], example: Mapping[str, Any]) -> str:
    """The command that makes this call again, to be pasted into a shell."""
    return f"crumple replay{config_option(document)} {quoted(str(example['replay']))}"


def config_option(document: Mapping[str, Any]) -> str:
    """The option that names the configuration, with a space before it; "" where none is needed."""
    config = document["run"].get("config", "")
    return f" --config {quoted(str(config))}" if config else ""


def show_example(page: Page, example: Mapping[str, Any]) -> None:
    """Its case, and what the system said: the cause, or the fields that are wrong."""
    page.labelled("case", visible(example["case"]))
    if example.get("cause"):
        page.labelled("cause", excerpt(example["cause"], _LONG))
    if example["outcome"] != "wrong":
        if not example.get("cause") and example.get("answer"):
            page.labelled("answered", excerpt(example["answer"], _LONG))
        return
    fields = wrong_fields(example)
    for path, expected, answer in fields[:_MOST_FIELDS]:
        page.labelled("wrong", f"{visible(path)}: expected {expected}, answered {answer}")
    if fields:
        rest = len(example["wrong"]) - len(fields[:_MOST_FIELDS])
        if rest > 0:
            page.labelled("", f"and {count(rest, 'field')} more")
        return
    if paths := [path for path in example["wrong"] if path]:
        page.labelled("wrong", listed(map(visible, paths), 6))
    for label, key in (("expected", "expected"), ("answered", "answer")):
        if example[key]:  # neither is kept where [privacy] store says so
            page.labelled(label, excerpt(example[key], _LONG))


def told(example: Mapping[str, Any]) -> str:
    """What was expected and what was answered, in the first wrong field where that is known."""
    for _, expected, answer in wrong_fields(example)[:1]:
        return f"expected {expected}, answered {answer}"
    if not example["expected"] and not example["answer"]:
        return "what was expected and answered was not kept"
    return f"expected {excerpt(example['expected'], _LONG)}, answered {excerpt(example['answer'], _LONG)}"


def wrong_fields(example: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The wrong fields with both values, where both texts are whole JSON and hold them."""
    try:
        expected, answer = json.loads(example["expected"]), json.loads(example["answer"])
    except ValueError:
        return []
    found = []
    for path in example["wrong"]:
        right = _at(expected, path)
        if not path or right is _MISSING:
            continue
        given = _at(answer, path)
        found.append((path, _value(right), "nothing" if given is _MISSING else _value(given)))
    return found


def _at(value: Any, path: str) -> Any:
    """What stands at a JSON pointer, or under the pointer itself where only the wrong fields were kept."""
    if isinstance(value, Mapping) and path in value:
        return value[path]
    for token in path.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping) and key in value:
            value = value[key]
        elif isinstance(value, Sequence) and not isinstance(value, str) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return _MISSING
    return value


def _value(value: Any) -> str:
    """A value as JSON; of several right ones all, the last of them perhaps none at all."""
    if isinstance(value, Mapping) and list(value) == ["$any_of"] and isinstance(value["$any_of"], list):
        return excerpt(" or ".join("nothing" if each is None else _json(each) for each in value["$any_of"]), _LONG // 2)
    return excerpt(_json(value), _LONG // 3)


def _json(value: Any) -> str:
    if isinstance(value, str) and _ITEMS.match(value):
        return value  # words about a list, which nobody answered: no quotes
    return json.dumps(value, ensure_ascii=False)


def _again(bucket: Mapping[str, Any]) -> str:
    """What came of its example when it was called a second time; nothing where it failed again."""
    tried, failed = bucket.get("tried", 1), bucket.get("failed", 1)
    return "" if tried == failed else f"; flaky: its example failed {failed} of {tried} times"


def show_causes(page: Page, document: Mapping[str, Any]) -> None:
    """The commonest causes: failures that have their fingerprint in common."""
    buckets = document["buckets"]
    if not buckets:
        return
    page.heading("Commonest causes")
    for bucket in buckets[:_MOST_CAUSES]:
        names = bucket.get("mutators") or {bucket["mutator"]: bucket["count"]}
        ranked = sorted(names, key=lambda name: (-names[name], name))
        page.labelled(
            f"{bucket['count']:>6,}",
            f"{excerpt(bucket['fingerprint'], _LONG)} ({listed(ranked, 2)}){_again(bucket)}",
            column=8,
        )
    if len(buckets) > _MOST_CAUSES:
        page.labelled("", f"and {count(len(buckets) - _MOST_CAUSES, 'cause')} more", column=8)
