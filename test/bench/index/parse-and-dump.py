"""The same in Python with orjson. Arguments: the index, the facts."""

import json
import resource
import sys
import time

import orjson

with open(sys.argv[1], "rb") as file:
    data = file.read()
with open(sys.argv[2], "rb") as file:
    facts = orjson.loads(file.read())
licenses, names = set(facts["licenses"]), set(facts["names"])
vulnerable = {name: set(versions) for name, versions in facts["vulnerable"].items()}
before = facts["publishedBeforeMs"]


def is_allowed(entry):
    if entry.get("license") in licenses or entry["name"] in names:
        return False
    if entry["version"] in vulnerable.get(entry["name"], ()):
        return False
    return (entry.get("indexed_timestamp") or entry.get("timestamp") or 0) <= before


used = resource.getrusage(resource.RUSAGE_SELF)
cpu = used.ru_utime + used.ru_stime
started = time.perf_counter()
index = orjson.loads(data)
kept = 0
for holder, key in [(index, "packages"), (index, "packages.conda"), (index["v3"], "conda")]:
    holder[key] = {file: entry for file, entry in holder[key].items() if is_allowed(entry)}
    kept += len(holder[key])
out = orjson.dumps(index)
wall = time.perf_counter() - started
used = resource.getrusage(resource.RUSAGE_SELF)
cpu = used.ru_utime + used.ru_stime - cpu
print(json.dumps([{"wallMs": wall * 1000, "cpuMs": cpu * 1000, "kept": kept, "bytes": len(out)}]))
