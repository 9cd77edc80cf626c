"""What clients may send."""

from django import forms
from django.core.exceptions import ValidationError

from .fields import JsonIntegerField, QueryIntegerField, TextField

INT4_MAX = 2_147_483_647  # PostgreSQL's `integer`
STREAM_MAX = 268_435_456  # bytes of an upload or a download
CATEGORIES = ["books", "garden", "games", "music", "tools", "toys", "sports", "office", "kitchen", "travel"]
NULL = object()


class JsonForm(forms.Form):
    """A form over a JSON object, in which `null` is a value of the wrong type and not an absent one."""

    def __init__(self, data):
        super().__init__({name: NULL if value is None else value for name, value in data.items()})


class NewItemForm(JsonForm):
    category = forms.ChoiceField(choices=[(name, name) for name in CATEGORIES])
    name = TextField(min_length=1, max_length=200)
    price_cents = JsonIntegerField(min_value=0, max_value=100_000_000)
    stock = JsonIntegerField(min_value=0, max_value=1_000_000, required=False)

    def clean_stock(self):
        return self.cleaned_data["stock"] or 0


class ItemChangeForm(JsonForm):
    version = JsonIntegerField(min_value=1, max_value=INT4_MAX)
    name = TextField(min_length=1, max_length=200, required=False)
    price_cents = JsonIntegerField(min_value=0, max_value=100_000_000, required=False)
    stock = JsonIntegerField(min_value=0, max_value=1_000_000, required=False)

    def clean(self):
        if self.data.keys().isdisjoint({"name", "price_cents", "stock"}):
            raise ValidationError("One of name, price_cents and stock is required.")

    def changes(self):
        return {
            name: value for name, value in self.cleaned_data.items() if name != "version" and value is not None
        }


class NewOrderForm(JsonForm):
    item_id = JsonIntegerField(min_value=1, max_value=INT4_MAX)
    quantity = JsonIntegerField(min_value=1, max_value=20)


class CredentialsForm(JsonForm):
    username = TextField()
    password = TextField()


class ComputationForm(JsonForm):
    n = JsonIntegerField(min_value=1, max_value=100_000)


class PageForm(forms.Form):
    category = TextField(required=False)


class ItemFilterForm(PageForm):
    limit = QueryIntegerField(min_value=1, max_value=100, required=False)
    after = QueryIntegerField(min_value=0, max_value=INT4_MAX, required=False)

    def clean_limit(self):
        limit = self.cleaned_data["limit"]
        return 20 if limit is None else limit

    def clean_after(self):
        return self.cleaned_data["after"] or 0


class WaitForm(forms.Form):
    ms = QueryIntegerField(min_value=0, max_value=10_000)


class FanOutForm(forms.Form):
    n = QueryIntegerField(min_value=1, max_value=20)


class DownloadForm(forms.Form):
    bytes = QueryIntegerField(min_value=1, max_value=STREAM_MAX)


class EventsForm(forms.Form):
    count = QueryIntegerField(min_value=1, max_value=1_000)
    every_ms = QueryIntegerField(min_value=0, max_value=1_000)
