"""Turns set.toml into tracks: which recording, on which album, with which tags, and what is true of it."""

import pathlib
import tomllib

import numpy

import perform
import spell

HERE = pathlib.Path(__file__).parent


def load(path=HERE / "set.toml"):
    with open(path, "rb") as file:
        return tomllib.load(file)


def tracks(facts, allowed):
    """All recordings of the albums, in order, as dictionaries in the shape of truth.json's tracks.

    `allowed` says of a score's name whether its licence lets us render it; a work's other movements stay.
    """
    works = {work["id"]: work for work in facts["work"]}
    shared = shared_families(facts)
    letters, result = {}, []
    for number, album in enumerate(facts["album"], 1):
        position = {}
        for entry in album["performances"]:
            work = works[entry["work"]]
            letter = "ABCDEF"[letters.setdefault(work["id"], 0)]
            letters[work["id"]] += 1
            for movement in work["movements"]:
                if allowed(movement["file"]):
                    disc = entry.get("disc", 0)
                    position[disc] = position.get(disc, 0) + 1
                    place = {"number": number, "title": album["title"], "disc": disc, "position": position[disc]}
                    result.append(track(facts, album, place, entry, work, letter, movement, shared))
    return result


def track(facts, album, place, entry, work, letter, movement, shared):
    performance = f"{work['id']}/{letter}"
    style = album["style"]
    forces = facts["forces"][entry["forces"]]
    arrangement = forces.get("title", {}).get(style["language"], "")
    name = f"{performance}/{movement['number']}"
    titles = written(album, work, movement, arrangement, name)
    folder = f"{place['number']:02d}-{spell.file_name(album['title'])}"
    disc = f"{place['disc']}-" if place["disc"] else ""
    file = f"{folder}/{disc}{place['position']:02d}-{spell.file_name(titles['title'])}.flac"
    tags = tag_fields(album, place, work, movement, titles, spell.composer(work["composer"], style, shared), name)
    return {
        "recording": name,
        "file": file,
        "album": place,
        "tags": tags,
        "composer": work["composer"],
        "work": work["id"],
        "movement": {
            "number": movement["number"] or None,
            "title": movement["title"],
            "source": number_source(work, movement, style),
        },
        "performance": performance,
        "arrangement": entry["forces"] if arrangement else None,
        "forces": entry["forces"],
        "programs": forces["programs"],
        "soundfont": entry["soundfont"],
        "bpm": movement["bpm"],
        "tempo": entry["tempo"],
        "rubato": entry["rubato"],
        "dynamics": entry["dynamics"],
        "seed": perform.seed(name),
        "score": movement["file"],
    }


def shared_families(facts):
    families = [composer.split()[-1] for composer in {work["composer"] for work in facts["work"]}]
    return frozenset(f for f in families if families.count(f) > 1)


def number_source(work, movement, style):
    """Where a reader can find the movement's number, in the words of the archive's own gold labels."""
    if not movement["number"]:
        return "none"
    if spell.states_number(style) or style.get("tags"):
        return "stated"
    numbers = [m["number"] for m in work["movements"]]
    complete = len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))
    return "order" if complete and style["movement"] != "from" else "knowledge"


def written(album, work, movement, arrangement, name):
    same_for_album = lambda: numpy.random.default_rng(perform.seed(album["title"]))
    title = spell.work(work, album["style"], same_for_album())
    random = numpy.random.default_rng(perform.seed(album["title"], name))
    return {"work": title, "title": spell.track(title, movement, album["style"], arrangement, random)}


def tag_fields(album, place, work, movement, titles, composer, name):
    style = album["style"]
    kind = style.get("tags", "plain")
    tags = {"TITLE": titles["title"], "ALBUM": album["title"], "DATE": album["date"], "GENRE": "Classical"}
    tags["TRACKNUMBER"] = str(place["position"])
    if place["disc"]:
        tags["DISCNUMBER"] = str(place["disc"])
    if style.get("composer_tag") == "artist":
        tags["ARTIST"] = composer
    else:
        tags["COMPOSER"] = composer
        tags["ARTIST"] = tags["ALBUMARTIST"] = album["artist"]
    if kind in ("work", "musicbrainz"):
        tags["WORK"] = titles["work"]
        if movement["number"]:
            tags["MOVEMENTNAME"] = movement["title"]
            tags["MOVEMENT"] = str(movement["number"])
    if kind == "musicbrainz":
        tags["MUSICBRAINZ_ALBUMID"] = spell.made_id("album", album["title"])
        tags["MUSICBRAINZ_TRACKID"] = spell.made_id("recording", name)
        # There a movement is a work of its own, a part of the whole: so the id names the movement.
        tags["MUSICBRAINZ_WORKID"] = spell.made_id("work", work["id"], str(movement["number"]))
    return tags


def copies(facts, originals):
    """The recordings that are there again in another encoding, in the shape of `tracks`."""
    works = {work["id"]: work for work in facts["work"]}
    shared = shared_families(facts)
    by_album = {}
    for original in originals:
        by_album.setdefault(original["album"]["title"], []).append(original)
    result = []
    for number, album in enumerate(facts["copies"], len(facts["album"]) + 1):
        for position, wanted in enumerate(album["tracks"], 1):
            album_tracks = by_album.get(wanted["of"], [])
            if wanted["take"] > len(album_tracks):
                continue
            original = album_tracks[wanted["take"] - 1]
            work = works[original["work"]]
            movement = next(m for m in work["movements"] if m["file"] == original["score"])
            titles = written(album, work, movement, "", original["recording"])
            place = {"number": number, "title": album["title"], "disc": 0, "position": position}
            composer = spell.composer(work["composer"], album["style"], shared)
            folder = f"{number:02d}-{spell.file_name(album['title'])}"
            copy = dict(original)
            copy["file"] = f"{folder}/{position:02d}-{spell.file_name(titles['title'])}.{wanted['as']}"
            copy["album"] = place
            copy["tags"] = tag_fields(album, place, work, movement, titles, composer, original["recording"])
            source = number_source(work, movement, album["style"])
            # Here a movement stands alone, so the order of tracks tells nothing.
            copy["movement"] = {**original["movement"], "source": "knowledge" if source == "order" else source}
            copy["copy_of"] = original["file"]
            copy["encoding"] = {"as": wanted["as"], "rate": wanted["rate"]}
            result.append(copy)
    return result
