"""Forms: a modal with its fields, as plain data."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from bot.chat import limits
from bot.chat.base import Frozen, fits
from bot.chat.parts import Option
from bot.chat.wire import PackedAction


class FieldBase(Frozen):
    """What every field of a form has: `name` is the key in the submission."""

    name: str
    label: str
    hint: str = ""
    required: bool = True

    def model_post_init(self, _: object, /) -> None:
        fits("a field's label", self.label, limits.FIELD_LABEL)
        fits("a field's hint", self.hint, limits.DESCRIPTION, least=0)


class TextField(FieldBase):
    """A line of text, or a few (`lines`)."""

    kind: Literal["text"] = "text"
    value: str = ""
    most: int = Field(default=100, le=limits.FIELD_INPUT)


class SelectField(FieldBase):
    """A drop-down; `value` is the option taken so far."""

    kind: Literal["select"] = "select"
    options: tuple[Option, ...] = Field(min_length=1, max_length=limits.OPTIONS)
    value: str | None = None


FormField: TypeAlias = Annotated[TextField | SelectField, Field(discriminator="kind")]


class Form(Frozen):
    """A modal. `errors` holds a sentence by field name where what was sent in cannot be taken;
    the fields then hold what was typed. `reopen` shows it again where a platform cannot answer a
    form with a form (Discord).
    """

    kind: Literal["form"] = "form"
    title: str
    action: PackedAction
    reopen: PackedAction
    fields: tuple[FormField, ...] = Field(min_length=1, max_length=limits.FORM_FIELDS)
    submit: str = "Continue"
    errors: dict[str, str] = Field(default_factory=dict)

    def model_post_init(self, _: object, /) -> None:
        fits("a form's title", self.title, limits.FORM_TITLE)
        fits("a form's submit button", self.submit, limits.FORM_TITLE)
        if unknown := self.errors.keys() - {field.name for field in self.fields}:
            raise ValueError(f"errors for fields that are not there: {sorted(unknown)}")
