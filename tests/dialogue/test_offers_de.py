"""What the tutor may answer to ordinary German sentences of learners, their mistakes included."""

from __future__ import annotations

import pytest

from tests.dialogue.offers import Row, check, rows

TABLE = r"""
acquaintance | Ich arbeite im Krankenhaus. | r_sorry r_better | r_me_work
acquaintance | Ich bin im Krankenhaus. | r_how_nice | r_sorry
acquaintance | Ich bin nicht traurig. | r_sorry r_better |
acquaintance | Ich bin sehr traurig. | r_how_nice | r_sorry
acquaintance | Kein Problem! | r_sorry |
acquaintance | Ich habe ein Problem mit meinem Computer. | | r_sorry
acquaintance | Mir geht es nicht gut. | r_how_nice | r_sorry
acquaintance | Ich habe keine Freunde. | r_friends q_friends r_how_nice |
acquaintance | Ich habe keine Arbeit. | r_me_work q_job r_how_nice |
acquaintance | Ich bin arbeitslos. | r_me_work q_job |
acquaintance | Ich bin Single. | r_me_music r_pleased |
acquaintance | Ich bin Student. | r_pleased | r_me_work
acquaintance | Ich lese nie Bücher. | r_me_books q_book |
acquaintance | Ich mag Fußball nicht und du? | r_me_sport q_sport_tv | r_same
acquaintance | Ich habe keinen Hund, aber ich habe eine Katze. | | r_me_pet q_pet_name
acquaintance | Mein Handy ist kaputt. | r_calm |
acquaintance | Ich trinke gern heisse Schokolade. | r_pleased |
acquaintance | Ich wohne ohne meine Familie. | r_me_family q_family |
acquaintance | Können Sie das wiederholen? | r_about_you r_another_day | again
acquaintance | langsamer bitte | | again
acquaintance | Kannst du langsamer schreiben? | r_about_you | again
weekend | Ich bin nicht ins Kino gegangen. | r_film q_film |
weekend | Ich habe Gitarre gespielt. | r_game |
weekend | Das war nicht langweilig. | r_boring |
weekend | Ich habe nichts Besonderes gemacht. | | r_boring
weekend | Das ist nicht schlimm. | r_sorry |
weekend | Der Film war schrecklich. | r_sorry r_how_nice | r_film
weekend | Ich war krank. | r_how_nice | r_sorry
weekend | Ich habe kein Fußball gespielt. | r_sport r_game |
market | Ich möchte keine Äpfel. | r_serve r_here_you_are r_the_best q_qty_fruit | r_no_problem
market | Ich will nicht Kartoffeln | r_serve q_qty_fruit | r_no_problem
market | Nein, ich möchte rote Äpfel. | | r_serve
market | Was kostet das Kilo? | r_serve r_here_you_are r_the_best | r_price_sign
market | Ein Kilo, bitte. | r_price_sign | r_serve
market | Ich habe keine Karte. | r_card q_receipt | r_no_card
market | Ich habe kein Bargeld. | r_cash q_change | r_no_cash
market | Ich war in einer Bar. | r_cash q_receipt q_change |
market | Kann ich mit Karte zahlen? | q_receipt | r_card
market | Nein danke, das ist alles. | | r_all_ready q_pay
market | Das ist noch nicht alles. | r_all_ready q_pay q_how_pay |
market | Ich esse kein Fleisch. | r_not_sold r_not_here |
market | Woher kommen Sie? | r_local |
market | Das ist nicht teuer. | r_discount |
market | Ich habe eine Tasche. | r_bag q_bag_kind |
market | Nicht so schnell, bitte. | r_no_problem | again
market | Ich habe keine EC-Karte. | r_card | r_no_card
acquaintance | Ich habe einen Bruder und keine Schwester. | | r_me_family
acquaintance | Wie bitte? | help | again
acquaintance | Ich verstehe nicht. | help | again
acquaintance | Ich weiß nicht. | again | help
market | Ich habe meine Karte vergessen. | r_card q_receipt | r_no_card
market | Haben Sie keine Eier? | r_ask_free | r_in_stock
"""


@pytest.mark.parametrize("row", rows(TABLE), ids=str)
def test_it_answers_what_was_said(row: Row) -> None:
    check("de", row)
