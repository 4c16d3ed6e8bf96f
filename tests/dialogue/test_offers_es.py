"""What the tutor may answer to ordinary Spanish sentences of learners, their mistakes included."""

from __future__ import annotations

import pytest

from tests.dialogue.offers import Row, check, rows

TABLE = r"""
acquaintance | Trabajo en un hospital. | r_sorry r_better | r_me_work
acquaintance | Estoy en el hospital. | r_me_work | r_sorry
acquaintance | No hay problema. | r_sorry r_better |
acquaintance | Tengo un problema con mi ordenador. | | r_sorry
acquaintance | No estoy triste. | r_sorry r_better |
acquaintance | Yo es muy triste. | r_how_nice | r_sorry
acquaintance | La película es muy triste. | r_sorry | r_me_film
acquaintance | No me siento bien. | r_how_nice | r_sorry
acquaintance | Mi sueño es ser médico. | r_calm |
acquaintance | Tengo mucho sueno. | | r_calm
acquaintance | No tengo amigos. | r_friends r_how_nice q_friends |
acquaintance | No tengo trabajo. | r_me_work q_job r_good_to_know |
acquaintance | Busco trabajo. | r_me_work q_job |
acquaintance | No me gusta el futbol. | r_me_sport q_sport q_sport_tv |
acquaintance | Nunca leo libros. | r_me_books q_book |
acquaintance | No tengo perro, pero tengo un gato. | | r_me_pet q_pet_name
acquaintance | Vivo sin mi familia. | r_me_family q_family | r_me_place
acquaintance | No tengo hermanos y tú? | r_me_family | r_same
acquaintance | Vivo cerca de la estación. | r_me_season |
acquaintance | Como estas? | r_me_food | r_me_fine
acquaintance | Mi madre me llama todos los días. | r_pleased |
acquaintance | soy cansado | r_pleased | r_calm
acquaintance | ¿Puede repetir? | r_about_you r_another_day | again
acquaintance | mas despacio, por favor | r_about_you | again
acquaintance | ¿Puedes escribir más despacio? | r_about_you | again
weekend | No fui al cine. | r_film q_film |
weekend | Ahora comprendo todo. | r_shop |
weekend | Fue aburrido. | r_how_nice | r_boring
weekend | No fue aburrido. | r_boring |
weekend | No hice nada especial. | | r_boring
weekend | No jugué al fútbol. | r_sport r_game q_game q_sport_often |
weekend | La película fue horrible. | r_sorry | r_film
weekend | Repite, por favor. | | again
market | No quiero manzanas. | r_serve r_here_you_are r_the_best q_qty_fruit | r_no_problem
market | Quiero manzanas. | | r_serve r_here_you_are q_qty_fruit
market | No, quiero manzanas rojas. | | r_serve
market | ¿Cuánto cuesta el kilo? | r_serve r_here_you_are r_the_best | r_price_sign
market | Quiero saber el precio de las peras. | r_serve r_here_you_are | r_price_sign
market | ¿Me pone un kilo de tomates? | r_price_sign | r_serve
market | No tengo tarjeta. | r_card q_receipt | r_no_card
market | ¿Puedo pagar con tarjeta? | q_receipt | r_card
market | No, nada más, gracias. | | r_all_ready q_pay
market | No, eso no es todo. | r_all_ready q_pay q_how_pay |
market | No como carne. | r_not_sold r_not_here |
market | ¿Tiene carne? | | r_not_sold
market | ¿De dónde es usted? | r_local |
market | No es caro. | r_discount |
market | No, tengo bolsa. | r_bag q_bag_kind |
market | No hay problema. | r_sorry |
market | ¿Puede hablar más despacio? | r_wait r_ask_free | again
market | No llevo dinero. | r_no_problem r_no_cash |
market | No lo llevo. | | r_no_problem
acquaintance | Me gusta repetir. | again |
acquaintance | Tengo un hermano y no tengo hermanas. | | r_me_family
acquaintance | ¿Cómo? | help | again
acquaintance | No entiendo. | help | again
acquaintance | No sé. | again | help
market | Olvidé mi tarjeta. | r_card q_receipt | r_no_card
weekend | Fui al campo de fútbol. | r_nature | r_sport
market | ¿No hay tomates? | r_ask_free | r_in_stock
"""


@pytest.mark.parametrize("row", rows(TABLE), ids=str)
def test_it_answers_what_was_said(row: Row) -> None:
    check("es", row)
