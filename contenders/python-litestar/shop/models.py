"""What clients send and get. msgspec is strict: "12", 12.5 and true are no whole numbers."""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

INT4_MAX = 2_147_483_647  # PostgreSQL's `integer`
STREAM_MAX = 268_435_456  # bytes of an upload or a download
NO_NUL = r"^[^\x00]*$"  # PostgreSQL stores any text but this

Category = Literal["books", "garden", "games", "music", "tools", "toys", "sports", "office", "kitchen", "travel"]
Text = Annotated[str, Meta(pattern=NO_NUL)]
Name = Annotated[str, Meta(pattern=NO_NUL, min_length=1, max_length=200)]
PriceCents = Annotated[int, Meta(ge=0, le=100_000_000)]
Stock = Annotated[int, Meta(ge=0, le=1_000_000)]
Version = Annotated[int, Meta(ge=1, le=INT4_MAX)]
ItemId = Annotated[int, Meta(ge=1, le=INT4_MAX)]
Quantity = Annotated[int, Meta(ge=1, le=20)]
Bound = Annotated[int, Meta(ge=1, le=100_000)]


class WholeNumber(int):
    """A whole number that is written in digits, as in a query."""

    low: ClassVar[int]
    high: ClassVar[int]


class PageSize(WholeNumber):
    low, high = 1, 100


class After(WholeNumber):
    low, high = 0, INT4_MAX


class WaitMs(WholeNumber):
    low, high = 0, 10_000


class PartCount(WholeNumber):
    low, high = 1, 20


class DownloadSize(WholeNumber):
    low, high = 1, STREAM_MAX


class EventCount(WholeNumber):
    low, high = 1, 1_000


class EveryMs(WholeNumber):
    low, high = 0, 1_000


class Item(Struct):
    id: int
    category: str
    name: str
    price_cents: int
    stock: int
    version: int


class ItemFilter(Struct):
    category: Text | None = None
    limit: PageSize = PageSize(20)
    after: After = After(0)


class ItemPage(Struct):
    items: list[Item]
    next: int | None


class NewItem(Struct):
    category: Category
    name: Name
    price_cents: PriceCents
    stock: Stock = 0


class ItemChange(Struct):
    version: Version
    name: Name | UnsetType = UNSET
    price_cents: PriceCents | UnsetType = UNSET
    stock: Stock | UnsetType = UNSET


class NewOrder(Struct):
    item_id: ItemId
    quantity: Quantity


class Order(Struct):
    id: int
    item_id: int
    quantity: int
    price_cents: int
    total_cents: int


class Credentials(Struct):
    username: Text
    password: Text


class PasswordRecord(Struct):
    salt: str
    hash: str


class Account(Struct):
    username: str
    token: str


class PageQuery(Struct):
    category: Text | None = None


class WaitQuery(Struct):
    ms: WaitMs


class Waited(Struct):
    waited_ms: int


class FanOutQuery(Struct):
    n: PartCount


class Part(Struct):
    part: int
    value: int


class Merged(Struct):
    parts: list[Part]
    sum: int


class Computation(Struct):
    n: Bound


class Chain(Struct):
    n: int
    start: int
    length: int


class DownloadQuery(Struct):
    size: DownloadSize = field(name="bytes")


class EventsQuery(Struct):
    count: EventCount
    every_ms: EveryMs


class Uploaded(Struct):
    bytes: int
    sha256: str


class SocketMessage(Struct):
    type: Literal["echo", "broadcast"]
    data: str


class Message(Struct):
    message: str


class Health(Struct):
    status: Literal["ok"]


class Route(Struct):
    route: int
    id: str
