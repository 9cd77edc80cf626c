"""The tables as SQLAlchemy models, and `request.dbsession`, whose transaction pyramid_tm ends with the request."""

from datetime import datetime

import zope.sqlalchemy
from sqlalchemy import DateTime, ForeignKey, create_engine, func, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, sessionmaker


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str]
    name: Mapped[str]
    price_cents: Mapped[int]
    stock: Mapped[int]
    version: Mapped[int] = mapped_column()

    # An UPDATE counts the version up, and fails where it is no longer the one that was read.
    __mapper_args__ = {"version_id_col": version}

    def __json__(self, request):
        return {
            "id": self.id,
            "category": self.category,
            "name": self.name,
            "price_cents": self.price_cents,
            "stock": self.stock,
            "version": self.version,
        }


class User(Base):
    __tablename__ = "users"

    username: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[str]
    hash: Mapped[str]


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]
    total_cents: Mapped[int]
    placed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    lines: Mapped[list["OrderLine"]] = relationship()


class OrderLine(Base):
    __tablename__ = "order_lines"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True)
    quantity: Mapped[int]
    price_cents: Mapped[int]


def get_tm_session(session_factory, transaction_manager, **info):
    """A session that the transaction manager commits, or rolls back where nothing was written."""
    session = session_factory(info=info)
    zope.sqlalchemy.register(session, transaction_manager=transaction_manager)
    return session


def includeme(config):
    settings = config.registry.settings
    engine = create_engine(
        make_url(settings["database_url"]).set(drivername="postgresql+psycopg"),
        pool_size=settings["database_pool"],
        max_overflow=0,
        pool_timeout=5,
        connect_args={"connect_timeout": 5, "options": "-c statement_timeout=15s"},
    )
    session_factory = sessionmaker(engine)
    config.registry["dbsession_factory"] = session_factory

    def dbsession(request):
        """The tests bring a session of their own, which they roll back."""
        session = request.environ.get("app.dbsession")
        if session is None:
            session = get_tm_session(session_factory, request.tm, request=request)
        return session

    config.add_request_method(dbsession, reify=True)
