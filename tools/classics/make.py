#!/usr/bin/env python3
"""Makes the rendered classical set (README.md beside this file says what it is).

    script/classics [FOLDER]          all of it, in build/classics or FOLDER; only what is missing
    script/classics --rights          only prints which scores may be used, which not, and why
    script/classics --check [FOLDER]  checks the truth against the files
    script/classics --known FOLDER [TO]  writes the truth as a catalogue to import, and which passages are the same music
    script/classics --evaluate [FOLDER] [--export FILE]
                                      scores what Attacca concludes from the tags (needs script/build), or what
                                      `attacca export catalogue --format json` wrote to FILE

Options:
    --free-only      only scores whose own file grants a licence or says public domain
    --only WORDS     only albums whose title holds WORDS (the truth then holds no others; with --check, looks at those)
    --seconds N      about how much of each movement is played, at its nominal tempo (default 90)
    --jobs N         recordings made at the same time (default: the number of processors)
"""

import argparse
import concurrent.futures
import csv
import functools
import importlib.metadata
import json
import os
import pathlib
import subprocess
import sys
import time

import numpy

import musicxml
import perform
import plan
import render
import rights

HERE = pathlib.Path(__file__).parent
FORMAT = 1
STATE = ".made.json"  # what was made, by the recipe that it was made by


def corpus_folder():
    return pathlib.Path(importlib.metadata.distribution("music21").locate_file("music21/corpus"))


def judge(corpus, facts, count):
    """(name, rights, reason it stays out or "") for all candidate scores, read by `count` processes."""
    wanted = {m["file"] for work in facts["work"] for m in work["movements"]}
    names = [name for name in rights.scores(corpus) if name.split("/")[0] in facts["candidates"]]
    with concurrent.futures.ProcessPoolExecutor(count) as pool:
        judged = list(pool.map(functools.partial(rights.read, corpus), names, chunksize=20))
    rows = []
    for name, found in zip(names, judged):
        reason = next((why for start, why in facts["left_out"].items() if name.startswith(start)), "")
        if found.kind == "refused":
            reason = found.note
        elif name not in wanted and not reason:
            kind = pathlib.Path(name).suffix
            reason = "allowed, not needed" if kind in (".mxl", ".xml", ".musicxml") else f"{kind} is not read"
        rows.append((name, found, reason))
    missing = wanted - {name for name, _, _ in rows}
    if missing:
        sys.exit(f"The corpus lacks {', '.join(sorted(missing))}; "
                 "install the versions in tools/classics/requirements.txt.")
    return rows


def rights_table(rows, free_only):
    """What was taken, one line a score, then what was left out, one line a folder and reason."""
    lines = ["Taken:"]
    left = {}
    for name, found, reason in rows:
        if not reason and free_only and found.kind != "granted":
            reason = "its file grants no licence (--free-only)"
        if reason:
            left.setdefault((name.split("/")[0], found.kind, reason), []).append(name)
        else:
            lines.append(f"  {name:<46} {found.licence or '-':<14} {found.note}")
    lines.append("Left out:")
    for (folder, kind, reason), names in sorted(left.items()):
        what = names[0] if len(names) == 1 else f"{folder}: {len(names)} scores"
        lines.append(f"  {what:<46} {kind:<14} {reason}")
    return "\n".join(lines)


def recipe(corpus, track, font):
    """Changes when anything changes that a recording is made from."""
    sources = b"".join((HERE / name).read_bytes() for name in ("musicxml.py", "perform.py", "render.py"))
    parts = [json.dumps(track, sort_keys=True), render.sha256(sources), font["sha256"], versions()]
    return render.sha256("\0".join([*parts, render.sha256((corpus / track["score"]).read_bytes())]).encode())


def versions():
    said = subprocess.run(["fluidsynth", "--version"], capture_output=True, text=True).stdout
    synth = next((line for line in said.splitlines() if "version" in line), "")
    packages = [f"{name} {importlib.metadata.version(name)}" for name in ("music21", "numpy", "mutagen")]
    return "; ".join([synth, *packages])


