"""Logging in."""

import hashlib
import hmac

from django.http import JsonResponse

from . import queries, tokens
from .api import ApiView
from .forms import CredentialsForm
from .problems import problem

# Checked in place of an unknown user, so that the time does not tell who exists.
NOBODY = {"salt": "00" * 16, "hash": "00" * 32}


def matches(password, user):
    salt = bytes.fromhex(user["salt"])
    digest = hashlib.scrypt(password.encode(), salt=salt, n=16384, r=8, p=1, dklen=32)
    return hmac.compare_digest(digest, bytes.fromhex(user["hash"]))


class LoginView(ApiView):
    def post(self, request):
        credentials = self.body(CredentialsForm).cleaned_data
        user = queries.find_user(credentials["username"])
        if not matches(credentials["password"], user or NOBODY) or user is None:
            return problem(401)
        return JsonResponse({"username": user["username"], "token": tokens.issue(user["username"])})
