"""What the tutor may answer to ordinary French sentences of learners, their mistakes included."""

from __future__ import annotations

import pytest

from tests.dialogue.offers import Row, check, rows

TABLE = r"""
acquaintance | Je travaille à l'hôpital. | r_sorry r_better | r_me_work
acquaintance | Je suis à l'hopital. | r_how_nice | r_sorry
acquaintance | Je ne suis pas triste. | r_sorry r_better |
acquaintance | Je suis très triste. | r_how_nice r_curious | r_sorry
acquaintance | Il n'y a pas de problème. | r_sorry |
acquaintance | J'ai un problème avec mon ordinateur. | | r_sorry
acquaintance | Je ne vais pas bien. | r_how_nice | r_sorry
acquaintance | Je n'ai pas d'amis. | r_friends q_friends r_how_nice r_curious |
acquaintance | J'ai pas de travail. | r_me_work q_job r_curious |
acquaintance | Je cherche du travail. | r_me_work q_job |
acquaintance | J'aime les mangas. | r_me_food |
acquaintance | J'ai un cours de maths. | r_me_sport q_sport_tv | r_me_work
acquaintance | Je cours souvent. | r_me_work | r_me_sport
acquaintance | Je viens de manger. | r_me_place |
acquaintance | Je viens d'Espagne. | | r_me_place
acquaintance | Je ne lis jamais de livres. | r_me_books q_book |
acquaintance | Je n'aime pas le foot et toi ? | r_me_sport q_sport_tv | r_same
acquaintance | J'habite sans ma famille. | r_me_family q_family | r_me_place
acquaintance | Je n'ai pas de chien, mais j'ai un chat. | | r_me_pet q_pet_name
acquaintance | Le film est triste. | r_sorry | r_me_film
acquaintance | Vous pouvez répéter ? | r_about_you r_another_day | again
acquaintance | moins vite | | again
acquaintance | Tu peux parler moins vite, s'il te plait ? | r_about_you | again
weekend | Je ne suis pas allé au cinéma. | r_film q_film |
weekend | Le film m'a plu. | r_weather | r_film
weekend | Je bois du café. | r_nature |
weekend | Ce n'était pas ennuyeux. | r_boring |
weekend | Je n'ai rien fait de spécial. | | r_boring
weekend | J'ai joué de la guitare. | r_game |
weekend | J'ai pas joué au foot. | r_sport r_game q_game |
weekend | J'étais malade. | r_how_nice | r_sorry
market | Je ne veux pas de pommes. | r_serve r_here_you_are r_the_best q_qty_fruit | r_no_problem
market | je veux pas de pommes de terre | r_serve q_potatoes_for | r_no_problem
market | Non, je voudrais des pommes rouges. | | r_serve
market | Combien coûte le kilo ? | r_serve r_here_you_are r_the_best | r_price_sign
market | C'est combien le kilo ? | r_serve r_here_you_are | r_price_sign
market | Un kilo, s'il vous plaît. | r_price_sign | r_serve
market | Je n'ai pas de carte. | r_card q_receipt | r_no_card
market | Je n'ai pas de monnaie. | r_cash q_change | r_no_cash
market | Je peux payer par carte ? | q_receipt | r_card
market | Non merci, c'est tout. | | r_all_ready q_pay
market | Rien d'autre, merci. | | r_all_ready q_pay
market | Non, ce n'est pas tout. | r_all_ready q_pay q_how_pay |
market | Je ne mange pas de viande. | r_not_sold r_not_here |
market | D'où venez-vous ? | r_local |
market | Un fromage doux. | r_sweet |
market | C'est pas cher. | r_discount |
market | Pas de sac, merci. | r_bag q_bag_kind |
market | Répétez, s'il vous plaît. | | again
acquaintance | J'ai un frère et je n'ai pas de sœur. | | r_me_family
acquaintance | Comment ? | help | again
acquaintance | Je ne comprends pas. | help | again
acquaintance | Je ne sais pas. | again | help
market | J'ai oublié ma carte. | r_card q_receipt | r_no_card
market | Vous n'avez pas d'œufs ? | r_ask_free | r_in_stock
acquaintance | J'ai été malade. | r_how_nice | r_sorry
"""


@pytest.mark.parametrize("row", rows(TABLE), ids=str)
def test_it_answers_what_was_said(row: Row) -> None:
    check("fr", row)