def make_track(job):
    """Renders one recording and what is true of it; runs in a process of its own."""
    corpus, folder, track, font, seconds = job
    score = perform.opening(musicxml.read(corpus / track["score"]), track["bpm"], seconds)
    times, midi, length = perform.play(score, track)
    samples = render.play(midi, font["file"], length, render.PEAK * track["dynamics"])
    path = folder / track["file"]
    part = render.write(samples, path)
    render.tag(part, track["tags"])
    part.rename(path)
    map_name = f"timemaps/{track['recording'].replace('/', '-')}.json"
    write_json(folder / map_name, {
        "format": FORMAT, "recording": track["recording"], "score": track["score"],
        "quarters": times.quarters.tolist(), "seconds": times.seconds.tolist(), "measures": score.measures,
    })
    pcm = render.sha256(samples.tobytes())
    return made(path, {"time_map": map_name, "seconds": round(length, 4), "pcm_sha256": pcm})


def make_copy(job):
    """Writes a recording again in another encoding."""
    folder, track = job
    samples = render.decode(folder / track["copy_of"])
    path = folder / track["file"]
    part = render.write(samples, path, track["encoding"]["rate"])
    render.tag(part, track["tags"])
    part.rename(path)
    return made(path, {})


def made(path, facts):
    return {**facts, "bytes": path.stat().st_size, "sha256": render.sha256(path.read_bytes())}


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.rename(path)


def kept(folder, track, key, before):
    """What an earlier run found out about a track that is still there and still the same, else None."""
    found = before.get(key)
    path = folder / track["file"]
    if not found or not path.exists() or path.stat().st_size != found["bytes"]:
        return None
    return found if "time_map" not in found or (folder / found["time_map"]).exists() else None


