"""What clients send and get. Strict models do not turn "12", 12.5 or true into whole numbers."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

INT4_MAX = 2_147_483_647  # PostgreSQL's `integer`
STREAM_MAX = 268_435_456  # bytes of an upload or a download

Category = Literal["books", "garden", "games", "music", "tools", "toys", "sports", "office", "kitchen", "travel"]
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]  # PostgreSQL stores no NUL
Name = Annotated[Text, Field(min_length=1, max_length=200)]
PriceCents = Annotated[int, Field(ge=0, le=100_000_000)]
Stock = Annotated[int, Field(ge=0, le=1_000_000)]


def digits(value: str) -> int:
    """A parameter is text: only plain digits are a whole number, not ` 5`, `+5`, `5_0` or `1e2`."""
    if value.isascii() and value.isdigit() and len(value) <= 10:
        return int(value)
    raise ValueError("must be a whole number")


WholeNumber = Annotated[int, BeforeValidator(digits)]


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)


class Item(BaseModel):
    id: int
    category: str
    name: str
    price_cents: int
    stock: int
    version: int


class ItemPage(BaseModel):
    items: list[Item]
    next: int | None


class NewItem(Strict):
    category: Category
    name: Name
    price_cents: PriceCents
    stock: Stock = 0


class ItemChange(Strict):
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


class NewOrder(Strict):
    item_id: Annotated[int, Field(ge=1, le=INT4_MAX)]
    quantity: Annotated[int, Field(ge=1, le=20)]


class Order(NewOrder):
    id: int
    price_cents: int
    total_cents: int


class Credentials(Strict):
    username: Text
    password: Text


class Account(BaseModel):
    username: str
    token: str


class Computation(Strict):
    n: Annotated[int, Field(ge=1, le=100_000)]


class Chain(BaseModel):
    n: int
    start: int
    length: int


class Part(BaseModel):
    part: int
    value: int


class Merged(BaseModel):
    parts: list[Part]
    sum: int


class Waited(BaseModel):
    waited_ms: int


class Uploaded(BaseModel):
    bytes: int
    sha256: str


class SocketMessage(Strict):
    type: Literal["echo", "broadcast"]
    data: str


class Message(BaseModel):
    message: str


class Health(BaseModel):
    status: Literal["ok"]
