"""Writes the tables of docs/representations.md; script/quality calls it.

    table.py quality.json cpu.txt docs/representations.md

quality.json is what `attacca quality --all --json` printed; cpu.txt has lines "name, tab, seconds of CPU", among them
"decoding" and "seconds" (how long the music is). What stands between the marks in the page is replaced.
"""

import json
import pathlib
import re
import sys
import tomllib

MODELS = pathlib.Path(__file__).parents[2] / "models"
MARKS = {"quality": "<!-- quality: script/quality -->", "facts": "<!-- facts: script/quality -->"}
END = "<!-- end -->"


def main(quality_file, cpu_file, page_file):
    judged = json.loads(pathlib.Path(quality_file).read_text(encoding="utf-8"))
    cpu = dict(line.split("\t") for line in pathlib.Path(cpu_file).read_text().splitlines())
    page = pathlib.Path(page_file)
    text = page.read_text(encoding="utf-8")
    text = replace(text, MARKS["quality"], quality_table(judged, {k: float(v) for k, v in cpu.items()}))
    text = replace(text, MARKS["facts"], facts_table([tomllib.loads(p.read_text()) for p in sorted(MODELS.glob("*.toml"))]))
    page.write_text(text, encoding="utf-8")


def replace(text, mark, table):
    """The page with `table` between the mark and the next end."""
    start = text.index(mark) + len(mark)
    end = text.index(END, start)
    return f"{text[:start]}\n{table}\n{text[end:]}"


def quality_table(judged, cpu):
    """One row for each recipe, and what chance gives."""
    lengths = sorted({p["seconds"] for one in judged for p in one["passages"]}, reverse=True)
    head = ["recipe", "same piece, MAP", "nearest is one", "same composer, NDCG@5"]
    head += [f"passage of {length:g} s" for length in lengths] + ["same album", "hubs", "CPU, ms a second", "in decodings"]
    rows = [head, ["---"] * len(head)]
    names = {one["recipe"]: one for one in judged}
    for one in sorted(judged, key=order):
        row = [shown(one), *(interval(one.get(key)) for key in ("performances", "performance_first", "composer"))]
        passages = {p["seconds"]: p for p in one["passages"]}
        row += [interval(passages.get(length, {}).get("place")) for length in lengths]
        row += [interval(one.get("album")), f"{one['hubness']:.1f}" if "hubness" in one else ""]
        rows.append(row + cost(one, cpu))
    first = next(iter(names.values()))
    passages = {p["seconds"]: p["place"] for one in judged for p in one["passages"]}
    chance = [first.get(key) for key in ("performances", "performance_first", "composer")]
    chance += [passages.get(length) for length in lengths] + [first.get("album")]
    rows.append(["*chance*", *(short(c["chance"]) if c else "" for c in chance), "", "", ""])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def order(one):
    """The published yardstick and its representations first."""
    return (not one["recipe"].startswith("mean-cosine"), one["recipe"])


def shown(one):
    base, _, which = one["recipe"].partition("+")
    if base != "mean-cosine":
        return f"`{one['recipe']}`"
    return f"`{base}` of `{which or one['representation'].split('@')[0]}`"


def short(value):
    return f"{value:.2f}".removeprefix("0")


def interval(figure):
    """".92 (.88-.95)", or nothing where nothing was asked."""
    if not figure:
        return ""
    return f"{short(figure['value'])} ({short(figure['low'])}-{short(figure['high'])})"


def cost(one, cpu):
    """CPU of `add` for a second of music, in ms and as a multiple of decoding alone."""
    base, _, which = one["recipe"].partition("+")
    spent = cpu.get((which or one["representation"].split("@")[0]) if base == "mean-cosine" else base)
    if spent is None:
        return ["", ""]
    return [f"{1000 * spent / cpu['seconds']:.2f}", f"{spent / cpu['decoding']:.2f}"]


def facts_table(manifests):
    """One line for each representation that Attacca knows."""
    rows = [["name", "what it is", "numbers", "licence", "by"], ["---"] * 5]
    for manifest in manifests:
        credit = re.sub(r"\s+", " ", manifest["credit"])
        rows.append([f"`{manifest['name']}`", manifest["title"], str(manifest["model"]["dimension"]),
                     manifest["licence"], credit])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
