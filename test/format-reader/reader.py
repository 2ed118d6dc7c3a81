"""
Reads a vault, written from docs/vault-format.md alone, to show that the page suffices. Prints one JSON document.

    reader.py <folder> --passphrase <text>      everything
    reader.py <folder> --keychain <64 hex>      the same, by the keychain's secret
    reader.py <folder> --keyless                signers and denials, with public keys only
"""

import argparse
import json
import sys
import unicodedata
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw

import forms
from authority import MAX_LINE_BYTES, Chain, Damaged, NeedsNewerVersion, Void
from encoding import Jws, Malformed, b64u, commitment, is_jcs, jcs, open_grant, open_sealed, parse_json
from state import At, State, apply_line

BOUNDS = {"memoryKiB": (19_456, 1_048_576), "passes": (2, 16), "parallelism": (1, 4)}
UNREADABLE = "(name cannot be read)"


class Refused(Exception):
    """The code of the page."""


def read_vault_file(folder):
    for name in ("vault.json", "vault.backup.json"):
        try:
            file = parse_json((folder / name).read_text("utf-8"))
            if isinstance(file["format"], int) and file["format"] > 1:
                raise Refused("VAULT_NEEDS_NEWER_VERSION")
            if file["format"] == 1 and len(b64u(file["vaultId"])) == 16 and file["slots"]:
                return file
        except (OSError, KeyError, TypeError, ValueError, Malformed):
            continue
    raise Refused("VAULT_CORRUPT")


def open_slot(file, passphrase, keychain):
    slot = file["slots"][0]
    try:
        if keychain is not None:
            place = {"use": "keychain", "operator": slot["operatorId"]}
            opened = open_sealed(bytes.fromhex(keychain), slot["keychain"]["sealed"], place)
        else:
            opened = open_sealed(*slot_key(slot, passphrase))
    except Malformed as error:
        raise Refused("VAULT_WRONG_PASSPHRASE" if keychain is None else "VAULT_KEYCHAIN_REFUSED") from error
    content = parse_json(opened)
    if content["vaultId"] != file["vaultId"]:
        raise Refused("VAULT_CORRUPT")
    return slot["operatorId"], content


def slot_key(slot, passphrase):
    kdf = slot["kdf"]
    if kdf["alg"] != "argon2id" or any(not low <= kdf[cost] <= high for cost, (low, high) in BOUNDS.items()):
        raise Refused("VAULT_KDF_OUT_OF_BOUNDS")
    costs = {cost: kdf[cost] for cost in BOUNDS}
    key = hash_secret_raw(
        unicodedata.normalize("NFKC", passphrase).encode("utf-8"),
        b64u(kdf["salt"]),
        time_cost=kdf["passes"],
        memory_cost=kdf["memoryKiB"],
        parallelism=kdf["parallelism"],
        hash_len=32,
        type=Type.ID,
        version=0x13,
    )
    place = {"use": "slot", "operator": slot["operatorId"], **costs, "salt": kdf["salt"]}
    return key, slot["sealed"], place


def read_lines(folder):
    data = (folder / "vault.log").read_bytes() if (folder / "vault.log").exists() else b""
    *lines, tail = data.decode("latin-1").split("\n")
    parts = tail.split(".")
    is_whole = len(parts) == 3 and len(parts[2]) == 86 and all(
        part and part.isascii() and part.replace("_", "a").replace("-", "a").isalnum() for part in parts
    )
    if is_whole:
        lines.append(tail)
    elif len(tail) > MAX_LINE_BYTES:
        raise Refused("VAULT_CORRUPT")
    return lines, 0 if is_whole else len(tail)


