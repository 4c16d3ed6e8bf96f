"""``{{ text|markdown }}``: a tutor's words as safe HTML."""

from django import template
from django.utils.safestring import SafeString

from tutor.conversations.rendering import render

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    return render(text)
