"""The fold of events (docs/vault-format.md: "State")."""

import ipaddress
import re
from urllib.parse import urlsplit

import forms
from authority import Void
from encoding import b64u_encode, jcs

DAY_MS = 86_400_000
MAPPED = ipaddress.ip_network("::ffff:0:0/96")
TABLES = ["operators", "holders", "teams", "environments", "channels", "policies", "tokens"]
CURATION = ["labels", "assessments", "nameMap", "licenseAliases", "feeds", "anchors"]
FIRST_RETENTION = {"rowsDays": 400, "addressDays": 30, "ciUserDays": 30, "rollupDays": 1830}
SEALED = re.compile(
    r"([A-Za-z0-9_-]{1,2000})\.\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{1,40000}\.[A-Za-z0-9_-]{22}", re.ASCII
)

SUBDIRS = (
    "noarch", "emscripten-wasm32", "wasi-wasm32", "freebsd-64", "linux-32", "linux-64", "linux-aarch64", "linux-armv6l",
    "linux-armv7l", "linux-loongarch64", "linux-loong64", "linux-ppc64", "linux-ppc64le", "linux-riscv32", "linux-riscv64",
    "linux-s390x", "osx-32", "osx-64", "osx-arm64", "win-32", "win-64", "win-arm64", "zos-z",
)


def unfit(why):
    raise Void("fit", why)


class At:
    """Where an event stands."""

    def __init__(self, vault, seq, signer, at_ms):
        self.vault, self.seq, self.signer, self.at_ms = vault, seq, signer, at_ms


class State:
    def __init__(self):
        self.name, self.created_at_ms, self.retention = None, None, FIRST_RETENTION
        for table in TABLES + CURATION:
            setattr(self, table, {})

    def copy(self):
        """Entries are never changed in place, so copying the tables is enough."""
        other = State()
        other.name, other.created_at_ms, other.retention = self.name, self.created_at_ms, self.retention
        for table in TABLES + CURATION:
            setattr(other, table, dict(getattr(self, table)))
        return other

    def summary(self):
        tables = {
            table: sorted(getattr(self, table).values(), key=lambda entry: entry["id"]) for table in TABLES
        }
        curation = {table: sorted(map(list, getattr(self, table).items())) for table in CURATION}
        first = {
            "organizationName": self.name, "createdAtMs": self.created_at_ms, "retention": self.retention,
        }
        return {**first, **tables, **curation}


def apply_line(before, events, at):
    """The state after a line and what follows for its clear part. @raises Void"""
    if len(events) > 1 and any(event["type"] in forms.ALONE for event in events):
        unfit("an event that stands alone does not")
    state = before.copy()
    clear = {}
    for event in events:
        require_right(state, event, at)
        if state.name is None and event["type"] == "organization.created":
            clear = clear_of_operator(state, event)
        gather_clear(clear, state, event)
        apply_event(state, event, at)
    return state, clear


# Rights


def require_right(state, event, at):
    kind = event["type"]
    if state.name is None:
        if kind != "organization.created" or event["operator"]["id"] != at.signer:
            raise Void("right", "not the first event by the first operator")
        return
    operator = state.operators.get(at.signer)
    if operator is None:
        raise Void("right", "no operator")
    if kind == "log.looked-up":
        return
    if operator["role"] == "auditor":
        raise Void("right", "may not write")
    if operator["role"] == "admin" or kind in ("holder.created", "log.anchored"):
        return
    if kind not in ("token.issued", "token.rotated", "token.changed", "token.revoked"):
        raise Void("right", "only an admin may")
    if any(team not in operator["teamIds"] for team in teams_of(state, event)):
        raise Void("right", "another team's token")


def teams_of(state, event):
    named = event.get("tokenIds", []) + [event.get("tokenId"), event.get("predecessorId")]
    teams = [state.tokens[token]["teamId"] for token in named if token in state.tokens]
    return teams + [event[new]["teamId"] for new in ("token", "successor") if new in event]


# Clear part


