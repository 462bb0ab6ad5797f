#!/usr/bin/env python3
"""Make the bot's account on a Synapse homeserver, or a new token for it.

The first time, with the server's registration_shared_secret:

    python3 deploy/matrix/register.py --homeserver https://matrix.school.nl \
        --shared-secret-file /etc/matrix-synapse/registration.secret --write deploy/fluister.env

Later, for a new token (the old one expired, or the keys were lost), with an administrator's token:

    python3 deploy/matrix/register.py --homeserver https://matrix.school.nl --admin-token-file FILE

It needs Python alone. Secrets are read from files, never from the command line. With --admin the
bot becomes a server administrator, which it needs for deleting the files of removed messages.
"""

import argparse
import hashlib
import hmac
import json
import os
import secrets
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

DEVICE = "Fluister"


class WrongError(Exception):
    """Something the administrator must change; the text says what."""


def main() -> int:
    """Do what was asked; exit code 1 and one clear line when that cannot be."""
    try:
        run(_arguments())
    except WrongError as wrong:
        print(f"register: {wrong}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--homeserver", required=True, help="such as https://matrix.school.nl")
    parser.add_argument("--name", default="fluister", help="the bot's name on the server")
    parser.add_argument("--shared-secret-file", type=Path, help="registration_shared_secret")
    parser.add_argument("--admin-token-file", type=Path, help="a server administrator's token")
    parser.add_argument("--admin", action="store_true", help="let the bot delete uploads")
    parser.add_argument("--write", type=Path, help="add the settings to this file, not the screen")
    return parser.parse_args()


def run(asked: argparse.Namespace) -> None:
    """Make the account or the token, lift the limits, and hand over the settings."""
    server = asked.homeserver.rstrip("/")
    admin = _secret(asked.admin_token_file)
    shared = _secret(asked.shared_secret_file)
    if shared:
        made = _register(server, asked.name, shared, admin=asked.admin)
    elif admin:
        made = _renew(server, asked.name, admin, may_delete=asked.admin)
    else:
        raise WrongError("give --shared-secret-file (first time) or --admin-token-file (later)")
    user = made["user_id"]
    _unlimited(server, user, admin or made["access_token"])
    _hand_over(asked.write, server, user, made["access_token"])


def _register(server: str, name: str, shared: str, *, admin: bool) -> dict[str, Any]:
    address = f"{server}/_synapse/admin/v1/register"
    nonce = _call("GET", address)["nonce"]
    password = secrets.token_urlsafe(32)
    words = [nonce, name, password, "admin" if admin else "notadmin"]
    mac = hmac.new(shared.encode(), "\0".join(words).encode(), hashlib.sha1).hexdigest()
    body = {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac,
            "displayname": "Fluister"}  # fmt: skip
    return _call("POST", address, body)


def _renew(server: str, name: str, admin: str, *, may_delete: bool) -> dict[str, Any]:
    """A new device with a token of its own, for an account that may exist already."""
    me = _call("GET", f"{server}/_matrix/client/v3/account/whoami", token=admin)["user_id"]
    user = name if name.startswith("@") else f"@{name}:{me.partition(':')[2]}"
    password = secrets.token_urlsafe(32)
    body: dict[str, Any] = {"password": password, "logout_devices": True, "displayname": "Fluister"}
    if may_delete:
        body["admin"] = True
    _call("PUT", f"{server}/_synapse/admin/v2/users/{quote(user)}", body, admin)
    login = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user},
        "password": password,
        "initial_device_display_name": DEVICE,
    }
    return _call("POST", f"{server}/_matrix/client/v3/login", login)


def _unlimited(server: str, user: str, token: str) -> None:
    """Let the bot speak as fast as it must; only an administrator may allow that."""
    address = f"{server}/_synapse/admin/v1/users/{quote(user)}/override_ratelimit"
    try:
        _call("POST", address, {"messages_per_second": 0, "burst_count": 0}, token)
    except WrongError:
        print(  # noqa: T201
            "register: the bot's pace stays limited, so buttons may come late; give"
            " --admin-token-file as well to lift that",
            file=sys.stderr,
        )


def _hand_over(file: Path | None, server: str, user: str, token: str) -> None:
    lines = (
        f"FLUISTER_MATRIX_HOMESERVER={server}\n"
        f"FLUISTER_MATRIX_USER={user}\n"
        f"FLUISTER_MATRIX_TOKEN={token}\n"
    )
    if file is None:
        print(lines, end="")  # noqa: T201
        return
    kept = file.read_text("utf-8").splitlines(keepends=True) if file.exists() else []
    kept = [line for line in kept if not line.startswith("FLUISTER_MATRIX_") or
            line.partition("=")[0] not in lines]  # fmt: skip
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        file.chmod(0o600)
        out.write("".join(kept) + lines)
    print(f"{user}: the settings are in {file}")  # noqa: T201


def _secret(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongError(f"{file} cannot be read ({type(error).__name__})") from None


def _call(
    method: str, address: str, body: dict[str, Any] | None = None, token: str = ""
) -> dict[str, Any]:
    if not address.startswith(("http://", "https://")):
        raise WrongError("--homeserver: expected an address that begins with https://")
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, method=method)  # noqa: S310 (checked above)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            told: dict[str, Any] = json.load(answer)
            return told
    except urllib.error.HTTPError as error:
        raise WrongError(_refusal(error)) from None
    except (OSError, ValueError) as error:
        raise WrongError(f"{address}: no answer ({type(error).__name__})") from None


def _refusal(error: urllib.error.HTTPError) -> str:
    try:
        told = json.load(error)
    except ValueError:
        told = {}
    code = told.get("errcode", "")
    hints = {
        "M_USER_IN_USE": "that name exists already; use --admin-token-file for a new token",
        "M_UNKNOWN_TOKEN": "the administrator's token is not valid",
        "M_FORBIDDEN": "the secret or token does not allow this",
    }
    return f"the server refused ({error.code} {code}): {hints.get(code, 'see its log')}"


if __name__ == "__main__":
    sys.exit(main())
