"""The forms of payloads and events (docs/vault-format.md: "The log", "Forms", "Events")."""

import re

MAX_INTEGER = 2**53 - 1
MAX_TIME = 8_640_000_000_000_000
CONTROL = "\x00-\x1f\x7f-\x9f\ud800-\udfff"
# What \s means in ECMAScript.
SPACE = "\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


def text(pattern=None, least=0, most=None):
    compiled = None if pattern is None else re.compile(pattern)

    def fits(value):
        if not isinstance(value, str) or (compiled is not None and not compiled.fullmatch(value)):
            return False
        return most is None or least <= len(value) <= most

    return fits


def one_line(least, most):
    return text(f"[^{CONTROL}]*", least, most)


def integer(least, most):
    def fits(value):
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return fits


def number(least, most):
    def fits(value):
        return isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most

    return fits


def only(*values):
    return lambda value: any(value == one and type(value) is type(one) for one in values)


def list_of(item, least, most, unique=False):
    def fits(value):
        if not isinstance(value, list) or not least <= len(value) <= most or not all(map(item, value)):
            return False
        return not unique or len(set(value)) == len(value)

    return fits


def either(*forms):
    return lambda value: any(form(value) for form in forms)


def members(**forms):
    """An object with exactly these members; a name that ends in `_` may be missing."""
    required = {name for name in forms if not name.endswith("_")}
    known = {name.rstrip("_"): form for name, form in forms.items()}

    def fits(value):
        if not isinstance(value, dict) or not required <= set(value) <= set(known):
            return False
        return all(known[name](member) for name, member in value.items())

    return fits


