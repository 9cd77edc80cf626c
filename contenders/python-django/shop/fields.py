"""Form fields that do not convert. Django's own turn "12" and 12.0 into 12, and 12 into "12"; JSON has types."""

from django import forms
from django.core.exceptions import ValidationError


class JsonIntegerField(forms.IntegerField):
    empty_values = (None,)

    def to_python(self, value):
        if value is not None and type(value) is not int:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return value


class QueryIntegerField(forms.IntegerField):
    """Plain digits only: ` 5`, `+5`, `5_0` and `1e2` are no whole numbers."""

    empty_values = (None,)

    def to_python(self, value):
        if value is None:
            return None
        if not (value.isascii() and value.isdigit() and len(value) <= 10):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(value)


class TextField(forms.CharField):
    empty_values = (None,)

    def to_python(self, value):
        if value is None:
            return None
        if not isinstance(value, str):
            raise ValidationError("Enter a text.", code="invalid")
        try:
            value.encode()
        except UnicodeEncodeError:  # half of a surrogate pair
            raise ValidationError("Enter valid Unicode.", code="invalid") from None
        return value
