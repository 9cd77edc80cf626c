"""The tables. Others create and fill them, so Django does not manage them."""

from django.db import models
from django.db.models.functions import Now


class Item(models.Model):
    category = models.TextField()
    name = models.TextField()
    price_cents = models.IntegerField()
    stock = models.IntegerField()
    version = models.IntegerField(default=1)

    class Meta:
        managed = False
        db_table = "items"
        ordering = ["id"]

    @property
    def price(self):
        return f"{self.price_cents / 100:.2f}"

    @classmethod
    def after(cls, item_id, category=None):
        """The items with a higher id, of one category or of all."""
        items = cls.objects.filter(id__gt=item_id)
        return items if category is None else items.filter(category=category)

    def as_dict(self):
        return {
            "id": self.id,
            "category": self.category,
            "name": self.name,
            "price_cents": self.price_cents,
            "stock": self.stock,
            "version": self.version,
        }


class User(models.Model):
    username = models.TextField(primary_key=True)
    salt = models.TextField()
    hash = models.TextField()

    class Meta:
        managed = False
        db_table = "users"


class Order(models.Model):
    username = models.TextField()
    total_cents = models.IntegerField()
    placed_at = models.DateTimeField(db_default=Now())

    class Meta:
        managed = False
        db_table = "orders"


class OrderLine(models.Model):
    pk = models.CompositePrimaryKey("order_id", "item_id")
    order = models.ForeignKey(Order, models.DO_NOTHING, related_name="lines")
    item = models.ForeignKey(Item, models.DO_NOTHING, related_name="+")
    quantity = models.IntegerField()
    price_cents = models.IntegerField()

    class Meta:
        managed = False
        db_table = "order_lines"
