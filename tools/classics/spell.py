"""Writes composers, works and movements in the ways that real archives do: by rules, from an album's style and seed.

An album keeps to one style, as albums do; where a style leaves a choice, the album's seed makes it.
A style has: language (en, de, fr, it), composer, movement (the forms below), parts of a work's title, capitals
(title, lower), typos (the share of words that get one) and tags (plain, work, musicbrainz).
"""

import re
import unicodedata
import uuid

FORMS = {
    "string quartet": {
        "en": "String Quartet", "de": "Streichquartett", "fr": "Quatuor à cordes", "it": "Quartetto per archi",
    },
    "piano sonata": {
        "en": "Piano Sonata", "de": "Klaviersonate", "fr": "Sonate pour piano", "it": "Sonata per pianoforte",
    },
    "keyboard sonata": {
        "en": "Keyboard Sonata", "de": "Klaviersonate", "fr": "Sonate pour clavier", "it": "Sonata per tastiera",
    },
    "trio sonata": {"en": "Trio Sonata", "de": "Triosonate", "fr": "Sonate en trio", "it": "Sonata a tre"},
    "clarinet concertino": {
        "en": "Concertino for Clarinet", "de": "Concertino für Klarinette", "fr": "Concertino pour clarinette",
        "it": "Concertino per clarinetto",
    },
}
NUMBER = {"en": "No. ", "de": "Nr. ", "fr": "n° ", "it": "n. "}
NOTES = {
    "de": {"C": "C", "D": "D", "E": "E", "F": "F", "G": "G", "A": "A", "B": "H", "B-flat": "B", "E-flat": "Es"},
    "fr": {
        "C": "do", "D": "ré", "E": "mi", "F": "fa", "G": "sol", "A": "la", "B": "si", "B-flat": "si bémol",
        "E-flat": "mi bémol",
    },
    "it": {
        "C": "do", "D": "re", "E": "mi", "F": "fa", "G": "sol", "A": "la", "B": "si", "B-flat": "si bemolle",
        "E-flat": "mi bemolle",
    },
}
MOVEMENTS = {
    "roman colon": "{work}: {roman}. {title}",
    "roman dash": "{work} - {roman}. {title}",
    "arabic colon": "{work}: {number}. {title}",
    "arabic dash": "{work} - {number}. {title}",
    "nr": "{work}: Nr. {number} {title}",
    "mvt": "{work}, mvt {number} - {title}",
    "dash": "{work} - {title}",
    "comma": "{work}, {title}",
    "from": "{title} from {work}",
}
LONG = {
    "Joseph Haydn": "Franz Joseph Haydn",
    "Wolfgang Amadeus Mozart": "Wolfgang Amadé Mozart",
    "Carl Maria von Weber": "Carl Maria Friedrich Ernst von Weber",
    "Clara Schumann": "Clara Wieck Schumann",
    "Amy Beach": "Amy Marcy Cheney Beach",
}
IN_LANGUAGE = {
    "de": {
        "George Frideric Handel": "Georg Friedrich Händel",
        "Arnold Schoenberg": "Arnold Schönberg",
        "Anton Webern": "Anton von Webern",
    },
    "fr": {"George Frideric Handel": "Georg Friedrich Haendel"},
}
PARTICLES = {"van", "von", "de", "da", "des"}
NAMESPACE = uuid.UUID("6f2b1c1e-7a39-4d0c-9a55-0c1d5b7e3a11")  # made up, so that no made id is a real one


def states_number(style):
    return "{roman}" in MOVEMENTS[style["movement"]] or "{number}" in MOVEMENTS[style["movement"]]


def composer(name, style, shared_families=frozenset()):
    """The composer's name in the album's style. Who shares a family name never stands by it alone."""
    name = IN_LANGUAGE.get(style["language"], {}).get(name, name)
    words = name.split()
    if len(words) == 1:
        return plain(name) if style["composer"] in ("plain", "last") else name
    family, given = words[-1], [w for w in words[:-1] if w not in PARTICLES]
    particle = "".join(w + " " for w in words[:-1] if w in PARTICLES)
    kind = style["composer"]
    if kind == "last" and family in shared_families:
        return "".join(w[0] + "." for w in given) + " " + particle + family
    return {
        "full": name,
        "plain": plain(name),
        "long": LONG.get(name, name),
        "last": family,
        "initials": " ".join(w[0] + "." for w in given) + " " + particle + family,
        "last first": f"{family}, {' '.join(given)} {particle}".strip(),
        "upper last first": f"{family.upper()}, {' '.join(given)} {particle}".strip(),
    }[kind]


