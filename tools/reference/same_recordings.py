#!/usr/bin/env python3
"""How well `attacca duplicates` tells the same recording from another: the figures of
docs/decisions.md, "The same recording".

    tools/reference/same_recordings.py FOLDER [COUNT]

Encodes COUNT (default 20) recordings of FOLDER anew, each in all the ways below (ffmpeg 5.1.9), adds
all of it to an archive of its own (ATTACCA names the program, else build/release/bin/attacca; its
archive demo/archive lends the model) and prints for each way how many bits of the fingerprint differ
and how many recordings were found, and at last every group that holds two different recordings.
"""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
ATTACCA = os.environ.get("ATTACCA", ROOT / "build/release/bin/attacca")
MP3, OPUS, VORBIS = ["-c:a", "libmp3lame"], ["-c:a", "libopus"], ["-c:a", "libvorbis"]
WAYS = {
    "mp3 64": ("mp3", MP3 + ["-b:a", "64k"]),
    "mp3 128": ("mp3", MP3 + ["-b:a", "128k"]),
    "mp3 320": ("mp3", MP3 + ["-b:a", "320k"]),
    "mp3 mono 22 kHz": ("mp3", ["-ac", "1", "-ar", "22050"] + MP3 + ["-b:a", "48k"]),
    "opus 48": ("opus", OPUS + ["-b:a", "48k"]),
    "vorbis q1": ("ogg", VORBIS + ["-q:a", "1"]),
    "aac 96": ("m4a", ["-c:a", "aac", "-b:a", "96k"]),
    "-12 dB": ("mp3", ["-af", "volume=-12dB"] + MP3),
    "+6 dB": ("mp3", ["-af", "volume=6dB"] + MP3),
    "0.06 s off": ("flac", ["-ss", "0.062"]),
    "7.3 s off": ("mp3", ["-ss", "7.31"] + MP3),
    "equalised": ("ogg", ["-af", "bass=g=6,treble=g=-6"] + VORBIS),
    "0.1 % faster": ("ogg", ["-af", "asetrate=44144,aresample=44100"] + VORBIS),
}


def run(*arguments, archive):
    return subprocess.run([ATTACCA, *arguments, "--archive", archive], check=True, capture_output=True, text=True)


def main(folder, count):
    kinds = (".flac", ".ogg", ".mp3", ".opus", ".wav", ".m4a")
    recordings = sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix in kinds)
    step = max(1, len(recordings) // count)
    with tempfile.TemporaryDirectory() as work:
        music, archive = pathlib.Path(work) / "music", pathlib.Path(work) / "archive"
        music.mkdir()
        for number, source in enumerate(recordings[::step][:count]):
            for way, (suffix, options) in {"": ("flac", []), **WAYS}.items():
                name = music / f"{number} {way}.{suffix}".replace("/", "_")
                ffmpeg = ["ffmpeg", "-nostdin", "-v", "error", "-i", source, "-map_metadata", "-1", "-map", "0:a"]
                subprocess.run([*ffmpeg, "-metadata", f"title={number} {way}", *options, name], check=True)
        shutil.copytree(ROOT / "demo/archive/representations", archive / "representations")
        shutil.copy(ROOT / "demo/archive/FORMAT", archive)
        run("add", music, archive=archive)
        found = json.loads(run("duplicates", "--json", archive=archive).stdout)

    errors = {way: [] for way in WAYS}
    wrong = []
    for group in found["groups"]:
        titles = [track["title"] for track in group["tracks"]]
        if len({title.split(" ")[0] for title in titles}) > 1:
            wrong.append(titles)
        for track in group["tracks"][1:]:
            way = track["title"].partition(" ")[2].strip()
            if way in errors and track["same"] == "encoding":
                errors[way].append(track["bit_errors"])
    print(f"{'way':18}{'found':>10}{'min':>8}{'median':>8}{'max':>8}  share of bits that differ from the kept one")
    made = len(recordings[::step][:count])
    for way, values in errors.items():
        line = f"{way:18}{len(values):>5} of {made}"
        if values:
            line += "".join(f"{100 * x:7.1f}%" for x in (min(values), statistics.median(values), max(values)))
        print(line)
    print(f"{len(wrong)} groups hold two different recordings")
    for titles in wrong:
        print("  ", *titles, sep=" | ")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20)
