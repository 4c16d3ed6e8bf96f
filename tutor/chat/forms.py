"""What the pages of the talk take in. The words of the talk itself travel as commands."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class BeginForm(forms.Form):
    """A new conversation. ``place`` is a membership's public id; empty is private."""

    client_id = forms.UUIDField()
    study = forms.UUIDField()
    style = forms.CharField(max_length=40)
    place = forms.UUIDField(required=False)


class TitleForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120, strip=True)