class Reading:
    """What comes out of a log."""

    def __init__(self, chain):
        self.chain = chain
        self.state = State()
        self.entries, self.void, self.unreadable, self.denials = [], [], [], []
        self.hashes = []

    def summary(self, has_content):
        authority = self.chain.authority
        operators = [
            {name: value for name, value in one.items() if name not in ("kind", "adminQuorum")}
            for _, one in sorted(authority.operators.items())
        ]
        found = {
            "vault": self.chain.vault,
            "lines": self.chain.seq,
            "format": authority.format,
            "operators": operators,
            "commitments": authority.commitments,
            "logTimeMs": authority.log_time_ms,
            "denials": self.denials,
            "void": self.void,
        }
        if has_content:
            found |= {"unreadable": self.unreadable, "entries": self.entries, "state": self.state.summary()}
        return found

    def take(self, line, org_key):
        """A line that the chain accepted as authentic. Without the key of the events its content is not asked."""
        self.hashes.append(line.hash)
        if line.void_code is not None:
            self.void.append({"seq": line.seq, "signer": line.signer, "code": line.void_code})
            return
        payload = line.payload
        if org_key is not None:
            at = At(self.chain.vault, line.seq, line.signer, payload["atMs"])
            try:
                self.state = self.judge_content(line, org_key, at)
            except Void as void:
                if not line.stands_by_clear:
                    self.void.append({"seq": line.seq, "signer": line.signer, "code": void.code})
                    return
                self.unreadable.append(line.seq)
                self.state, _ = apply_line(self.state, self.shown_events(payload["clear"]), at)
        self.chain.accept(line)
        if "denies" in payload["clear"]:
            self.denials.append({"seq": line.seq, "denies": payload["clear"]["denies"]})

    def judge_content(self, line, org_key, at):
        payload = line.payload
        place = {"use": "events", "vault": self.chain.vault, "key": "org", "epoch": 0, "seq": line.seq}
        try:
            text = open_sealed(org_key, payload["jwe"], place)
            content = parse_json(text)
        except Malformed as error:
            raise Void("content", str(error)) from error
        if not is_jcs(text, content):
            raise Void("content", "not JCS")
        if not forms.is_content(content):
            raise Void("form", "no events")
        events = content["events"]
        state, clear = apply_line(self.state, events, at)
        if jcs(clear) != jcs(payload["clear"]):
            raise Void("clear", "another clear part")
        is_grant = events[0]["type"] == "key.granted"
        if is_grant != ("keys" in payload and "authority" not in payload["clear"]):
            raise Void("clear", "keys and content do not belong together")
        if is_grant:
            receivers = {grant["operator"] for key in payload["keys"] for grant in key["grants"]}
            if receivers != set(events[0]["operatorIds"]):
                raise Void("clear", "keys for others")
        self.entries += [
            {"seq": line.seq, "atMs": at.at_ms, "signer": at.signer, "event": event} for event in events
        ]
        return state

    def shown_events(self, clear):
        """What a line stands for whose content cannot be used."""
        if "authority" not in clear:
            return []
        shown = clear["authority"]
        keys = {name: shown[name] for name in ("signKey", "receiveKey")}
        if self.state.name is None:
            operator = {"id": shown["signer"], "name": UNREADABLE, **keys}
            return [{"type": "organization.created", "name": UNREADABLE, "operator": operator}]
        rights = {"role": shown["role"], "teamIds": shown["teamIds"]}
        known = self.state.operators.get(shown["signer"])
        if known is None:
            operator = {"id": shown["signer"], "name": UNREADABLE, **rights, **keys}
            return [{"type": "operator.added", "operator": operator}]
        return [{"type": "operator.changed", "operatorId": shown["signer"], "name": known["name"], **rights}]


def keys_for(lines, vault, genesis, operator, receive_key):
    """All keys that effective lines grant to an operator."""
    chain, held = Chain(vault, genesis), {}
    for text in lines:
        line = chain.read(text)
        for key in [] if line.void_code else line.payload.get("keys", []):
            for grant in key["grants"]:
                name = key["name"]
                if grant["operator"] != operator or name in held:
                    continue
                place = {"use": "grant", "vault": vault, "key": name, "epoch": 0, "operator": operator}
                try:
                    bytes_ = open_grant(receive_key, grant["jwe"], place)
                except (Malformed, KeyError, TypeError, ValueError):
                    continue
                if len(bytes_) == 32 and commitment(bytes_, vault, name, 0) == key["commitment"]:
                    held[name] = bytes_
    return held


def judge_head(folder, reading):
    """Before anything else is believed of it, its form and signature."""
    try:
        head = Jws((folder / "vault.head").read_text("utf-8").rstrip("\n"), "lk-head")
    except (OSError, ValueError, Malformed):
        return "missing"
    payload, authority = head.payload, reading.chain.authority
    key, counts = authority.key_of(head.kid, head.signer)
    has_form = head.has_plain_header and forms.is_head(payload) and is_jcs(head.payload_text, payload)
    if not has_form or payload["vault"] != reading.chain.vault or not counts or not head.holds_under(key):
        return "missing"
    if payload["seq"] >= len(reading.hashes) or reading.hashes[payload["seq"]] != payload["hash"]:
        raise Refused("VAULT_ROLLED_BACK")
    return "anchored" if payload["seq"] == len(reading.hashes) - 1 else "behind"


def unsealed_credentials(reading, upstream_key):
    opened = {}
    for channel in reading.state.channels.values():
        if "sealedCredentials" not in channel or upstream_key is None:
            continue
        header = parse_json(b64u(channel["sealedCredentials"].split(".")[0]).decode("utf-8"))
        try:
            opened[channel["id"]] = open_sealed(upstream_key, channel["sealedCredentials"], header["lk"])
        except Malformed:
            opened[channel["id"]] = None
    return opened


def read(folder, passphrase, keychain, keyless):
    file = read_vault_file(folder)
    lines, torn = read_lines(folder)
    genesis, held = None, {}
    if not keyless:
        operator, slot = open_slot(file, passphrase, keychain)
        genesis = slot["genesis"]
        held = keys_for(lines, file["vaultId"], genesis, operator, slot["receiveKey"])
        if "org" not in held:
            raise Refused("VAULT_KEY_MISSING")
    reading = Reading(Chain(file["vaultId"], genesis))
    for text in lines:
        reading.take(reading.chain.read(text), held.get("org"))
    found = {**reading.summary(not keyless), "head": judge_head(folder, reading), "tornTailBytes": torn}
    if not keyless:
        found["credentials"] = unsealed_credentials(reading, held.get("upstream"))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--passphrase")
    way.add_argument("--keychain")
    way.add_argument("--keyless", action="store_true")
    arguments = parser.parse_args()
    try:
        found = read(arguments.folder, arguments.passphrase, arguments.keychain, arguments.keyless)
    except Damaged as error:
        found = {"error": "VAULT_CORRUPT", "line": error.line, "why": str(error)}
    except NeedsNewerVersion:
        found = {"error": "VAULT_NEEDS_NEWER_VERSION"}
    except Refused as error:
        found = {"error": str(error)}
    json.dump(found, sys.stdout)
    return 1 if "error" in found else 0


if __name__ == "__main__":
    sys.exit(main())
