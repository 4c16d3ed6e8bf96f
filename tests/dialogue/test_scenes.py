"""What a clumsy beginner says in the shipped scenarios, and what is said to it: the reaction fits whatever was said."""

from __future__ import annotations

import pytest

from tests.dialogue.talks import progress
from tutor.dialogue import scenario

SAID = [
    ("restaurant", "es", "people", "hola dos persona", "Tenemos mesas libres."),
    ("restaurant", "es", "starter", "no quiero", "Está bien, como quiera."),
    ("restaurant", "es", "main", "¿Tiene pizza?", "Lo siento, eso no lo tenemos."),
    ("restaurant", "es", "taste", "esta fria", "Lo siento. Se lo digo al cocinero."),
    ("restaurant", "es", "dessert", "cuanto es?", "Con el menú, son quince euros por persona."),
    ("restaurant", "en", "main", "i no like fish", "No fish, then."),
    ("restaurant", "en", "bill", "what time you close?", "We're open every day until eleven in the evening."),
    ("restaurant", "en", "pay", "The bill, please", "I'll bring the bill now."),
    ("restaurant", "fr", "main", "je voudrais la carte", "La carte est sur votre table."),
    ("restaurant", "fr", "pay", "carte", "Très bien, merci."),
    ("restaurant", "fr", "taste", "oui c'est bon", "Merci. Le cuisinier va être content."),
    ("restaurant", "de", "side", "mit pommes", "Gern, das schreibe ich auf."),
    ("restaurant", "pt", "dessert", "quero", "Já trago a sobremesa."),
    ("restaurant", "pt", "drink", "um suco de maracuja", "Já trago."),
    ("town", "es", "what", "buscar banco", "El banco está al lado de la iglesia."),
    ("town", "es", "map", "cuanto tiempo tarda el autobus", "Está a cinco minutos a pie."),
    ("town", "es", "hotel", "donde esta la peluqueria?", "Pregunte en la oficina de turismo, en la plaza."),
    ("town", "en", "map", "is there a bank near here?", "The bank is next to the church."),
    ("town", "en", "map", "where can i buy a ticket?", "You can buy tickets at the station."),
    ("town", "fr", "prices", "c'est cher le musée?", "Le musée coûte six euros."),
    ("town", "de", "see", "wann öffnet das museum?", "Das Museum ist von zehn bis sechs offen."),
    ("town", "en", "map", "yes i have map", "The tourist office also has maps."),
    ("town", "fr", "first_time", "non, deuxième fois", "Ça fait plaisir de vous voir ici."),
    ("town", "es", "like", "me gusta la plaza", "A mí también."),
    ("town", "es", "more", "esta lejos la playa?", "Aquí no hay playa, pero hay un río."),
    ("town", "de", "company", "mein vater ist gestorben", "Mein herzliches Beileid."),
    ("travel", "es", "booking", "no", "No pasa nada, hay habitaciones libres."),
    ("travel", "es", "name", "Maria Smith", "Gracias, ya lo tengo."),
    ("travel", "es", "nights", "para dos noches", "Muy bien, lo apunto."),
    ("travel", "en", "more", "room is very expensive", "The single room is cheaper."),
    ("travel", "es", "problem", "no hay agua caliente", "Lo siento. Alguien va a mirar el agua."),
    ("travel", "en", "booking", "i booked a room on internet", "One moment, I'll check the computer."),
    ("travel", "en", "document", "i dont have passport", "Another document is fine, too."),
    ("travel", "en", "problem", "the tv doesnt work", "I'm sorry. Somebody will come and look at it."),
    ("travel", "fr", "problem", "non tout va bien", "Tant mieux."),
    ("travel", "fr", "room", "pour deux", "Il y a une chambre double au premier étage."),
    ("travel", "de", "room", "ein zimmer mit dusche", "Unsere Zimmer sind sehr ruhig."),
    ("travel", "de", "prices", "nein alles ok", "Aha."),
    ("market", "pt", "what", "maca", "Sim, tenho aqui."),
    ("market", "pt", "like_market", "gosto das pessoas", "Certo."),
    ("acquaintance", "pt", "siblings", "nao tenho", "Então você não tem irmãos."),
    ("weekend", "pt", "did", "meu cachorro morreu", "Sinto muito."),
    ("weekend", "en", "where", "far from my house", "So it's quite far away."),
]


@pytest.mark.parametrize(("key", "language", "asked", "message", "reaction"), SAID)
def test_the_reaction_fits(key: str, language: str, asked: str, message: str, reaction: str) -> None:
    told = scenario(key)
    move = told.lines[language].move(asked)
    assert move is not None
    own = "en" if language != "en" else "es"
    said = progress(f"Ok. {move.at('A1')}", message, scenario=told, language=language, level="A1", own_language=own)
    assert said.choice().reaction == reaction


def test_what_is_broken_is_never_good_news() -> None:
    """Where the line about the water was said already, another one is sorry too."""
    hotel = scenario("travel")
    water = "Lo siento. Alguien va a mirar el agua. ¿Quiere desayuno?"
    said = progress("¿Habitación individual o doble?", "la ducha no funciona", water, "no hay agua", scenario=hotel)
    assert said.choice().reaction == "Lo siento. Voy a ayudarle."