def clear_of_operator(state, event):
    if event["type"] == "operator.changed":
        known = state.operators.get(event["operatorId"])
        if known is None:
            return {}
        operator = {**known, "role": event["role"], "teamIds": event["teamIds"]}
    else:
        operator = {"role": "admin", "teamIds": [], "keyNo": 1, **event["operator"]}
    shown = {name: operator[name] for name in ("keyNo", "signKey", "receiveKey", "role", "teamIds")}
    fixed = {"kind": "operator", "removed": False, "adminQuorum": 1}
    return {"authority": {"signer": operator["id"], **shown, **fixed}}


def gather_clear(clear, state, event):
    kind = event["type"]
    if kind in ("operator.added", "operator.changed"):
        clear.update(clear_of_operator(state, event))
    elif kind == "format.raised":
        clear["format"] = {"to": event["to"]}
    elif kind == "log.restored":
        clear["restored"] = {name: event[name] for name in ("fromSeq", "lostSeq", "lostHash")}
    elif kind == "token.revoked":
        deny(clear, "tokens", event["tokenIds"])
    elif kind == "token.rotated":
        deny_end(clear, state, event["predecessorId"], event["predecessorExpiresAtMs"])
    elif kind == "token.changed":
        deny_end(clear, state, event["tokenId"], event["expiresAtMs"])
    elif kind in ("team.removed", "environment.removed", "channel.removed"):
        what = kind.partition(".")[0]
        deny(clear, f"{what}s", [event[f"{what}Id"]])


def deny(clear, what, ids):
    listed = clear.setdefault("denies", {}).setdefault(what, [])
    listed.extend(id_ for id_ in ids if id_ not in listed)


def deny_end(clear, state, token_id, end_ms):
    token = state.tokens.get(token_id)
    if token is not None and end_ms < token["expiresAtMs"]:
        clear.setdefault("denies", {}).setdefault("ends", {})[token_id] = end_ms


# Effects


def entry(table, id_):
    return table[id_] if id_ in table else unfit("there is no such thing")


def require_new(table, id_):
    if id_ in table:
        unfit("this id is taken")


def require_free_name(table, item, same=lambda a, b: True):
    for other in table.values():
        if other["name"] == item["name"] and other["id"] != item["id"] and same(other, item):
            unfit("this name is taken")


def is_live(token, at):
    return "revoked" not in token and token["expiresAtMs"] > at.at_ms


def apply_event(state, event, at):
    kind = event["type"]
    what, verb = kind.split(".")
    if kind in ("format.raised", "log.restored", "key.granted"):
        return
    if what == "organization":
        apply_organization(state, event, at, verb)
    elif what == "operator":
        apply_operator(state, event, at, verb)
    elif kind in CURATE:
        CURATE[kind](state, event, at)
    elif what == "token":
        {"issued": issue, "rotated": rotate, "changed": change, "revoked": revoke}[verb](state, event, at)
    elif verb == "removed":
        remove(state, event, at, what)
    else:
        put(state, event[what], at, what, verb)


def apply_organization(state, event, at, verb):
    if verb == "renamed":
        state.name = event["name"]
        return
    if state.name is not None:
        unfit("the organization exists already")
    state.name, state.created_at_ms = event["name"], at.at_ms
    first = {**event["operator"], "role": "admin", "teamIds": [], "keyNo": 1, "addedAtMs": at.at_ms}
    state.operators = {first["id"]: first}


def apply_operator(state, event, at, verb):
    if verb == "added":
        operator = {**event["operator"], "keyNo": 1, "addedAtMs": at.at_ms}
        require_new(state.operators, operator["id"])
    else:
        known = entry(state.operators, event["operatorId"])
        operator = {**known, **{name: event[name] for name in ("name", "role", "teamIds")}}
    state.operators[operator["id"]] = operator
    if not any(one["role"] == "admin" for one in state.operators.values()):
        unfit("the last admin must stay one")


TABLE_OF = {
    "holder": "holders", "team": "teams", "environment": "environments", "channel": "channels", "policy": "policies",
}


