"""What is known about the rendered set, in the forms that `attacca import` and `attacca quality --passages` read.

    script/classics --known FOLDER [TO]    writes known.json and passages.csv in TO, or beside truth.json

known.json has the composers, works and movements as they truly are, so that what is judged is how tracks are
compared, and not how their tags are read. passages.csv has passages of 15, 6 and 3 seconds and where each is in the
other performances.
"""

import csv
import json
import pathlib
import sys

import numpy

LENGTHS = (15.0, 6.0, 3.0)  # seconds
EVERY = 7.0  # from the beginning of one passage to the next
MARGIN = 1.0  # what is left out at both ends: silence, and the last chord dying away


def main(folder, to):
    """Returns the exit status."""
    folder, to = pathlib.Path(folder), pathlib.Path(to)
    if not (folder / "truth.json").exists():
        print(f"There is no set in {folder}; script/classics makes one.", file=sys.stderr)
        return 1
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    maps = {}
    for track in truth["tracks"]:
        read = json.loads((folder / track["time_map"]).read_text(encoding="utf-8"))
        maps[track["recording"]] = (numpy.array(read["quarters"]), numpy.array(read["seconds"]))
    rows = [row(number, track, truth["works"]) for number, track in enumerate(truth["tracks"], 1)]
    (to / "known.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    count = 0
    with open(to / "passages.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["file", "from_s", "to_s", "other_file", "other_from_s", "other_to_s"])
        for line in passages(truth["tracks"], maps):
            out.writerow(line)
            count += 1
    print(f"{to}/known.json: {len(rows)} tracks; {to}/passages.csv: {count} pairs of passages.")
    return 0


def row(number, track, works):
    """The truth about a track as a row of a catalogue."""
    work = next(work for work in works if work["id"] == track["work"])
    tags, movement = track["tags"], track["movement"]
    return {
        "album_id": track["album"]["number"], "album": tags["ALBUM"], "track": track["album"]["position"],
        "track_id": number, "title": tags["TITLE"], "composer": track["composer"], "artist": tags["ARTIST"],
        "work": work["title"], "movement": movement["title"], "movement_number": movement["number"] or "",
        "duration": round(track["seconds"], 1), "file": track["file"],
    }


def passages(tracks, maps):
    """(file, from, to, other file, from, to): the same music in two performances, without the copies."""
    originals = [track for track in tracks if not track.get("copy_of")]
    piece = lambda track: (track["work"], track["score"], track["movement"]["number"])
    for length in LENGTHS:
        for track in originals:
            others = [o for o in originals if piece(o) == piece(track) and o["recording"] != track["recording"]]
            begins = numpy.arange(MARGIN, track["seconds"] - MARGIN - length, EVERY)
            for begin in begins:
                for other in others:
                    there = [seconds_in(maps[track["recording"]], maps[other["recording"]], at)
                             for at in (begin, begin + length)]
                    yield (track["file"], f"{begin:.2f}", f"{begin + length:.2f}",
                           other["file"], f"{there[0]:.2f}", f"{there[1]:.2f}")


def seconds_in(mine, other, at):
    """Where the other performance is at the place of the score that this one is at, at `at` seconds."""
    return numpy.interp(numpy.interp(at, mine[1], mine[0]), other[0], other[1])
