"""Scores what Attacca concluded about the rendered set against the truth.

    script/classics --evaluate [FOLDER]                   adds the set to an archive (FOLDER-archive) and scores that
    script/classics --evaluate [FOLDER] --export FILE     scores what `attacca export catalogue --format json` wrote
"""

import collections
import itertools
import json
import pathlib
import subprocess
import sys

ATTACCA = pathlib.Path(__file__).parents[2] / "build/release/bin/attacca"


def main(folder, export=""):
    """Prints the table; returns the exit status."""
    truth_file = pathlib.Path(folder) / "truth.json"
    if not truth_file.exists():
        print(f"There is no set in {folder}; script/classics makes one.", file=sys.stderr)
        return 1
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    groups = None
    if export:
        rows = json.loads(pathlib.Path(export).read_text(encoding="utf-8"))
    elif ATTACCA.exists():
        rows, groups = concluded(folder)
    else:
        print(f"{ATTACCA} is missing; script/build makes it.", file=sys.stderr)
        return 1
    result, wrong = score(truth, rows)
    if groups is not None:
        score_duplicates(truth, groups, result, wrong)
    for text in wrong:
        print(text)
    for name, value, count in result:
        print(f"  {name:<44} {value:.3f}   of {count}")
    return 0


def concluded(folder):
    """Adds the set to the archive FOLDER-archive, which may be there already.

    Returns the rows of its catalogue, and for each recording that it finds more than once the paths.
    """
    attacca = [str(ATTACCA), "--archive", f"{folder}-archive"]
    for command in (["representation", "fetch", "msd-musicnn"], ["add", str(folder)]):
        subprocess.run([*attacca, *command], check=True)
    ask = lambda *words: json.loads(subprocess.run([*attacca, *words], check=True, stdout=subprocess.PIPE).stdout)
    rows = ask("export", "catalogue", "--format", "json")
    groups = ask("--json", "duplicates")["groups"]
    return rows, [[place["path"] for one in group["tracks"] for place in one["places"]] for group in groups]


def score(truth, rows):
    """([(name, share, how many)], [what was wrong]) of exported rows, found by the end of their paths.

    A row that was imported and not heard has no path, and the imported column `file`. What is missing is wrong.
    """
    place = lambda row: row.get("path") or row.get("file") or ""
    found = {}
    for track in truth["tracks"]:
        found[track["file"]] = next((row for row in rows if place(row).endswith(track["file"])), {})
    works = {work["id"]: work for work in truth["works"]}
    hits, wrong = collections.defaultdict(list), []
    for track in truth["tracks"]:
        row, work = found[track["file"]], works[track["work"]]
        if not row:
            wrong.append(f"{track['file']}: is not in the catalogue")
        hits["composer"].append(row.get("composer") == track["composer"])
        number, source = row.get("movement_no") or None, track["movement"]["source"]
        if source == "none":
            hits["number given where there is none"].append(number is not None)
        else:
            hits[f"movement number, {source}"].append(number == track["movement"]["number"])
        periods = [work["period"], *work.get("period_also", [])]
        for name, right in [("period", periods), ("instrumentation", [work["instrumentation"]])]:
            said = (row.get(name) or "unknown").replace(" ", "_")
            hits[f"{name} is said"].append(said != "unknown")
            if said != "unknown":
                hits[f"{name}, where said"].append(said in right)
                if said not in right:
                    wrong.append(f"{work['id']}: {name} {said} instead of {' or '.join(right)}")
        if row and not hits["composer"][-1]:
            wrong.append(f"{track['file']}: composer {row.get('composer')!r} instead of {track['composer']!r}")
        if row and source in ("stated", "order") and number != track["movement"]["number"]:
            wrong.append(f"{track['file']}: movement {number} instead of {track['movement']['number']}")
    result = [(name, sum(values) / len(values), len(values)) for name, values in sorted(hits.items())]
    labels = {file: row.get("work_id") for file, row in found.items()}
    pairs_wrong = work_pairs(truth, labels, result)
    return result, list(dict.fromkeys(wrong)) + pairs_wrong


def work_pairs(truth, labels, result):
    """Appends how well tracks of one work were brought together, over pairs of tracks; returns what was not."""
    true_work = {t["file"]: t["work"] for t in truth["tracks"]}
    album = {t["file"]: t["album"]["number"] for t in truth["tracks"]}
    want, have = pairs(true_work), pairs(labels)
    hit = len(want & have)
    precision, recall = hit / len(have) if have else 0.0, hit / len(want)
    result.append(("work, precision of pairs", precision, len(have)))
    result.append(("work, recall of pairs", recall, len(want)))
    result.append(("work, F1", 2 * precision * recall / (precision + recall) if hit else 0.0, len(want)))
    across = {pair for pair in want if album[pair[0]] != album[pair[1]]}
    found_across = len(across & have) / len(across) if across else 1.0
    result.append(("work, recall of pairs across albums", found_across, len(across)))
    parted = {(true_work[a], album[a], album[b]) for a, b in want - have}
    joined = {(true_work[a], true_work[b]) for a, b in have - want}
    return [f"{work} of albums {a} and {b} is taken for two works" for work, a, b in sorted(parted)] + [
        f"{a} and {b} are taken for one work" for a, b in sorted(joined)]


def score_duplicates(truth, groups, result, wrong):
    """Appends how well the copies were found, over pairs of files that hold one recording."""
    found = {t["file"]: [i for i, paths in enumerate(groups) if any(p.endswith(t["file"]) for p in paths)]
             for t in truth["tracks"]}
    want = pairs({t["file"]: t["recording"] for t in truth["tracks"]})
    have = pairs({file: numbers[0] for file, numbers in found.items() if numbers})
    result.append(("copies, recall of pairs", len(want & have) / len(want) if want else 1.0, len(want)))
    result.append(("copies, precision of pairs", len(want & have) / len(have) if have else 1.0, len(have)))
    wrong += [f"{a} and {b} are one recording, and not found to be" for a, b in sorted(want - have)]
    wrong += [f"{a} and {b} are taken for one recording" for a, b in sorted(have - want)]


def pairs(labels):
    """All unordered pairs of files that share a label."""
    groups = collections.defaultdict(list)
    for file, label in labels.items():
        if label is not None:
            groups[label].append(file)
    return {pair for files in groups.values() for pair in itertools.combinations(sorted(files), 2)}
