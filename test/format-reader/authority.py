"""Reading with public keys alone (docs/vault-format.md: "Reading the log", 1, 2 and 4)."""

import forms
from encoding import Jws, Malformed, is_jcs, sha256

KEY_NAMES = ["org", "upstream"]
MAX_LINE_BYTES = 64 * 1024 * 1024
SUPPORTED_FORMAT = 1


class Damaged(Exception):
    """An inauthentic line: reading stops."""

    def __init__(self, seq, why):
        super().__init__(f"line {seq + 1}: {why}")
        self.line = seq + 1


class NeedsNewerVersion(Exception):
    pass


class Void(Exception):
    def __init__(self, code, why):
        super().__init__(why)
        self.code = code


class Authority:
    def __init__(self):
        self.operators = {}
        self.format = 1
        self.commitments = {}
        self.log_time_ms = 0
        self.void_signers = {}

    def key_of(self, kid, signer):
        """The key of a kid, and whether its lines can count."""
        operator = self.operators.get(signer)
        if operator is not None and f"{signer}.{operator['keyNo']}" == kid:
            return operator["signKey"], True
        return self.void_signers.get(kid), False


class Line:
    """An authentic line."""

    def __init__(self, seq, jws, hash_):
        self.seq, self.jws, self.hash = seq, jws, hash_
        self.signer = jws.signer
        self.payload = jws.payload
        self.void_code = None
        self.stands_by_clear = False


