"""The course of `crumple fuzz`: recipes that nobody listed, where new kinds of failure keep turning up. Pure."""

from crumple.search.fuzz.course import Fuzzing as Fuzzing
from crumple.search.fuzz.course import Search as Search
