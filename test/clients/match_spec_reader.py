"""Answers for match-spec-differential.test.ts, by py-rattler. Reads one JSON document, writes one."""

import json
import os
import sys

from rattler import MatchSpec, PackageRecord, Version
from rattler.package.build_string import BuildString


def version(text):
    try:
        return Version(text)
    except Exception:
        return None


def order(a, b):
    first, second = version(a), version(b)
    if first is None or second is None:
        return [first is not None, second is not None]
    return [(first > second) - (first < second), first == second, first.starts_with(second)]


def match(text, given):
    try:
        spec = MatchSpec(text, exact_names_only=False)
    except Exception:
        return "refused"
    try:
        record = PackageRecord(
            name=given["name"],
            version=given["version"],
            build=BuildString(given["build"]),
            build_number=given["buildNumber"],
            subdir=given["subdir"],
            md5=bytes.fromhex(given["md5"]),
            sha256=bytes.fromhex(given["sha256"]),
            license=given["license"],
            license_family=given["licenseFamily"],
        )
    except Exception:
        return "unknown"
    return spec.matches(record)


asked = json.load(sys.stdin)
json.dump(
    {
        "orders": [order(a, b) for a, b in asked["pairs"]],
        "matches": [match(text, record) for text, record in asked["specs"]],
    },
    sys.stdout,
)
sys.stdout.flush()
# py-rattler 0.28's threads now and then crash the interpreter while it shuts down: leave without.
os._exit(0)
