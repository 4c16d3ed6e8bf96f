"""``{{ tag|language_in_words }}``: the name of a language, as the page's language calls it."""

from django import template

from tutor.languages import language_name

register = template.Library()
register.filter("language_in_words", language_name)
