"""``{{ conversation|title_shown }}``: the title as those who read along may see it."""

from django import template

from tutor.review.presenters import title_of

register = template.Library()
register.filter("title_shown", title_of)
