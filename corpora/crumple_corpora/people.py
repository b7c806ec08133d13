"""People, companies and addresses of a locale, drawn from a seed; Faker's fall-back to American ones is refused."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_PROVIDERS = ("person", "address", "company")
_POSTCODE_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_HIGHEST_HOUSE = 148


@dataclass(frozen=True, slots=True)
class Party:
    """A person, the company they write for, and its address, all of one locale.

    Attributes:
        locale: such as "de_DE".
        person: given and family name in the locale's order, without titles.
        company: a company's name with its legal form where the locale writes one.
        surnames: two surnames, to name a company by its trade with.
        lines: the address, line by line, without names.
        city: the town's bare name; it stands in one of `lines`.
    """

    locale: str
    person: str
    company: str
    surnames: tuple[str, str]
    lines: tuple[str, ...]
    city: str


def party(locale: str, seed: int) -> Party:
    """Draw one party. The same locale and seed give the same party in every process.

    Args:
        locale: one of `locales()`, such as "de_DE".
        seed: 0 or more.

    Raises:
        LookupError: Faker has no provider of its own for what is asked of it, and would answer in English.
    """
    style = _styles()[locale]
    faker = _faker(locale)
    faker.seed_instance(seed)
    surnames = (_surname(faker), _surname(faker))
    city, lines = _address(locale, style, faker)
    company = _company(locale, style, faker, surnames)
    return Party(locale, _person(locale, style, faker), company, surnames, lines, city)


def locales() -> tuple[str, ...]:
    """Every locale that a party can be drawn from."""
    return tuple(_styles())


@functools.cache
def _styles() -> Mapping[str, Mapping[str, Any]]:
    text = files(__package__).joinpath("locales.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@functools.lru_cache(maxsize=64)
def _faker(locale: str) -> Any:
    from faker.factory import Factory  # loading Faker takes a tenth of a second

    return Factory.create(locale, providers=[f"faker.providers.{name}" for name in _PROVIDERS])


@functools.lru_cache(maxsize=64)
def localised(locale: str) -> frozenset[str]:
    """Which of "person", "address" and "company" Faker has for this very locale."""
    return frozenset(
        provider.__provider__.rpartition(".")[2]
        for provider in _faker(locale).get_providers()
        if provider.__lang__ == locale
    )


def _need(locale: str, provider: str) -> None:
    if provider not in localised(locale):
        raise LookupError(f"Faker has no {provider} names for {locale}; give the locale its own in locales.toml")


def _surname(faker: Any) -> str:
    return str(faker.last_name_male())


def _person(locale: str, style: Mapping[str, Any], faker: Any) -> str:
    _need(locale, "person")
    if style.get("name") == "whole":
        return str(faker.name())
    if faker.random_int(0, 1):
        given, family = faker.first_name_female(), faker.last_name_female()
    else:
        given, family = faker.first_name_male(), faker.last_name_male()
    return f"{family} {given}" if style.get("name") == "family first" else f"{given} {family}"


def _company(locale: str, style: Mapping[str, Any], faker: Any, surnames: tuple[str, str]) -> str:
    if "companies" not in style:
        _need(locale, "company")
        return str(faker.company())
    pattern = str(faker.random_element(style["companies"]))
    return pattern.replace("<a>", surnames[0]).replace("<b>", surnames[1])


def _address(locale: str, style: Mapping[str, Any], faker: Any) -> tuple[str, tuple[str, ...]]:
    own = faker.random_element(style["cities"]) if "cities" in style else {}
    if not own:
        _need(locale, "address")
    # Russian towns come with their region's abbreviation, which nobody writes into an address.
    city = str(own["name"] if own else getattr(faker, style.get("city", "city"))()).partition(" (")[0]
    postcode = faker.bothify(own.get("postcode", style.get("postcode", "")), letters=_POSTCODE_LETTERS)
    street = faker.random_element(style["streets"]) if "streets" in style else ""
    number = str(faker.random_int(1, _HIGHEST_HOUSE))
    lines = []
    for pattern in style["lines"]:
        if "{{" in pattern:
            _need(locale, "address")
        line = pattern.replace("<number>", number).replace("<street>", street).replace("<postcode>", postcode)
        line = str(faker.parse(line.replace("<city>", city)))
        lines.append(" ".join(line.split()).replace(" ,", ","))
    return city, tuple(lines)
