"""python3 -m unittest discover tools/quality"""

import copy
import json
import pathlib
import tempfile
import unittest

import table

FIGURE = {"value": 0.5, "low": 0.4, "high": 0.6, "chance": 0.1}
TRACKS = {"performances": FIGURE, "performance_first": FIGURE, "composer": FIGURE, "album": FIGURE, "hubness": 1.25}
PLACES = [{"seconds": length, "place": FIGURE} for length in (15.0, 6.0, 3.0)]
JUDGED = [
    {"recipe": "mean-cosine+msd-musicnn", "answers": "tracks", "ordered": False, "passages": [], **TRACKS},
    {"recipe": "mean-cosine+mfcc", "answers": "tracks", "ordered": False, "passages": [], **TRACKS},
    {"recipe": "mean-cosine+shuffled-mfcc", "answers": "tracks", "ordered": False, "passages": [], **TRACKS},
    {"recipe": "similar", "answers": "tracks", "ordered": True, "passages": PLACES, **TRACKS},
    {"recipe": "passage", "answers": "passages", "ordered": True, "passages": PLACES},
]
KEYS = [one["recipe"] for one in JUDGED]
CPU = {"decoding": 1, "seconds": 1000, "msd-musicnn": 2, "mfcc": 1.5, "similar": 2.5, "passage": 1.75}


class Tables(unittest.TestCase):
    def write(self, judged, cpu, keys=KEYS):
        """The pages, once the tables are written."""
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "quality.json").write_text(json.dumps(judged))
            (folder / "cpu.txt").write_text("".join(f"{name}\t{value}\n" for name, value in cpu.items()))
            marks = "".join(f"{mark}\nold\n<!-- end -->\n" for mark in table.MARKS.values())
            for page in ("representations.md", "recipes.md"):
                (folder / page).write_text(f"before\n{marks}after\n")
            table.main(folder / "quality.json", folder / "cpu.txt", folder, *keys)
            return [(folder / page).read_text() for page in ("representations.md", "recipes.md")]

    def missing(self, judged, cpu=CPU):
        with self.assertRaises(table.Missing) as lacking:
            self.write(judged, cpu)
        return lacking.exception.args

    def test_each_representation_and_each_recipe_has_a_row_of_its_own(self):
        representations, recipes = self.write(JUDGED, CPU)
        self.assertIn("| `mfcc` | .50 (.40-.60) | .50 (.40-.60) | .50 (.40-.60) | .50 (.40-.60) | 1.2 | 1.50 | 1.50 |",
                      representations)
        self.assertIn("| `shuffled:mfcc` |", representations)
        self.assertNotIn("`similar`", representations)
        self.assertIn("| `msd-musicnn`, mean cosine |", recipes)
        self.assertIn("| `passage` |  |  |  | .50 (.40-.60) | .50 (.40-.60) | .50 (.40-.60) |  |  | 1.75 | 1.75 |", recipes)
        self.assertIn("| *chance* | .10 |", recipes)
        self.assertIn("| `msd-musicnn` | MusicNN", representations)
        for page in (representations, recipes):
            self.assertTrue(page.startswith("before\n") and page.endswith("after\n"))

    def test_what_was_not_judged_is_named(self):
        self.assertEqual(self.missing(JUDGED[1:]), ("mean-cosine+msd-musicnn: not judged",))

    def test_each_figure_that_is_missing_is_named(self):
        for name in TRACKS:
            judged = copy.deepcopy(JUDGED)
            del judged[1][name]
            self.assertEqual(self.missing(judged), (f"mean-cosine+mfcc: {name}",))
        judged = copy.deepcopy(JUDGED)
        judged[3]["passages"] = PLACES[:2]
        del judged[4]["passages"][0]["place"]
        self.assertEqual(self.missing(judged), ("similar: passages of 3 s", "passage: passages of 15 s"))

    def test_a_cost_that_is_missing_is_named(self):
        for name, lack in (("mfcc", "mean-cosine+mfcc: CPU of mfcc"), ("decoding", "CPU of decoding")):
            self.assertEqual(self.missing(JUDGED, {k: v for k, v in CPU.items() if k != name}), (lack,))


if __name__ == "__main__":
    unittest.main()
