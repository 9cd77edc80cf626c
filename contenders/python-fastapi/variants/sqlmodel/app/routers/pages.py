"""The page that is rendered on the server."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, select_autoescape

from ..database import Session
from ..schemas import Text
from .items import select_items

router = APIRouter(tags=["pages"])
templates = Jinja2Templates(
    env=Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
        autoescape=select_autoescape(),
        auto_reload=False,  # no look at the file for each page
    )
)


@router.head("/page", response_class=HTMLResponse, include_in_schema=False)
@router.get("/page", response_class=HTMLResponse)
async def page(request: Request, session: Session, category: Text | None = None):
    items = await select_items(session, category, after=0, limit=20)
    return templates.TemplateResponse(request, "page.html", {"category": category, "items": items})
