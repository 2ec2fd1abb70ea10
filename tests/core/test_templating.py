"""Texts that stand in a template before anybody asks for it."""

import pytest

from core.language import speak


@pytest.mark.parametrize(
    ("source", "english", "spanish"),
    [
        ('{{ _("Start") }}', "Start", "Empezar"),
        ("{{ _('Start')|upper }}", "START", "EMPEZAR"),
        ('{% set said = [_("Start"), "_(&)"] %}{{ said|join(" ") }}', "Start _(&amp;)", "Empezar _(&amp;)"),
        ('{{ _("%(count)s steps", count=3) }}', "3 steps", "3 pasos"),
        ('{{ _("Nobody &amp; 100%%") }}', "Nobody &amp; 100%", "Nobody &amp; 100%"),
        ("{% set _ = 7 %}{{ (_) }}", "7", "7"),
    ],
)
def test_the_words_are_those_of_the_language_spoken(app, source, english, spanish):
    for tag, words in (("en", english), ("es", spanish)):
        with app.test_request_context():
            speak(tag)
            assert (
                app.jinja_env.from_string("{% autoescape true %}" + source + "{% endautoescape %}").render()
                == words
            )


def test_a_template_is_kept_for_each_language(app):
    kept = {}
    for tag in ("en", "es"):
        with app.test_request_context():
            speak(tag)
            kept[tag] = app.jinja_env.get_template("core/base.html")
            assert app.jinja_env.get_template("core/base.html") is kept[tag]
    assert kept["en"] is not kept["es"]
