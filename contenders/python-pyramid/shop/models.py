"""The tables as SQLAlchemy models, and `request.dbsession`, whose transaction pyramid_tm ends with the request."""

import os

import zope.sqlalchemy
from sqlalchemy import create_engine, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker


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


def includeme(config):
    engine = create_engine(
        make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+psycopg"),
        pool_size=int(os.environ.get("DATABASE_POOL", "8")),
        max_overflow=0,
        pool_timeout=5,
        connect_args={"connect_timeout": 5},
    )
    config.registry["engine"] = engine
    session_factory = sessionmaker(engine)

    def dbsession(request):
        session = session_factory(info={"request": request})
        zope.sqlalchemy.register(session, transaction_manager=request.tm)
        return session

    config.add_request_method(dbsession, reify=True)
