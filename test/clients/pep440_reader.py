"""Answers for pep440-differential.test.ts, by `packaging` itself. Reads one JSON document, writes one."""

import json
import sys

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version


def version(text):
    try:
        return Version(text)
    except InvalidVersion:
        return None


def order(a, b):
    first, second = version(a), version(b)
    if first is None or second is None:
        return [first is not None, second is not None]
    return (first > second) - (first < second)


def answer(spec, text, versions):
    try:
        specifiers = SpecifierSet(spec)
    except InvalidSpecifier:
        return None
    return [
        specifiers.contains(text),
        specifiers.contains(text, prereleases=False),
        list(specifiers.filter(versions)),
        list(specifiers.filter(versions, prereleases=False)),
    ]


asked = json.load(sys.stdin)
json.dump(
    {
        "orders": [order(a, b) for a, b in asked["pairs"]],
        "answers": [answer(spec, text, versions) for spec, text, versions in asked["specs"]],
    },
    sys.stdout,
)
