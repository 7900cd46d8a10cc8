"""Access tokens: what kinds there are, who lives, what each may do, and how they die."""
from . import errors, wire

KINDS = ("USER", "PAGE", "APP", "SYSTEM_USER")
SCOPES = ("pages_show_list", "pages_read_engagement", "pages_read_user_content",
          "pages_manage_metadata", "pages_manage_engagement", "pages_manage_posts",
          "public_profile")
TASKS = ("ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE")
SHORT_SECONDS = 2 * 3600
LONG_SECONDS = 5_184_000
DATA_ACCESS_SECONDS = 90 * 86400


class Token:
    def __init__(self, text, kind, *, person_id=None, page_id=None, scopes=SCOPES, issued_at=0,
                 expires_at=0, data_access_expires_at=0, public_content=False):
        self.text = text
        self.kind = kind
        self.person_id = person_id
        self.page_id = page_id
        self.scopes = list(scopes)
        self.tasks = list(TASKS)
        self.issued_at = issued_at
        self.expires_at = expires_at
        self.data_access_expires_at = data_access_expires_at
        self.public_content = public_content  # Page Public Content Access only: no comment ids
        self.is_dead = False
        self.subcode = None

    def label(self):
        """How logs name it: never the token itself."""
        owner = self.page_id if self.kind == "PAGE" else self.person_id
        return f"{self.kind}:{owner or 'app'}"


class Tokens:
    def __init__(self, app_id, app_secret, app_name):
        self.app_id = app_id
        self.app_secret = app_secret
        self.app_name = app_name
        self.by_text = {}
        self.made = 0
        self.debug_calls = 0
        self.keep(Token(f"{app_id}|{app_secret}", "APP"))

    def keep(self, token):
        self.by_text[token.text] = token
        return token

    def make(self, kind, now, *, text=None, lifetime_seconds=0, **details):
        self.made += 1
        text = text or wire.token_name(self.made, self.app_secret, kind)
        return self.keep(Token(text, kind, issued_at=now,
                               expires_at=now + lifetime_seconds if lifetime_seconds else 0,
                               data_access_expires_at=now + DATA_ACCESS_SECONDS, **details))

    def page_token(self, token, page, now):
        """The Page token that a person's token gives; the same one every time it lives."""
        for known in self.by_text.values():
            if (known.kind == "PAGE" and known.page_id == page.id and not known.is_dead
                    and known.person_id == token.person_id):
                return known
        return self.make("PAGE", now, person_id=token.person_id, page_id=page.id,
                         scopes=token.scopes)

    def kill(self, token, subcode):
        token.is_dead = True
        token.subcode = subcode

    def revive(self, token):
        token.is_dead = False
        token.subcode = None
        token.expires_at = 0 if token.kind == "PAGE" else token.expires_at

    def problem(self, token, now):
        """The GraphError a token's state calls for, or None."""
        if token is None:
            return errors.dead_token(None)
        if token.is_dead:
            return errors.dead_token(token.subcode)
        if token.expires_at and token.expires_at <= now:
            return errors.dead_token(463)
        return None

    def check(self, text, proof, proof_required, now):
        """The living token of a call, with its proof checked."""
        token = self.by_text.get(text)
        if proof is not None and proof != wire.appsecret_proof(self.app_secret, text):
            raise errors.proof_wrong()
        if proof is None and proof_required and (token is None or token.kind != "APP"):
            raise errors.proof_missing()
        problem = self.problem(token, now)
        if problem:
            raise problem
        return token

    def describe(self, token, now, numeric):
        """debug_token's `data`."""
        if token is None:
            return {"error": {"code": 190, "message": "Invalid OAuth access token."},
                    "is_valid": False, "scopes": []}

        def number(text):
            return int(text) if numeric and text and text.isdigit() else text

        found = {"app_id": number(self.app_id), "type": token.kind, "application": self.app_name,
                 "data_access_expires_at": token.data_access_expires_at,
                 "expires_at": token.expires_at}
        problem = self.problem(token, now)
        if problem:  # here the key is "subcode", not "error_subcode"
            found["error"] = {"code": 190, "message": problem.message}
            if problem.subcode is not None:
                found["error"]["subcode"] = problem.subcode
        found["is_valid"] = problem is None
        if token.kind != "APP":
            found["issued_at"] = token.issued_at
            if token.kind == "PAGE":
                found["profile_id"] = number(token.page_id)
            found["scopes"] = token.scopes
            found["granular_scopes"] = [granular(scope, token) for scope in token.scopes]
            found["user_id"] = number(token.person_id)
        return {key: value for key, value in found.items() if value is not None}


def granular(scope, token):
    if token.kind == "PAGE" and scope.startswith("pages_") and scope != "pages_show_list":
        return {"scope": scope, "target_ids": [token.page_id]}
    return {"scope": scope}
