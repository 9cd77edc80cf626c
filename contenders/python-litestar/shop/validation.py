"""Reads what comes in by msgspec, and names every field that is wrong.

Litestar's own `data` argument takes "12" for 12, as it converts all arguments of a handler leniently, and names the
first wrong field of a body only."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from litestar.exceptions import ClientException, HTTPException, NotFoundException
from msgspec.structs import fields

from .models import INT4_MAX, WholeNumber
from .problems import InvalidFields
from .requests import ShopRequest

DIGITS = re.compile("[0-9]{1,10}")

S = TypeVar("S", bound=msgspec.Struct)


def decode_digits(kind: type, value: object) -> Any:
    """The hook that msgspec calls for types that it does not know. Its own conversion would also take `1e2`."""
    if not issubclass(kind, WholeNumber):
        raise NotImplementedError
    if isinstance(value, str) and DIGITS.fullmatch(value) and kind.low <= int(value) <= kind.high:
        return kind(value)
    raise ValueError(f"Expected a whole number from {kind.low} to {kind.high}")


def message_about(value: object, kind: Any) -> str | None:
    """What is wrong with a value, if anything."""
    alone = msgspec.defstruct("Alone", [("value", kind)])
    try:
        msgspec.convert({"value": value}, alone, dec_hook=decode_digits)
    except msgspec.ValidationError as error:
        return str(error).partition(" - at ")[0]
    return None


def wrong_fields(values: object, kind: type[S]) -> InvalidFields:
    """msgspec stops at the first wrong field; this goes on, which costs nothing where all is right."""
    if not isinstance(values, Mapping):
        return InvalidFields()
    errors: list[tuple[str, str]] = []
    for field in fields(kind):
        name = field.encode_name
        if name not in values:
            message = "Field required" if field.required else None
        else:
            message = message_about(values[name], field.type)
        if message is not None:
            errors.append((name, message))
    return InvalidFields(*errors)


def query_of(request: ShopRequest, kind: type[S]) -> S:
    values = dict(request.query_params.items())
    try:
        return msgspec.convert(values, kind, dec_hook=decode_digits)
    except msgspec.ValidationError:
        raise wrong_fields(values, kind) from None


async def body_of(request: ShopRequest, kind: type[S]) -> S:
    if request.content_type[0] != "application/json":
        raise HTTPException(status_code=415)
    body = await request.body()
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError:
        pass
    except msgspec.DecodeError as error:
        raise ClientException(str(error)) from None
    try:
        values = msgspec.json.decode(body)
    except msgspec.DecodeError as error:  # behind the field that was wrong
        raise ClientException(str(error)) from None
    raise wrong_fields(values, kind)


def item_id_of(segment: str) -> int:
    """A path whose id is no id names nothing."""
    if DIGITS.fullmatch(segment) and 1 <= int(segment) <= INT4_MAX:
        return int(segment)
    raise NotFoundException