def put(state, item, at, what, verb):
    """Creates or changes an entry that has an id and a name."""
    table = getattr(state, TABLE_OF[what])
    if verb == "created":
        require_new(table, item["id"])
        new = {**item, "createdAtMs": at.at_ms}
    else:
        known = entry(table, item["id"])
        if what == "channel" and known["kind"] != item["kind"]:
            unfit("a channel keeps its kind")
        new = {**item, "createdAtMs": known["createdAtMs"]}
        if what == "holder":
            new["kind"] = known["kind"]
    same_kind = (lambda a, b: a["kind"] == b["kind"]) if what == "holder" else (lambda a, b: True)
    require_free_name(table, new, same_kind)
    if what == "channel":
        require_channel(state, new, at)
    if what == "policy":
        for scope, others in (("teams", state.teams), ("environments", state.environments)):
            for id_ in [] if new[scope] == "all" else new[scope]:
                entry(others, id_)
        for rule in new["rules"]:
            for id_ in rule.get("channelIds", []):
                entry(state.channels, id_)
    table[new["id"]] = new


def require_channel(state, channel, at):
    if channel["name"] == "t":
        unfit("t is no channel")
    if channel["kind"] == "conda" and channel["name"].startswith(SUBDIRS):
        unfit("conda reads a platform in the name")
    for id_ in channel["environmentIds"]:
        entry(state.environments, id_)
    upstream = channel["upstream"]
    origin = origin_of(upstream["url"]) if upstream["type"] == "url" else None
    if "privateHosts" in channel and origin is None:
        unfit("a folder reaches no hosts")
    for entry_ in channel.get("privateHosts", []):
        require_private_host(entry_)
    if "sealedCredentials" not in channel:
        return
    match = SEALED.fullmatch(channel["sealedCredentials"])
    if origin is None or match is None:
        unfit("not sealed")
    place = dict(use="secret", vault=at.vault, key="upstream", epoch=0, subject=channel["id"], origin=origin)
    if match[1] != b64u_encode(jcs({"alg": "dir", "enc": "A256GCM", "lk": place}).encode("utf-8")):
        unfit("sealed for another place")