def plain(text):
    """Without diacritics and other marks."""
    text = text.replace("ʻ", "").replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def catalogue(number, style, random):
    """"Op. 18 No. 1" or "K. 155" in one of the language's ways."""
    language = style["language"]
    if found := re.fullmatch(r"Op\. (\d+) No\. (\d+)", number):
        ways = {
            "en": ["Op. {0} No. {1}", "Op. {0}, No. {1}", "Op.{0}/{1}"],
            "de": ["op. {0} Nr. {1}", "Op. {0} Nr. {1}", "op. {0}/{1}"],
            "fr": ["op. {0} n° {1}", "opus {0} n° {1}"],
            "it": ["op. {0} n. {1}"],
        }[language]
        return choose(ways, random).format(*found.groups())
    if found := re.fullmatch(r"Op\. (\d+)", number):
        ways = ["Op. {0}", "Op.{0}"] if language == "en" else ["op. {0}"]
        return choose(ways, random).format(found[1])
    if found := re.fullmatch(r"K\. (\d+)", number):
        ways = {"en": ["K. {0}", "K.{0}", "K{0}"], "de": ["KV {0}"]}.get(language, ["K. {0}", "KV {0}"])
        return choose(ways, random).format(found[1])
    return number


def choose(ways, random):
    return ways[int(random.integers(len(ways)))]


def key(text, language):
    note, mode = text.split()
    if language == "en":
        return f" in {text}"
    note = NOTES[language][note]
    if language == "de":
        return f" {note}-Dur" if mode == "major" else f" {note.lower()}-Moll"
    if language == "fr":
        return f" en {note} {'majeur' if mode == 'major' else 'mineur'}"
    return f" in {note} {'maggiore' if mode == 'major' else 'minore'}"


def work(facts, style, random):
    """A work's title. `random` decides between equal ways: give each call of one album an equal one."""
    language, parts = style["language"], style["parts"]
    text = FORMS[facts["form"]][language] if "form" in facts else facts["name"].get(language, facts["name"]["en"])
    if "number" in facts and "number" in parts:
        text += " " + NUMBER[language] + str(facts["number"])
    if "form" in facts and "key" in parts and "key" in facts:
        text += key(facts["key"], language)
    if facts["catalogue"] and "catalogue" in parts:
        text += (" " if language == "de" else ", ") + catalogue(facts["catalogue"][0], style, random)
    if "nickname" in facts and "nickname" in parts:
        text += f' "{facts["nickname"][language]}"'
    return text


def track(work_title, movement, style, arrangement, random):
    """A track's title. `arrangement` is "" for the forces that the work is written for."""
    title = misspell(movement["title"], style.get("typos", 0), random)
    if movement["number"]:
        form = MOVEMENTS[style["movement"]]
        text = form.format(work=work_title, number=movement["number"], roman=roman(movement["number"]), title=title)
    elif title:
        text = f"{work_title}: {title}"
    else:
        text = work_title
    if arrangement:
        text += f" ({arrangement})"
    return capitals(text, style.get("capitals", ""))


def roman(number):
    text = ""
    for value, digits in [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]:
        text += digits * (number // value)
        number %= value
    return text


def capitals(text, kind):
    if kind == "lower":
        return text.lower()
    if kind == "title":
        return re.sub(r"(?<![\w'’])[a-zà-ÿ]", lambda m: m.group(0).upper(), text)
    return text


def misspell(text, share, random):
    """Swaps two inner letters of some words that are long enough to stay readable."""
    words = text.split(" ")
    for i, word in enumerate(words):
        if len(word) > 6 and word.isalpha() and random.random() < share:
            at = int(random.integers(1, len(word) - 2))
            words[i] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def made_id(*words):
    """An id of the shape of MusicBrainz's, always the same for the same words."""
    return str(uuid.uuid5(NAMESPACE, "/".join(words)))


def file_name(text):
    """As web archives name their files: words joined by underscores, plain letters."""
    return re.sub(r"[^\w.']+", "_", plain(text), flags=re.ASCII).strip("_.")[:90]
