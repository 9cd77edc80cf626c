"""What clients may send. Strict integers do not turn "12", 12.5 or true into whole numbers."""

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range
from pyramid.httpexceptions import HTTPBadRequest, HTTPUnsupportedMediaType

INT4_MAX = 2_147_483_647  # PostgreSQL's `integer`
STREAM_MAX = 268_435_456  # bytes of an upload or a download
CATEGORIES = ["books", "garden", "games", "music", "tools", "toys", "sports", "office", "kitchen", "travel"]


class Text(fields.String):
    """A string that PostgreSQL can store: no NUL, no half of a surrogate pair."""

    def _deserialize(self, value, attr, data, **kwargs):
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise self.make_error("invalid_utf8") from None
        if "\x00" in text:
            raise self.make_error("invalid")
        return text


class WholeNumber(fields.Integer):
    """A query parameter: plain digits only, not ` 5`, `+5`, `5_0` or `1e2`."""

    def _deserialize(self, value, attr, data, **kwargs):
        if not (value.isascii() and value.isdigit() and len(value) <= 10):
            raise self.make_error("invalid")
        return int(value)


class BaseSchema(Schema):
    class Meta:
        unknown = EXCLUDE


class NewItemSchema(BaseSchema):
    category = Text(required=True, validate=OneOf(CATEGORIES))
    name = Text(required=True, validate=Length(1, 200))
    price_cents = fields.Integer(required=True, strict=True, validate=Range(0, 100_000_000))
    stock = fields.Integer(load_default=0, strict=True, validate=Range(0, 1_000_000))


class ItemChangeSchema(BaseSchema):
    version = fields.Integer(required=True, strict=True, validate=Range(1, INT4_MAX))
    name = Text(validate=Length(1, 200))
    price_cents = fields.Integer(strict=True, validate=Range(0, 100_000_000))
    stock = fields.Integer(strict=True, validate=Range(0, 1_000_000))

    @validates_schema
    def changes_something(self, data, **kwargs):
        if data.keys() <= {"version"}:
            raise ValidationError("One of name, price_cents and stock is required.")


class NewOrderSchema(BaseSchema):
    item_id = fields.Integer(required=True, strict=True, validate=Range(1, INT4_MAX))
    quantity = fields.Integer(required=True, strict=True, validate=Range(1, 20))


class CredentialsSchema(BaseSchema):
    username = Text(required=True)
    password = Text(required=True)


class ComputationSchema(BaseSchema):
    n = fields.Integer(required=True, strict=True, validate=Range(1, 100_000))


class PageFilterSchema(BaseSchema):
    category = Text(load_default=None)


class ItemFilterSchema(PageFilterSchema):
    limit = WholeNumber(load_default=20, validate=Range(1, 100))
    after = WholeNumber(load_default=0, validate=Range(0, INT4_MAX))


class WaitSchema(BaseSchema):
    ms = WholeNumber(required=True, validate=Range(0, 10_000))


class FanOutSchema(BaseSchema):
    n = WholeNumber(required=True, validate=Range(1, 20))


class DownloadSchema(BaseSchema):
    bytes = WholeNumber(required=True, validate=Range(1, STREAM_MAX))


class EventsSchema(BaseSchema):
    count = WholeNumber(required=True, validate=Range(1, 1_000))
    every_ms = WholeNumber(required=True, validate=Range(0, 1_000))


# A schema copies its fields when it is made, so each is made once.
new_item = NewItemSchema()
item_change = ItemChangeSchema()
item_filter = ItemFilterSchema()
new_order = NewOrderSchema()
credentials = CredentialsSchema()
computation = ComputationSchema()
page_filter = PageFilterSchema()
wait = WaitSchema()
fan_out = FanOutSchema()
download = DownloadSchema()
events = EventsSchema()


def body(request, schema):
    """The request's JSON body, loaded and checked."""
    if request.content_type.strip().lower() != "application/json":
        raise HTTPUnsupportedMediaType
    try:
        data = request.json_body
    except (ValueError, RecursionError):
        raise HTTPBadRequest from None
    return schema.load(data)


def query(request, schema):
    """The request's query parameters, loaded and checked."""
    return schema.load(dict(request.GET))
