"""The items: read, list, create, update."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from .. import schemas
from ..bodies import json_only
from ..database import Session
from ..models import Item
from ..schemas import INT4_MAX, ItemChange, ItemPage, NewItem, Text, WholeNumber

router = APIRouter(tags=["items"])

ItemId = Annotated[WholeNumber, Path(ge=1, le=INT4_MAX)]


async def select_items(session: AsyncSession, category: str | None, after: int, limit: int) -> Sequence[Item]:
    """Up to `limit` items with a higher id than `after`, in the order of id."""
    items = select(Item).where(Item.id > after).order_by(Item.id).limit(limit)
    if category is not None:
        items = items.where(Item.category == category)
    return (await session.exec(items)).all()


async def find_item(session: AsyncSession, item_id: int) -> Item:
    item = await session.get(Item, item_id)
    if item is None:
        raise HTTPException(404)
    return item


@router.head("/items/{item_id}", include_in_schema=False)
@router.get("/items/{item_id}", response_model=schemas.Item)
async def read_item(session: Session, item_id: ItemId):
    return await find_item(session, item_id)


@router.head("/items", include_in_schema=False)
@router.get("/items", response_model=ItemPage)
async def list_items(
    session: Session,
    category: Text | None = None,
    limit: Annotated[WholeNumber, Query(ge=1, le=100)] = 20,
    after: Annotated[WholeNumber, Query(ge=0, le=INT4_MAX)] = 0,
):
    rows = await select_items(session, category, after, limit + 1)  # one more tells whether a page follows
    items = rows[:limit]
    return {"items": items, "next": items[-1].id if len(rows) > limit else None}


@router.post("/items", status_code=201, response_model=schemas.Item, dependencies=[Depends(json_only)])
async def create_item(session: Session, new: NewItem, request: Request, response: Response):
    item = Item(**new.model_dump())
    session.add(item)
    await session.commit()
    response.headers["Location"] = str(request.app.url_path_for("read_item", item_id=item.id))
    return item


@router.patch("/items/{item_id}", response_model=schemas.Item, dependencies=[Depends(json_only)])
async def update_item(session: Session, item_id: ItemId, change: ItemChange):
    item = await find_item(session, item_id)
    if item.version != change.version:
        raise HTTPException(409)
    changes = change.model_dump(exclude={"version"}, exclude_unset=True)
    item.sqlmodel_update(changes)
    for field in changes:
        flag_modified(item, field)  # a change to the same value is a change too
    try:
        await session.commit()
    except StaleDataError:
        raise HTTPException(409) from None  # another client was faster between the two statements
    return item
