"""Drives the real rattler: index a channel, or solve and install from one. Exits 1 with rattler's own error text."""

import asyncio
import datetime
import json
import os
import sys
from pathlib import Path

import rattler
from rattler.index import index_fs
from rattler.networking import Client
from rattler.repo_data.gateway import SourceConfig


async def install(channel: str, spec: str, prefix: Path, cache: Path) -> None:
    # The default client reads RATTLER_AUTH_FILE, as pixi does.
    client = Client.default_client(max_retries=0)
    gateway = rattler.Gateway(cache_dir=cache / "repodata", client=client)
    records = await rattler.solve([channel], [spec], gateway=gateway, platforms=["linux-64", "noarch"])
    await rattler.install(records, prefix, cache_dir=cache / "packages", client=client, show_progress=False)
    print("installed", *sorted(f"{r.name.normalized}={r.version}" for r in records))


async def solve(channel: str, specs: list[str], cache: Path, options: dict) -> None:
    """What a solve takes, with the options as JSON: shards, days (of a cooldown), platforms."""
    client = Client.default_client(max_retries=0)
    config = SourceConfig(sharded_enabled=options.get("shards", True))
    gateway = rattler.Gateway(cache_dir=cache / "repodata", client=client, default_config=config)
    days = options.get("days")
    records = await rattler.solve(
        [channel],
        specs,
        gateway=gateway,
        platforms=options.get("platforms", ["linux-64", "noarch"]),
        exclude_newer=None if days is None else datetime.timedelta(days=days),
        timestamp_policy="require-indexed-timestamp",
    )
    print("solved", *sorted(f"{r.name.normalized}={r.version}" for r in records))
    print("urls", *sorted(r.url for r in records))


def main() -> int:
    command, *rest = sys.argv[1:]
    try:
        if command == "index":
            asyncio.run(index_fs(rest[0], write_zst=True, write_shards=True, force=True))
        elif command == "solve":
            asyncio.run(solve(rest[0], rest[1].split(" "), Path(rest[2]), json.loads(rest[3])))
        elif command == "install":
            asyncio.run(install(rest[0], rest[1], Path(rest[2]), Path(rest[3])))
        else:
            raise ValueError(f"unknown command {command}")
    except Exception as error:  # the test reads what a user would see
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


code = main()
sys.stdout.flush()
sys.stderr.flush()
# py-rattler 0.28's threads now and then crash the interpreter while it shuts down (PyGILState_Release): leave without.
os._exit(code)
