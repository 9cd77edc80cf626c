"""The page that is rendered on the server."""

from flask import Blueprint, render_template, request

from .items import select_items
from .schemas import PageFilter

blueprint = Blueprint("pages", __name__)


@blueprint.get("/page")
def page():
    query = PageFilter.model_validate(request.args.to_dict())
    items = select_items(query.category, after=0, limit=20)
    return render_template("page.html", category=query.category, items=items)
