"""What beginners really type, with slips and without accents, and what the tutor of a shipped scenario answers."""

from __future__ import annotations

import pytest

from tests.dialogue.talks import talk
from tutor.dialogue.scenario_files import shipped
from tutor.dialogue.selection import Choice, ScenarioProgress


def after(key: str, language: str, move: str, words: str) -> Choice:
    """The reply at A1 to these words, as the answer to one question of a scenario."""
    held = shipped()[key]
    lines = held.lines[language]
    asked = lines.move(move)
    assert asked is not None
    said = talk(f"Ok. {asked.at('A1')}", words, language=language, style=key, level="A1")
    return ScenarioProgress(held, lines, said).choice()


@pytest.mark.parametrize(
    ("key", "language", "move", "words", "reaction"),
    [
        ("home", "es", "who", "vivo con mi mama y papa", "Mi familia vive aquí, en Valencia."),
        ("home", "es", "who", "yo vivir solo", "A veces es bueno estar a solas."),
        ("home", "es", "siblings", "no tengo ermanos", "Entonces no tienes hermanos."),
        ("home", "es", "kind", "en un piso pequeno", "Yo vivo en un piso."),
        ("home", "es", "size", "¿Y tú?", "Mi familia es bastante grande."),
        ("home", "es", "siblings", "soy hijo unico", "Entonces no tienes hermanos."),
        ("home", "es", "kind", "casa", "Mis padres tienen una casa en un pueblo."),
        ("day", "de", "chores", "nie", "Das macht nichts."),
        ("day", "es", "after", "miro youtube", "Yo veo una serie por la noche."),
        ("home", "en", "siblings", "i have one brother", "I have two sisters."),
        ("home", "en", "kind", "apartament", "I live in a flat."),
        ("home", "fr", "kind", "apartement", "Moi, j'habite dans un appartement."),
        ("home", "fr", "pet", "non", "Ce n'est pas grave."),
        ("home", "de", "favourite", "kuche", "Wir essen zu Hause in der Küche."),
        ("home", "de", "garden", "keine garten", "Also kein Garten."),
        ("day", "es", "way", "bus", "Yo voy al trabajo a pie."),
        ("day", "es", "lunch", "en la oficina", "Yo como en casa a las dos."),
        ("day", "en", "job", "no", "So you have no job and no classes."),
        ("day", "en", "after", "i am tired", "Rest is important."),
        ("day", "fr", "chores", "je fais la vaiselle", "Moi, je nettoie la cuisine le lundi."),
        ("day", "de", "up", "um 7 uhr", "Ich stehe um fünf Uhr auf."),
        ("acquaintance", "it", "name", "mi chiamo Ana", "Piacere."),
        ("acquaintance", "it", "siblings", "ho una sorela", "Io ho un fratello più piccolo."),
        ("acquaintance", "it", "pet", "no ho animali", "Nessun problema."),
        ("acquaintance", "it", "food", "Hai un cane?", "A me piacciono i cani."),
        ("acquaintance", "it", "from", "spagna e tu?", "Io sono di Bologna."),
        ("weekend", "it", "did", "ho letto un libro", "Io leggo un po' ogni sera."),
        ("market", "it", "cook", "un'insalata", "Con i prodotti freschi tutto è più buono."),
        ("market", "es", "bag", "No, tengo una bolsa.", "Entonces, sin bolsa."),
        ("market", "pt", "bag", "Não, tenho uma sacola.", "Então, sem sacola."),
        ("market", "ja", "bag", "いいえ、袋があります。", "袋はいりませんね。"),
        ("day", "fr", "after", "J'aime courir l'après-midi", "Moi, je fais du sport le samedi."),
        ("acquaintance", "fr", "from", "Je viens de Chine", "Moi, je viens de Nantes, dans l'ouest de la France."),
        ("acquaintance", "fr", "food", "J'aime les pâtes", "Maintenant, j'ai faim."),
        ("weekend", "it", "did", "sono andato al mare", "A me piace molto il mare."),
        ("weekend", "it", "who", "con il mio cane", "Gli animali danno gioia."),
        ("market", "it", "bread_eggs", "quanto costa il pane?", "Il pane costa due euro."),
        ("market", "it", "cheese", "non mi piace il formaggio", "Non c'è problema."),
        ("market", "es", "cook", "arroz con pollo", "Con productos frescos todo sabe mejor."),
        ("market", "es", "cheese", "arroz con pollo", "Lo siento, eso no lo tengo."),
        ("acquaintance", "ja", "name", "watashi wa Ana desu", "よろしくお願いします。"),
        ("acquaintance", "ja", "from", "ロンドンです。ユキさんは？", "わたしは京都から来ました。"),
        ("acquaintance", "ja", "from", "スペイン人です", "わたしは京都の出身です。"),
        ("acquaintance", "ja", "job", "がくせいです", "勉強も大切な仕事です。"),
        ("acquaintance", "ja", "job", "gakusei da", "勉強も大切な仕事です。"),
        ("acquaintance", "ja", "siblings", "妹がいる", "わたしには弟がいます。"),
        ("acquaintance", "ja", "siblings", "あにとあねがいます", "わたしには弟がいます。"),
        ("acquaintance", "ja", "pet", "いいえ、犬はいません", "大丈夫ですよ。"),
        ("acquaintance", "ja", "pet", "わたしはいぬがすきです", "わたしは犬が好きです。"),
        ("acquaintance", "ja", "pet", "ネコ", "猫はかわいいですね。"),
        ("acquaintance", "ja", "free_time", "にほんです", "そうですか。"),
        ("acquaintance", "ja", "free_time", "ほんをよむ", "図書館には本がたくさんあります。"),
        ("acquaintance", "ja", "food", "お名前は何ですか", "わたしはユキです。"),
        ("acquaintance", "ja", "live", "うちに猫がいますが犬はいません", "猫はかわいいですね。"),
        ("weekend", "ja", "did", "うみにいった", "わたしは海が大好きです。"),
        ("weekend", "ja", "did", "ゆっくりしました", "家もいいですね。"),
        ("weekend", "ja", "how", "tanoshikatta", "よかったですね。"),
        ("weekend", "ja", "how", "つまらなかった", "そんな週末もありますね。"),
        ("weekend", "ja", "plan", "なにもしません", "休むのもいいですね。"),
        ("market", "ja", "what", "リンゴを２つください", "はい、どうぞ。"),
        ("market", "ja", "prices", "パンはいくらですか", "パンは二百円です。"),
        ("market", "ja", "prices", "ringo wa ikura desu ka", "りんごは一つ百円です。"),
        ("market", "ja", "cheese", "チーズは好きじゃないです", "はい、大丈夫ですよ。"),
        ("market", "ja", "cook", "カレーを作る", "新鮮なものはおいしいですね。"),
        ("market", "ja", "people", "3人です", "では、人数分用意します。"),
    ],
)
def test_it_is_answered(key: str, language: str, move: str, words: str, reaction: str) -> None:
    assert after(key, language, move, words).reaction == reaction


@pytest.mark.parametrize(
    ("language", "words", "sorry"),
    [
        ("es", "Mi perro murió", "Lo siento mucho."),
        ("en", "my dog died", "I'm very sorry."),
        ("fr", "mon chien est mort", "Je suis vraiment désolée."),
        ("de", "mein hund ist gestorben", "Das tut mir sehr leid."),
    ],
)
def test_whose_dog_has_died_hears_nothing_more_about_dogs(language: str, words: str, sorry: str) -> None:
    lines = shipped()["home"].lines[language]
    found = after("home", language, "pet", words)
    assert found.reaction == sorry
    assert found.questions == (lines.moves[0].at("A1"),)


def test_a_question_about_the_tutors_dog_does_not_ask_for_the_name_of_ones_own() -> None:
    name = shipped()["acquaintance"].lines["es"].move("pet_name")
    assert name is not None
    assert after("acquaintance", "es", "live", "¿Tienes un perro?").questions != (name.at("A1"),)
    assert after("acquaintance", "es", "live", "Tengo un perro. ¿Y tú?").questions == (name.at("A1"),)