boolean = only(True, False)
an_id = text("[0-9A-Za-z_-]{1,64}")
token_id = text("[0-9A-Za-z]{8}")
name = one_line(1, 256)
slug = text("[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", 1, 128)
note = one_line(0, 4096)
reason = one_line(1, 1024)
url = text(f"https?://[^{SPACE}\\\\{CONTROL}]+", 0, 4096)
time = integer(0, MAX_TIME)
networks = either(only("anywhere"), list_of(text(None, 1, 64), 1, 256))
bytes32 = text("[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
sign_key = members(kty=only("OKP"), crv=only("Ed25519"), x=bytes32)
receive_key = members(kty=only("OKP"), crv=only("X25519"), x=bytes32)
role = only("admin", "lead", "auditor")


def ids(item, least):
    return list_of(item, least, 20_000, unique=True)


scope = either(only("all"), ids(an_id, 1))
token = dict(
    id=token_id, digest=text("[0-9a-f]{64}"), holderId=an_id, teamId=an_id, environmentId=an_id,
    channelIds=ids(an_id, 1), permission=only("install"), notBeforeMs_=time, expiresAtMs=time,
    networks=networks, note=note,
)
private_hosts = list_of(text(None, 1, 264), 1, 256, unique=True)
channel = members(
    id=an_id, name=slug, kind=only("conda", "pypi"),
    upstream=either(members(type=only("url"), url=url), members(type=only("folder"), label=slug)),
    environmentIds=ids(an_id, 0), note=note, sealedCredentials_=text(None, 0, 40_000),
    privateHosts_=private_hosts,
)
MAX_ENTRIES = 20_000


def texts(most, least):
    return list_of(one_line(1, most), least, MAX_ENTRIES, unique=True)


allow_or_deny = only("allow", "deny")
ecosystem = only("conda", "pypi")
status = only("reported", "active", "mitigated", "cleared", "disputed")
some_days = integer(0, 1_000_000)
rule = either(
    members(type=only("tokens"), maxTtlDays_=integer(1, 36_500), networksRequired=boolean),
    members(type=only("channels"), channelIds=ids(an_id, 1)),
    members(
        type=only("packages"), list=allow_or_deny,
        specs=list_of(members(ecosystem=ecosystem, spec=one_line(1, 1024)), 1, MAX_ENTRIES),
    ),
    members(
        type=only("vulnerabilities"), atLeast_=number(0, 10), unknown=allow_or_deny, exploitedOnly=boolean,
        epssAtLeast_=number(0, 1), liftedBy=list_of(status, 0, 5, unique=True), fixedOnly=boolean,
        graceDays=some_days, noFacts=allow_or_deny,
    ),
    members(type=only("malware"), noFacts=allow_or_deny),
    members(type=only("licenses"), list=allow_or_deny, ids=texts(256, 1), unknown=allow_or_deny),
    members(type=only("age"), minDays=some_days, unknown=allow_or_deny),
    members(
        type=only("status"),
        denied=list_of(only("yanked", "removed", "archived", "deprecated"), 0, 4, unique=True),
        supersededAfterDays_=some_days, silentYears_=integer(1, 1000),
    ),
    members(
        type=only("platform"), subdirs_=texts(128, 1), wheelTags_=texts(128, 1), sdists=allow_or_deny
    ),
    members(type=only("labels"), required=texts(128, 0), denied=texts(128, 0)),
    members(type=only("namespace"), names=texts(512, 1), channelIds=ids(an_id, 1)),
    members(type=only("satisfiable")),
)
policy = members(
    id=an_id, name=slug, mode=only("enforce", "observe"), style=only("hide", "refuse"), teams=scope,
    environments=scope, rules=list_of(rule, 0, 256),
)
package_name = text("[a-z0-9_][a-z0-9._-]*", 1, 256)
version = text("[A-Za-z0-9!._+-]+", 1, 256)
origin = members(source=reason, sha256=text("[0-9a-f]{64}"), count=integer(1, 1_000_000))
assessment = members(
    advisoryId=text("[A-Za-z0-9][A-Za-z0-9._:-]*", 1, 128), ecosystem=ecosystem, name=package_name,
    version_=version, status=status,
    justification_=only(
        "component_not_present", "vulnerable_code_not_present", "vulnerable_code_not_in_execute_path",
        "vulnerable_code_cannot_be_controlled_by_adversary", "inline_mitigations_already_exist",
    ),
    reason=reason, evidence=note,
)
named = members(conda=package_name, pypi=either(only(None), package_name))
aliased = members(text=one_line(1, 1024), expression=either(only(None), one_line(1, 1024)))
feed = members(
    name=slug, kind=only("osv", "kev", "epss", "vex"),
    source=either(
        members(type=only("url"), url=url, privateHosts_=private_hosts),
        members(type=only("folder"), label=slug),
    ),
    everyHours=integer(1, 8760), staleAfterHours=integer(1, 87_600),
)
looked_up = either(
    members(type=only("token"), tokenId=token_id), members(type=only("package"), name=reason),
    members(type=only("everybody")),
)
some_log_days = integer(1, 36_500)
team = members(id=an_id, name=slug, description=note)
environment = members(id=an_id, name=slug, rank=integer(0, 1_000_000), isProtected=boolean)

EVENTS = {
    "organization.created": dict(
        name=name, operator=members(id=an_id, name=name, signKey=sign_key, receiveKey=receive_key)
    ),
    "organization.renamed": dict(name=name),
    "operator.added": dict(
        operator=members(
            id=an_id, name=name, role=role, teamIds=ids(an_id, 0), signKey=sign_key, receiveKey=receive_key
        )
    ),
    "operator.changed": dict(operatorId=an_id, name=name, role=role, teamIds=ids(an_id, 0)),
    "format.raised": dict(to=integer(2, 1_000_000)),
    "log.restored": dict(
        fromSeq=integer(0, MAX_INTEGER), lostSeq=integer(0, MAX_INTEGER), lostHash=bytes32
    ),
    "key.granted": dict(operatorIds=ids(an_id, 1)),
    "holder.created": dict(
        holder=members(id=an_id, kind=only("person", "service", "agent"), name=name, note=note)
    ),
    "holder.changed": dict(holder=members(id=an_id, name=name, note=note)),
    "team.created": dict(team=team),
    "team.changed": dict(team=team),
    "team.removed": dict(teamId=an_id),
    "environment.created": dict(environment=environment),
    "environment.changed": dict(environment=environment),
    "environment.removed": dict(environmentId=an_id),
    "channel.created": dict(channel=channel),
    "channel.changed": dict(channel=channel),
    "channel.removed": dict(channelId=an_id),
    "policy.created": dict(policy=policy),
    "policy.changed": dict(policy=policy),
    "policy.removed": dict(policyId=an_id),
    "package.labelled": dict(
        ecosystem=ecosystem, name=package_name, version_=version,
        labels=list_of(text("[a-z0-9][a-z0-9._-]*", 1, 128), 0, 64, unique=True),
    ),
    "advisory.assessed": dict(assessments=list_of(assessment, 1, MAX_ENTRIES), origin_=origin),
    "names.mapped": dict(names=list_of(named, 1, MAX_ENTRIES), origin_=origin),
    "licenses.aliased": dict(aliases=list_of(aliased, 1, MAX_ENTRIES), origin_=origin),
    "feed.set": dict(feed=feed),
    "feed.removed": dict(name=slug),
    "log.anchored": dict(
        gatewayId=an_id, publicKey=bytes32, run=time, n=integer(0, MAX_INTEGER), root=bytes32,
        rows=integer(0, MAX_INTEGER),
    ),
    "log.looked-up": dict(subject=looked_up, fromMs=time, toMs=time, opened=boolean),
    "log.retention-set": dict(
        rowsDays=some_log_days, addressDays=some_log_days, ciUserDays=some_log_days, rollupDays=some_log_days,
        maxGib_=integer(1, 100_000),
    ),
    "token.issued": dict(token=members(**token)),
    "token.rotated": dict(predecessorId=token_id, predecessorExpiresAtMs=time, successor=members(**token)),
    "token.changed": dict(
        tokenId=token_id, holderId=an_id, channelIds=ids(an_id, 1), notBeforeMs_=time, expiresAtMs=time,
        networks=networks, note=note,
    ),
    "token.revoked": dict(tokenIds=ids(token_id, 1), reason=reason),
}
ALONE = {
    "organization.created", "operator.added", "operator.changed", "format.raised", "log.restored", "key.granted",
}


def is_event(value) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return False
    forms = EVENTS.get(value["type"])
    return forms is not None and members(type=text(), **forms)(value)


is_content = members(events=list_of(is_event, 1, 20_000))

some_ids = list_of(an_id, 1, 10**9)
is_time_table = lambda value: (  # noqa: E731
    isinstance(value, dict) and all(an_id(key) and time(end) for key, end in value.items())
)
authority = members(
    signer=an_id, kind=only("operator"), keyNo=integer(1, 999_999_999), signKey=sign_key,
    receiveKey=receive_key, role=role, teamIds=list_of(an_id, 0, 20_000), removed=only(False),
    adminQuorum=only(1),
)
denies = members(
    tokens_=some_ids, ends_=is_time_table, environments_=some_ids, teams_=some_ids, channels_=some_ids
)
clear = either(
    members(denies_=denies),
    members(authority=authority),
    members(format=members(to=integer(2, 1_000_000))),
    members(
        restored=members(
            fromSeq=integer(0, MAX_INTEGER), lostSeq=integer(0, MAX_INTEGER), lostHash=bytes32
        )
    ),
)
key_brought = members(
    name=only("org", "upstream"), epoch=only(0), commitment=bytes32,
    grants=list_of(members(operator=an_id, jwe=text(None, 1, 2000)), 1, 10_000),
)
is_payload = members(
    v=only(1), vault=text(), seq=integer(0, MAX_INTEGER), prev=either(only(None), bytes32), epoch=only(0),
    atMs=time, clear=clear, keys_=list_of(key_brought, 1, 2), jwe=text(),
)
is_head = members(vault=text(), seq=integer(0, MAX_INTEGER), hash=bytes32, atMs=time)
names_somebody = lambda value: (  # noqa: E731
    isinstance(value, dict)
    and an_id(value.get("signer"))
    and integer(1, 999_999_999)(value.get("keyNo"))
    and sign_key(value.get("signKey"))
)