def make_all(jobs, make, folder, before, count):
    """Makes what is missing of [(track, key, job)]; returns {key: result}. An interrupted run loses little."""
    results = {key: kept(folder, track, key, before) for track, key, _ in jobs}
    missing = [(track, key, job) for track, key, job in jobs if results[key] is None]
    with concurrent.futures.ProcessPoolExecutor(count) as pool:
        running = {pool.submit(make, job): (track, key) for track, key, job in missing}
        for done, future in enumerate(concurrent.futures.as_completed(running), 1):
            track, key = running[future]
            results[key] = before[key] = future.result()
            write_json(folder / STATE, before)
            print(f"{done}/{len(missing)} {track['file']}", flush=True)
    return results


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
    parser.add_argument("folder", nargs="?", default=str(HERE.parents[1] / "build/classics"))
    parser.add_argument("to", nargs="?", default="")
    parser.add_argument("--rights", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--known", action="store_true")
    parser.add_argument("--evaluate", action="store_true")
    parser.add_argument("--export", default="")
    parser.add_argument("--free-only", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    return parser.parse_args()


def main():
    options = arguments()
    folder = pathlib.Path(options.folder).resolve()
    if options.check:
        import check

        sys.exit(check.main(folder, options.only))
    if options.known:
        import known

        sys.exit(known.main(folder, options.to or folder))
    if options.evaluate:
        import evaluate

        sys.exit(evaluate.main(folder, options.export))
    corpus, facts = corpus_folder(), plan.load()
    rows = judge(corpus, facts, options.jobs)
    table = rights_table(rows, options.free_only)
    print(table)
    if options.rights:
        return
    started = time.monotonic()
    make_set(options, folder, corpus, facts, rows)
    (folder / "RIGHTS.txt").write_text(table + "\n", encoding="utf-8")
    print(f"The set is in {folder} ({time.monotonic() - started:.0f} s).")


def make_set(options, folder, corpus, facts, rows):
    usable = {name: found for name, found, reason in rows if not reason}
    allowed = lambda name: name in usable and (usable[name].kind == "granted" or not options.free_only)
    everything = plan.tracks(facts, allowed)
    wanted = [t for t in everything if options.only.lower() in t["album"]["title"].lower()]
    again = [c for c in plan.copies(facts, everything) if c["copy_of"] in {t["file"] for t in wanted}]
    fonts = read_fonts(facts, {t["soundfont"] for t in wanted})
    before = json.loads((folder / STATE).read_text()) if (folder / STATE).exists() else {}

    keys = {t["file"]: recipe(corpus, {**t, "cut": options.seconds}, fonts[t["soundfont"]]) for t in wanted}
    jobs = [(t, keys[t["file"]], (corpus, folder, t, fonts[t["soundfont"]], options.seconds)) for t in wanted]
    results = make_all(jobs, make_track, folder, before, options.jobs)
    for t in again:
        keys[t["file"]] = render.sha256((keys[t["copy_of"]] + json.dumps(t, sort_keys=True)).encode())
    results |= make_all([(t, keys[t["file"]], (folder, t)) for t in again], make_copy, folder, before, options.jobs)

    remove_stale(folder, {t["file"] for t in wanted + again})
    write_json(folder / STATE, results)
    originals = {t["file"]: results[keys[t["file"]]] for t in wanted}
    tracks = []
    for t in wanted + again:
        facts_made = {**originals[t.get("copy_of", t["file"])], **results[keys[t["file"]]]}
        tracks.append({**t, **facts_made, "rights": vars(usable[t["score"]])})
    write_json(folder / "truth.json", {
        "format": FORMAT, "made_with": versions(), "seconds": options.seconds,
        "soundfonts": fonts, "works": truth_works(facts, tracks), "tracks": tracks,
    })
    write_json(folder / "catalogue.json", [catalogue_row(i, t) for i, t in enumerate(tracks, 1)])
    write_gold(folder / "gold.csv", facts, tracks)
    total = sum(t["bytes"] for t in tracks)
    print(f"{len(wanted)} recordings and {len(again)} copies, {sum(t['seconds'] for t in tracks) / 60:.0f} minutes, "
          f"{total / 1e6:.0f} MB.")


def catalogue_row(number, track):
    """The track as an archive's own list has it, for `attacca import`."""
    minutes, seconds = divmod(round(track["seconds"]), 60)
    tags = track["tags"]
    return {
        "album_id": track["album"]["number"], "album_name": tags["ALBUM"], "track_no": track["album"]["position"],
        "track_id": number, "title": tags["TITLE"], "composers": tags.get("COMPOSER", tags["ARTIST"]),
        "arrangers": "NaN", "labels": "NaN", "genre": tags["GENRE"], "release_date": tags["DATE"],
        "audio_s3_key": track["file"], "duration": f"0:{minutes:02d}:{seconds:02d}",
    }


def write_gold(path, facts, tracks):
    """The truth of catalogue.json's rows in the columns that labelled catalogues have."""
    works = {work["id"]: work for work in truth_works(facts, tracks)}
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["track_id", "composer_canonical", "arranger_canonical", "work_id", "work_title", "catalogue_no",
                      "movement_no", "movement_title", "key", "work_confidence", "movement_source", "composer_also_ok",
                      "note"])
        for number, track in enumerate(tracks, 1):
            work, movement = works[track["work"]], track["movement"]
            out.writerow([number, track["composer"], "", work["id"], work["title"], "; ".join(work["catalogue"]),
                          movement["number"] or "", movement["title"], work.get("key", ""), "sure", movement["source"],
                          "", ""])


def read_fonts(facts, names):
    fonts = {}
    for name in sorted(names):
        font = facts["soundfonts"][name]
        path = pathlib.Path(font["file"])
        if not path.exists():
            sys.exit(f"{path} is missing; script/setup --all installs it (Debian's {font['package']}).")
        fonts[name] = {**font, "sha256": render.sha256(path.read_bytes())}
    return fonts


def truth_works(facts, tracks):
    used = {t["work"] for t in tracks}
    style = {"language": "en", "parts": ["number", "key", "catalogue"]}
    result = []
    for work in facts["work"]:
        if work["id"] in used:
            title = plan.spell.work(work, style, numpy.random.default_rng(0))
            kept_fields = {k: v for k, v in work.items() if k not in ("movements", "name", "form", "nickname")}
            result.append({**kept_fields, "title": title})
    return result


def remove_stale(folder, files):
    """Removes the recordings of an earlier run that this one no longer has."""
    truth_file = folder / "truth.json"
    if not truth_file.exists():
        return
    for track in json.loads(truth_file.read_text(encoding="utf-8"))["tracks"]:
        if track["file"] not in files:
            (folder / track["file"]).unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        main()
    except render.Failed as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        sys.exit(130)
