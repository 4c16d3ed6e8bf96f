"""Every row belongs to somebody, and it is known what becomes of it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import ForeignKey, Model

from tutor.stewardship import Stewardship

MODELS = [model for model in apps.get_models() if model.__module__.startswith(("tutor.", "polyglott."))]


def model_id(model: type[Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", MODELS, ids=model_id)
def test_every_model_declares_owner_export_and_erase(model: type[Model]) -> None:
    assert isinstance(vars(model).get("stewardship"), Stewardship)


@pytest.mark.parametrize("model", MODELS, ids=model_id)
def test_the_owner_is_the_house_or_a_person(model: type[Model]) -> None:
    stewardship: Stewardship = vars(model)["stewardship"]
    if stewardship.owner != "house":
        assert owner_of(model, stewardship.owner) is get_user_model()


def owner_of(model: type[Model], path: str) -> type[Model]:
    """The model at the end of a dotted path of foreign keys; ``self`` is the model."""
    for name in path.split(".") if path != "self" else ():
        field = model._meta.get_field(name)
        assert isinstance(field, ForeignKey)
        model = field.related_model
    return model


def test_words_of_learners_are_not_in_an_admin() -> None:
    assert not apps.is_installed("django.contrib.admin")