class Chain:
    """Goes along the lines; knows no content."""

    def __init__(self, vault, genesis=None):
        self.vault, self.genesis = vault, genesis
        self.authority = Authority()
        self.seq, self.hash = 0, None

    def read(self, text: str) -> Line:
        """The next line, judged as far as public keys go. Log time is moved by `accept`."""
        line = self._authentic(text)
        try:
            self._judge(line)
        except Void as void:
            if line.seq == 0:
                raise Damaged(0, str(void)) from void
            line.void_code = void.code
            named = self._named(line.payload)
            if named is not None:
                kid = f"{named['signer']}.{named['keyNo']}"
                self.authority.void_signers.setdefault(kid, named["signKey"])
        self.seq, self.hash = self.seq + 1, line.hash
        return line

    def accept(self, line):
        """Says that a line is effective, with its content too."""
        self.authority.log_time_ms = max(self.authority.log_time_ms, line.payload["atMs"])

    @staticmethod
    def _named(payload):
        clear = payload.get("clear")
        named = clear.get("authority") if isinstance(clear, dict) else None
        return named if forms.names_somebody(named) else None

    def _authentic(self, text):
        seq = self.seq
        if len(text) > MAX_LINE_BYTES:
            raise Damaged(seq, "too long")
        try:
            jws = Jws(text, "lk-line")
        except Malformed as error:
            raise Damaged(seq, str(error)) from error
        line = Line(seq, jws, sha256(text))
        payload = jws.payload
        for member, expected in (("vault", self.vault), ("seq", seq), ("prev", self.hash)):
            found = payload.get(member, ...)
            if isinstance(found, bool) or found != expected:
                raise Damaged(seq, f"another {member}")
        if seq == 0 and self.genesis is not None and line.hash != self.genesis:
            raise Damaged(seq, "not the line that this vault began with")
        if seq == 0:
            named = self._named(payload)
            key = named["signKey"] if named and f"{named['signer']}.{named['keyNo']}" == jws.kid else None
        else:
            key, _ = self.authority.key_of(jws.kid, jws.signer)
        if key is None:
            raise Damaged(seq, "nobody named its signer")
        if not jws.holds_under(key):
            raise Damaged(seq, "its signature does not hold")
        return line

    def _judge(self, line):
        jws, payload = line.jws, line.payload
        if line.seq > 0 and not self.authority.key_of(jws.kid, jws.signer)[1]:
            raise Void("signer", "only a void line names its signer")
        if not jws.has_plain_header:
            raise Void("form", "another header")
        if not forms.is_payload(payload) or not is_jcs(jws.payload_text, payload):
            raise Void("form", "another payload")
        clear, keys = payload["clear"], payload.get("keys", [])
        line.stands_by_clear = bool({"authority", "format", "restored"} & set(clear)) or keys != []
        if line.seq > 0:
            self._require_right(line, clear)
        self._require_keys(clear, keys)
        if "authority" in clear:
            self._take_authority(line, clear["authority"], keys)
        elif line.seq == 0:
            raise Void("fit", "the first line brings no operator")
        elif "format" in clear:
            if clear["format"]["to"] <= self.authority.format:
                raise Void("fit", "this format is declared already")
            self.authority.format = clear["format"]["to"]
            if self.authority.format > SUPPORTED_FORMAT:
                raise NeedsNewerVersion(f"format {self.authority.format}")
        elif "restored" in clear:
            restored = clear["restored"]
            if not 1 <= restored["fromSeq"] <= line.seq or restored["lostSeq"] < restored["fromSeq"]:
                raise Void("fit", "no range before this line")

    def _require_right(self, line, clear):
        role = self.authority.operators[line.signer]["role"]
        if role == "auditor" and (clear or line.stands_by_clear):
            raise Void("right", "an auditor shows nothing in clear")
        if role in ("admin", "auditor"):
            return
        if line.stands_by_clear or {"teams", "environments", "channels"} & set(clear.get("denies", {})):
            raise Void("right", "only an admin may")

    def _holds(self, role, name):
        return name == "org" or role == "admin"

    def _require_keys(self, clear, keys):
        names = [key["name"] for key in keys]
        if names != [name for name in KEY_NAMES if name in names]:
            raise Void("fit", "keys not each once and in order")
        for key in keys:
            if self.authority.commitments.get(key["name"], key["commitment"]) != key["commitment"]:
                raise Void("fit", "another commitment")
        if "authority" in clear:
            operator = clear["authority"]
            had = self.authority.operators.get(operator["signer"])
            due = [
                name
                for name in KEY_NAMES
                if self._holds(operator["role"], name) and not (had and self._holds(had["role"], name))
            ]
            receivers = [[grant["operator"] for grant in key["grants"]] for key in keys]
            if names != due or any(one != [operator["signer"]] for one in receivers):
                raise Void("fit", "not the keys that it must bring")
            return
        if keys and ("format" in clear or "restored" in clear or "denies" in clear):
            raise Void("fit", "it may not bring keys")
        for key in keys:
            receivers = [grant["operator"] for grant in key["grants"]]
            if len(set(receivers)) != len(receivers):
                raise Void("fit", "a receiver twice")
            for receiver in receivers:
                operator = self.authority.operators.get(receiver)
                if operator is None or not self._holds(operator["role"], key["name"]):
                    raise Void("fit", "a receiver who may not hold it")

    def _take_authority(self, line, operator, keys):
        operators = self.authority.operators
        known = operators.get(operator["signer"])
        if line.seq == 0:
            if operator["signer"] != line.signer or operator["role"] != "admin" or operator["teamIds"]:
                raise Void("fit", "the first operator is an admin and signs")
            self.authority.commitments = {key["name"]: key["commitment"] for key in keys}
        elif known is None:
            if any(other["signKey"] == operator["signKey"] for other in operators.values()):
                raise Void("fit", "another operator has this key")
            if operator["keyNo"] != 1:
                raise Void("fit", "the first key has number 1")
        elif any(known[member] != operator[member] for member in ("keyNo", "signKey", "receiveKey")):
            raise Void("fit", "an operator keeps both keys")
        after = {**operators, operator["signer"]: operator}
        if not any(one["role"] == "admin" for one in after.values()):
            raise Void("fit", "no admin would be left")
        self.authority.operators = after