def origin_of(url):
    """Of plain URLs, as the tests have them; a complete reader needs a parser of the URL Standard."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        unfit("not a URL")
    path = parts.path.split("/")
    if any(part in ("t", "%74") and after != "" for part, after in zip(path, path[1:])):
        unfit("a token in the path")
    has_more = parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in ("http", "https") or not parts.hostname or has_more:
        unfit("not a plain http(s) URL")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    is_default = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" if is_default else f"{parts.scheme}://{host}:{port}"


def remove(state, event, at, what):
    id_ = event[f"{what}Id"]
    entry(getattr(state, TABLE_OF[what]), id_)
    names = {
        "team": lambda token: token["teamId"] == id_,
        "environment": lambda token: token["environmentId"] == id_,
        "channel": lambda token: id_ in token["channelIds"],
        "policy": lambda token: False,
    }[what]
    if any(names(token) and is_live(token, at) for token in state.tokens.values()):
        unfit("a live token names it")
    if what in ("team", "environment"):
        scope = f"{what}s"
        if any(one[scope] != "all" and id_ in one[scope] for one in state.policies.values()):
            unfit("a policy names it")
    if what == "channel":
        rules = [rule for one in state.policies.values() for rule in one["rules"]]
        if any(id_ in rule.get("channelIds", []) for rule in rules):
            unfit("a policy names it")
    if what == "team" and any(id_ in one["teamIds"] for one in state.operators.values()):
        unfit("an operator names it")
    if what == "environment" and any(id_ in one["environmentIds"] for one in state.channels.values()):
        unfit("a channel names it")
    del getattr(state, TABLE_OF[what])[id_]


# Curation


def package_key(item):
    return f"{item['ecosystem']} {item['name']} {item.get('version', '')}"


def label(state, event, at):
    said = {name: value for name, value in event.items() if name != "type"}
    if event["labels"]:
        state.labels[package_key(event)] = said
    else:
        state.labels.pop(package_key(event), None)


def assess(state, event, at):
    for item in event["assessments"]:
        key = f"{item['advisoryId']} {package_key(item)}"
        state.assessments[key] = {**item, "atMs": at.at_ms, "by": at.signer}


def map_names(state, event, at):
    for item in event["names"]:
        state.nameMap[item["conda"]] = item["pypi"] or ""


def alias(state, event, at):
    for item in event["aliases"]:
        if item["expression"] is None:
            state.licenseAliases.pop(item["text"], None)
        else:
            state.licenseAliases[item["text"]] = item["expression"]


def set_feed(state, event, at):
    feed = event["feed"]
    for entry_ in feed["source"].get("privateHosts", []):
        require_private_host(entry_)
    state.feeds[feed["name"]] = feed


def remove_feed(state, event, at):
    entry(state.feeds, event["name"])
    del state.feeds[event["name"]]


# Request logs


def anchor(state, event, at):
    key = f"{event['gatewayId']} {event['run']}"
    known = state.anchors.get(key)
    if known is not None and (known["n"] >= event["n"] or known["publicKey"] != event["publicKey"]):
        unfit("anchored already, or another key")
    said = {name: value for name, value in event.items() if name != "type"}
    state.anchors[key] = {**said, "atMs": at.at_ms, "by": at.signer, "seq": at.seq}
    if len(state.anchors) > 4096:
        oldest_first = sorted(state.anchors, key=lambda one: (state.anchors[one]["seq"], one))
        state.anchors = {one: state.anchors[one] for one in oldest_first[-3072:]}


def look_up(state, event, at):
    if event["fromMs"] > event["toMs"]:
        unfit("ends before it begins")
    if event["subject"]["type"] == "token":
        entry(state.tokens, event["subject"]["tokenId"])


def set_retention(state, event, at):
    retention = {name: event[name] for name in [*FIRST_RETENTION, "maxGib"] if name in event}
    if max(retention["addressDays"], retention["ciUserDays"]) > retention["rowsDays"] or retention["rollupDays"] < retention["rowsDays"]:
        unfit("kept in a wrong order")
    state.retention = retention


CURATE = {
    "package.labelled": label, "advisory.assessed": assess, "names.mapped": map_names, "licenses.aliased": alias,
    "feed.set": set_feed, "feed.removed": remove_feed,
    "log.anchored": anchor, "log.looked-up": look_up, "log.retention-set": set_retention,
}


def require_networks(networks):
    if networks == "anywhere":
        return
    if len(set(networks)) != len(networks):
        unfit("a network twice")
    for block in networks:
        try:
            network = ipaddress.ip_network(block)
        except ValueError:
            unfit("no network")
        is_mapped = network.version == 6 and network.subnet_of(MAPPED)
        if not block.isascii() or "%" in block or is_mapped or str(network) != block:
            unfit("not in its one spelling")


def require_private_host(text):
    if "/" in text:
        return require_networks([text])
    host, _, port = text.rpartition(":")
    if not re.fullmatch(r"[1-9][0-9]{0,4}", port, re.ASCII) or int(port) > 65_535:
        unfit("no port")
    if host.startswith("[") and host.endswith("]"):
        # As the URL Standard writes it: never with dotted decimal.
        parsed = address_of(host[1:-1], ipaddress.IPv6Address)
        spelled = ipaddress.IPv6Address._string_from_ip_int(int(parsed))
        return None if "%" not in host and spelled == host[1:-1] else unfit("not in its one spelling")
    labels = host.split(".")
    if all(re.fullmatch(r"[0-9]+", label, re.ASCII) for label in labels) and len(labels) == 4:
        return None if str(address_of(host, ipaddress.IPv4Address)) == host else unfit("no address")
    are_labels = all(
        len(label) <= 63 and re.fullmatch(r"(?!-)[a-z0-9_-]+(?<!-)", label, re.ASCII) for label in labels
    )
    if len(host) > 253 or not are_labels or re.fullmatch(r"[0-9]+|0x[0-9a-f]*", labels[-1], re.ASCII):
        unfit("no name")


def address_of(text, kind):
    try:
        return kind(text)
    except ValueError:
        unfit("no address")


def are_within(networks, others):
    if others == "anywhere":
        return True
    if networks == "anywhere":
        return False
    outer = [ipaddress.ip_network(block) for block in others]
    inner = [ipaddress.ip_network(block) for block in networks]
    return all(any(a.version == b.version and a.subnet_of(b) for b in outer) for a in inner)


def require_times(token, after_ms):
    if token["expiresAtMs"] <= max(after_ms, token.get("notBeforeMs", -1)):
        unfit("it ends too early")


def require_reach(state, environment_id, channel_ids):
    for id_ in channel_ids:
        if environment_id not in entry(state.channels, id_)["environmentIds"]:
            unfit("a channel is not open to the environment")


def require_rules(state, token, ttl_ms, networks):
    for policy in state.policies.values():
        is_about = all(
            policy[scope] == "all" or token[name] in policy[scope]
            for scope, name in (("teams", "teamId"), ("environments", "environmentId"))
        )
        if policy["mode"] != "enforce" or not is_about:
            continue
        for rule in policy["rules"]:
            if rule["type"] != "tokens":
                continue
            if ttl_ms is not None and ttl_ms > rule.get("maxTtlDays", float("inf")) * DAY_MS:
                unfit("a policy: lifetime")
            if rule["networksRequired"] and networks == "anywhere":
                unfit("a policy: networks")


def add_token(state, token, at, rotated_from=None):
    require_new(state.tokens, token["id"])
    if any(other["digest"] == token["digest"] for other in state.tokens.values()):
        unfit("this secret was issued before")
    entry(state.holders, token["holderId"])
    entry(state.teams, token["teamId"])
    entry(state.environments, token["environmentId"])
    require_times(token, at.at_ms)
    require_networks(token["networks"])
    require_reach(state, token["environmentId"], token["channelIds"])
    require_rules(state, token, token["expiresAtMs"] - at.at_ms, token["networks"])
    origin = {} if rotated_from is None else {"rotatedFrom": rotated_from}
    state.tokens[token["id"]] = {**token, "issuedAtMs": at.at_ms, "issuedBy": at.signer, **origin}


def live_token(state, id_, at):
    token = entry(state.tokens, id_)
    return token if is_live(token, at) else unfit("the token is dead")


def issue(state, event, at):
    add_token(state, event["token"], at)


def rotate(state, event, at):
    successor = event["successor"]
    old = live_token(state, event["predecessorId"], at)
    if "rotatedTo" in old:
        unfit("rotated already")
    if any(successor[name] != old[name] for name in ("teamId", "environmentId")):
        unfit("another team or environment")
    add_token(state, successor, at, old["id"])
    end_ms = min(old["expiresAtMs"], event["predecessorExpiresAtMs"])
    state.tokens[old["id"]] = {**old, "rotatedTo": successor["id"], "expiresAtMs": end_ms}


def change(state, event, at):
    old = live_token(state, event["tokenId"], at)
    entry(state.holders, event["holderId"])
    fields = {name: value for name, value in event.items() if name not in ("type", "tokenId")}
    new = {**{name: value for name, value in old.items() if name != "notBeforeMs"}, **fields}
    require_networks(new["networks"])
    require_times(new, old["issuedAtMs"])
    entry(state.teams, old["teamId"])
    entry(state.environments, old["environmentId"])
    for id_ in new["channelIds"]:
        entry(state.channels, id_)
    is_longer = new["expiresAtMs"] > old["expiresAtMs"]
    if is_longer and "rotatedTo" in old:
        unfit("a rotated token is not extended")
    require_reach(state, old["environmentId"], [one for one in new["channelIds"] if one not in old["channelIds"]])
    ttl_ms = new["expiresAtMs"] - new["issuedAtMs"] if is_longer else None
    require_rules(state, new, ttl_ms, None if are_within(new["networks"], old["networks"]) else new["networks"])
    state.tokens[old["id"]] = new


def revoke(state, event, at):
    for id_ in event["tokenIds"]:
        token = entry(state.tokens, id_)
        if "revoked" not in token:
            revoked = {"atMs": at.at_ms, "by": at.signer, "reason": event["reason"]}
            state.tokens[id_] = {**token, "revoked": revoked}
