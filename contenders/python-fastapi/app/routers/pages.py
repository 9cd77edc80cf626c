"""The page that is rendered on the server."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from ..database import Pool
from ..schemas import Text
from .items import select_items

router = APIRouter(tags=["pages"])
templates = Jinja2Templates(Path(__file__).parent.parent / "templates")


@router.get("/page", response_class=HTMLResponse)
async def page(request: Request, pool: Pool, category: Text | None = None):
    items = await select_items(pool, category, after=0, limit=20)
    return templates.TemplateResponse(request, "page.html", {"category": category, "items": items})
