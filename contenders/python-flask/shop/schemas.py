"""What clients may send. Strict models do not turn "12", 12.5 or true into whole numbers."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

INT4_MAX = 2_147_483_647  # PostgreSQL's `integer`
STREAM_MAX = 268_435_456  # bytes of an upload or a download

Category = Literal["books", "garden", "games", "music", "tools", "toys", "sports", "office", "kitchen", "travel"]
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]  # PostgreSQL stores no NUL
Name = Annotated[Text, Field(min_length=1, max_length=200)]
PriceCents = Annotated[int, Field(ge=0, le=100_000_000)]
Stock = Annotated[int, Field(ge=0, le=1_000_000)]


def digits(value):
    """A query parameter is text: only plain digits are a whole number, not ` 5`, `+5`, `5_0` or `1e2`."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 10:
        return int(value)
    raise ValueError("must be a whole number")


WholeNumber = Annotated[int, BeforeValidator(digits)]


class Schema(BaseModel):
    model_config = ConfigDict(strict=True)


class NewItem(Schema):
    category: Category
    name: Name
    price_cents: PriceCents
    stock: Stock = 0


class ItemChange(Schema):
    version: Annotated[int, Field(ge=1, le=INT4_MAX)]
    name: Name | None = None
    price_cents: PriceCents | None = None
    stock: Stock | None = None

    @field_validator("name", "price_cents", "stock")
    @classmethod
    def not_null(cls, value):
        if value is None:
            raise ValueError("null is no value; leave the field out to keep it")
        return value

    @model_validator(mode="after")
    def changes_something(self):
        if self.model_fields_set <= {"version"}:
            raise ValueError("one of name, price_cents and stock is required")
        return self


class NewOrder(Schema):
    item_id: Annotated[int, Field(ge=1, le=INT4_MAX)]
    quantity: Annotated[int, Field(ge=1, le=20)]


class ItemFilter(Schema):
    category: Text | None = None
    limit: Annotated[WholeNumber, Field(ge=1, le=100)] = 20
    after: Annotated[WholeNumber, Field(ge=0, le=INT4_MAX)] = 0


class PageFilter(Schema):
    category: Text | None = None


class Credentials(Schema):
    username: Text
    password: Text


class Computation(Schema):
    n: Annotated[int, Field(ge=1, le=100_000)]


class Wait(Schema):
    ms: Annotated[WholeNumber, Field(ge=0, le=10_000)]


class FanOut(Schema):
    n: Annotated[WholeNumber, Field(ge=1, le=20)]


class Download(Schema):
    bytes: Annotated[WholeNumber, Field(ge=1, le=STREAM_MAX)]


class Events(Schema):
    count: Annotated[WholeNumber, Field(ge=1, le=1_000)]
    every_ms: Annotated[WholeNumber, Field(ge=0, le=1_000)]
