"""The tables. Others create and fill them, so nothing here makes any; `placed_at` of an order is the database's own matter."""

from sqlalchemy import Column, Integer
from sqlmodel import Field, Relationship, SQLModel

VERSION = Column("version", Integer, nullable=False)


class Item(SQLModel, table=True):
    __tablename__ = "items"
    # An UPDATE counts the version up, and fails where it is no longer the one that was read.
    __mapper_args__ = {"version_id_col": VERSION}

    id: int | None = Field(default=None, primary_key=True)
    category: str
    name: str
    price_cents: int
    stock: int
    version: int | None = Field(default=None, sa_column=VERSION)


class User(SQLModel, table=True):
    __tablename__ = "users"

    username: str = Field(primary_key=True)
    salt: str
    hash: str


class Order(SQLModel, table=True):
    __tablename__ = "orders"

    id: int | None = Field(default=None, primary_key=True)
    username: str
    total_cents: int
    lines: list["OrderLine"] = Relationship()


class OrderLine(SQLModel, table=True):
    __tablename__ = "order_lines"

    order_id: int | None = Field(default=None, foreign_key="orders.id", primary_key=True)
    item_id: int = Field(foreign_key="items.id", primary_key=True)
    quantity: int
    price_cents: int
