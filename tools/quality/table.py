"""Writes the tables of docs/representations.md and docs/recipes.md; script/quality calls it.

    table.py quality.json cpu.txt docs KEY...

quality.json is what `attacca quality --all --json` printed; cpu.txt has lines "name, tab, seconds of CPU", among them
"decoding" and "seconds" (how long the music is). Each KEY is a snapshot to have a row, in this order. What stands
between the marks in the pages is replaced. Where a figure is missing nothing is written, and all that is missing is
named.
"""

import json
import pathlib
import re
import sys
import tomllib

MODELS = pathlib.Path(__file__).parents[2] / "models"
MARKS = {name: f"<!-- {name}: script/quality -->" for name in ("quality", "facts")}
END = "<!-- end -->"
PLAIN = "mean-cosine+"
YARDSTICK = PLAIN + "msd-musicnn"
CONTROLS = ("random", "shuffled-")
LENGTHS = (15, 6, 3)  # seconds of the passages
FIGURES = {"performances": "same piece, MAP", "performance_first": "nearest is one",
           "composer": "same composer, NDCG@5", "album": "same album"}


class Missing(Exception):
    """Figures that should be there and are not; its arguments say which."""


def main(quality_file, cpu_file, docs, *keys):
    judged = json.loads(pathlib.Path(quality_file).read_text(encoding="utf-8"))
    cpu = {k: float(v) for k, v in (line.split("\t") for line in pathlib.Path(cpu_file).read_text().splitlines())}
    manifests = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(MODELS.glob("*.toml"))]
    chosen = rows(judged, cpu, keys)
    plain = [one for one in chosen if one["recipe"].startswith(PLAIN)]
    recipes = [one for one in chosen if one["recipe"] == YARDSTICK or not one["recipe"].startswith(PLAIN)]
    docs = pathlib.Path(docs)
    replace(docs / "representations.md", "quality", quality_table(plain, cpu, ()))
    replace(docs / "representations.md", "facts", facts_table(manifests))
    replace(docs / "recipes.md", "quality", quality_table(recipes, cpu, LENGTHS))


def rows(judged, cpu, keys):
    """What was judged for each of `keys`; raises Missing unless all of it is there."""
    by_key = {one["recipe"]: one for one in judged}
    missing = [f"{key}: not judged" for key in keys if key not in by_key]
    missing += [f"CPU of {name}" for name in ("decoding", "seconds") if not cpu.get(name)]
    chosen = [by_key[key] for key in keys if key in by_key]
    for one in chosen:
        missing += [f"{one['recipe']}: {lack}" for lack in lacks(one, cpu)]
    if missing:
        raise Missing(*missing)
    return chosen


def lacks(one, cpu):
    """The figures that a row needs and has not."""
    if one["answers"] == "tracks":
        yield from (name for name in (*FIGURES, "hubness") if name not in one)
    if one["ordered"]:
        places = {p["seconds"] for p in one["passages"] if "place" in p}
        yield from (f"passages of {length} s" for length in LENGTHS if length not in places)
    if not is_control(one) and not cpu.get(cost_name(one)):
        yield f"CPU of {cost_name(one)}"


def replace(page, name, table):
    """Puts `table` between the mark and the next end."""
    text = page.read_text(encoding="utf-8")
    if MARKS[name] not in text:
        raise Missing(f"{page} has no mark {MARKS[name]}")
    start = text.index(MARKS[name]) + len(MARKS[name])
    end = text.index(END, start)
    page.write_text(f"{text[:start]}\n{table}\n{text[end:]}", encoding="utf-8")


def quality_table(chosen, cpu, lengths):
    """One row for each of `chosen`, and what chance gives."""
    head = ["", *list(FIGURES.values())[:3], *(f"passage of {length} s" for length in lengths)]
    head += ["same album", "hubs", "CPU, ms a second", "in decodings"]
    table = [head, ["---"] * len(head)]
    chance = {}
    for one in chosen:
        figures = {**one, **{p["seconds"]: p["place"] for p in one["passages"]}}
        columns = [*list(FIGURES)[:3], *lengths, "album"]
        chance.update({name: short(figures[name]["chance"]) for name in columns if name in figures})
        cells = [shown(one), *(interval(figures.get(name)) for name in columns)]
        table.append([*cells, f"{one['hubness']:.1f}" if one["answers"] == "tracks" else "", *cost(one, cpu)])
    table.append(["*chance*", *(chance.get(name, "") for name in columns), "", "", ""])
    return "\n".join("| " + " | ".join(row) + " |" for row in table)


def shown(one):
    """The name of a row, as people type it."""
    return f"`{one['recipe'].removeprefix(PLAIN).replace('shuffled-', 'shuffled:')}`" + (
        ", mean cosine" if one["recipe"] == YARDSTICK else "")


def is_control(one):
    return one["recipe"].removeprefix(PLAIN).startswith(CONTROLS)


def cost_name(one):
    """What cpu.txt calls its row."""
    return one["recipe"].removeprefix(PLAIN)


def short(value):
    return f"{value:.2f}".removeprefix("0")


def interval(figure):
    """".92 (.88-.95)", or nothing where nothing is asked."""
    if not figure:
        return ""
    return f"{short(figure['value'])} ({short(figure['low'])}-{short(figure['high'])})"


def cost(one, cpu):
    """CPU of `add` for a second of music, in ms and as a multiple of decoding alone."""
    if is_control(one):
        return ["", ""]
    spent = cpu[cost_name(one)]
    return [f"{1000 * spent / cpu['seconds']:.2f}", f"{spent / cpu['decoding']:.2f}"]


def facts_table(manifests):
    """One line for each representation that Attacca knows."""
    table = [["name", "what it is", "numbers", "licence", "by"], ["---"] * 5]
    for manifest in manifests:
        credit = re.sub(r"\s+", " ", manifest["credit"])
        table.append([f"`{manifest['name']}`", manifest["title"], str(manifest["model"]["dimension"]),
                      manifest["licence"], credit])
    return "\n".join("| " + " | ".join(row) + " |" for row in table)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Missing as lacking:
        sys.exit("\n".join(["script/quality: the tables stay as they are, for these figures are missing:",
                            *(f"  {what}" for what in lacking.args)]))
