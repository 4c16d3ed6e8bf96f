"""What the tutor may answer to ordinary English sentences of learners, their mistakes included."""

from __future__ import annotations

import pytest

from tests.dialogue.offers import Row, check, rows

TABLE = r"""
acquaintance | I work in a hospital. | r_sorry r_better | r_me_work
acquaintance | I'm in hospital. | r_how_nice | r_sorry
acquaintance | I'm not sad. | r_sorry r_better |
acquaintance | I am very sad. | r_how_nice | r_sorry
acquaintance | No problem! | r_sorry |
acquaintance | I have a problem with my computer | | r_sorry
acquaintance | I don't feel well. | r_how_nice | r_sorry
acquaintance | I'm not good at maths. | r_sorry |
acquaintance | I have no friends. | r_friends q_friends r_how_nice |
acquaintance | I don't have a job. | r_me_work q_job r_how_nice |
acquaintance | I no have a dog. | r_me_pet q_pet_name |
acquaintance | I am looking for a job | r_me_work q_job |
acquaintance | I am single. | r_me_music r_pleased q_instrument |
acquaintance | I like classical music. | r_me_work | r_me_music
acquaintance | I bought a new skirt. | r_me_sport |
acquaintance | I never read books. | r_me_books q_book |
acquaintance | I live without my family. | r_me_family q_family |
acquaintance | I don't like football and you? | r_me_sport q_sport_tv | r_same
acquaintance | Where do you work? | r_me_place | r_me_work
acquaintance | I'm German | r_pleased |
acquaintance | Can you say that again? | r_about_you r_another_day | again
acquaintance | slower please | | again
weekend | We went to a restaurant. | r_rest | r_food q_restaurant
weekend | I had a cold. | r_weather |
weekend | I didnt go to the cinema. | r_film q_film |
weekend | It wasn't boring. | r_boring |
weekend | I did nothing special. | | r_boring
weekend | The film was terrible. | r_sorry r_how_nice | r_film
weekend | I was sick on Sunday. | r_how_nice | r_sorry
weekend | No, I didn't play football. | r_sport r_game q_sport_often |
market | I don't want any apples. | r_serve r_here_you_are r_the_best q_qty_fruit | r_no_problem
market | i dont want potatoes | r_serve r_here_you_are q_potatoes_for | r_no_problem
market | No, I want red apples. | | r_serve
market | How much is a kilo? | r_serve r_here_you_are r_the_best | r_price_sign
market | A kilo, please. | r_price_sign | r_serve
market | I have no card. | r_card q_receipt | r_no_card
market | I don't have cash | r_cash q_change | r_no_cash
market | Can I pay by card? | q_receipt | r_card
market | Nothing else, thanks. | | r_all_ready q_pay
market | No, that's not all. | r_all_ready q_pay q_how_pay |
market | I don't eat meat. | r_not_sold r_not_here |
market | Where are you from? | r_local |
market | It's not expensive. | r_discount |
market | I have a bag. | r_bag q_bag_kind |
market | Could you speak more slowly, please? | r_wait r_ask_free | again
market | Can I have a bag? | | r_bag q_bag_kind
acquaintance | I have a brother and no sisters. | | r_me_family
acquaintance | What? | help | again
acquaintance | I don't understand. | help | again
acquaintance | I don't know. | again | help
market | I forgot my card | r_card q_receipt | r_no_card
acquaintance | My dad is in the hospital. | q_family | r_sorry
"""


@pytest.mark.parametrize("row", rows(TABLE), ids=str)
def test_it_answers_what_was_said(row: Row) -> None:
    check("en", row)
