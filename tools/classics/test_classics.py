"""Tests of the pure parts: python -m unittest discover tools/classics"""

import pathlib
import tempfile
import unittest

import numpy

import check
import evaluate
import known
import musicxml
import perform
import plan
import rights
import spell

SCORE = """<score-partwise><part-list><score-part id="P1"/></part-list><part id="P1">
<measure number="1"><attributes><divisions>2</divisions><transpose><chromatic>-2</chromatic></transpose></attributes>
 <direction><direction-type><dynamics><p/></dynamics></direction-type></direction>
 <note><grace/><pitch><step>C</step><octave>4</octave></pitch></note>
 <note><pitch><step>D</step><octave>4</octave></pitch><duration>2</duration></note>
 <note><chord/><pitch><step>F</step><alter>1</alter><octave>4</octave></pitch><duration>2</duration></note>
 <note><pitch><step>D</step><octave>5</octave></pitch><duration>6</duration><tie type="start"/></note></measure>
<measure number="2"><barline><ending number="1" type="start"/></barline>
 <note><rest/><duration>8</duration></note><barline><ending number="1" type="stop"/></barline></measure>
<measure number="3"><barline><ending number="2" type="start"/></barline>
 <note><pitch><step>D</step><octave>5</octave></pitch><duration>2</duration><tie type="stop"/></note>
 <note><pitch><step>C</step><octave>5</octave></pitch><duration>6</duration></note>
 <barline><ending number="2" type="discontinue"/></barline></measure></part></score-partwise>"""


def score(text=SCORE):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "score.xml"
        path.write_text(text, encoding="utf-8")
        return musicxml.read(path)


def english(**other):
    style = {"language": "en", "composer": "full", "movement": "roman colon", "parts": ["number", "key", "catalogue"]}
    return {**style, **other}


def random():
    return numpy.random.default_rng(1)


class Rights(unittest.TestCase):
    def test_a_grant_outweighs_the_copyright_sign_beside_it(self):
        self.assertEqual(rights.judge(["© 2014, Creative Commons License (CC-BY)"]).kind, "granted")
        self.assertEqual(rights.judge(["released under the CC BY-SA 4.0 license."]).licence, "CC BY-SA")

    def test_a_non_commercial_licence_is_no_grant(self):
        self.assertEqual(rights.judge(["CC BY-NC 4.0"]).kind, "refused")
        self.assertEqual(rights.judge(["CC BY-NC-SA 4.0"]).kind, "refused")

    def test_an_empty_copyright_sign_is_a_reservation(self):
        self.assertEqual(rights.judge(["©"]).kind, "refused")

    def test_an_edition_or_another_site_is_refused(self):
        self.assertEqual(rights.judge(["UT ORPHEUS EDIZIONI 2003"]).kind, "refused")
        self.assertEqual(rights.judge(["http://example.org/score/1"]).kind, "refused")

    def test_only_music_is_silent(self):
        self.assertEqual(rights.judge(["Allegro", "Violin I"]).kind, "silent")

    def test_a_folder_with_a_licence_of_its_own_is_refused(self):
        self.assertEqual(rights.judge(["CC0"], in_licensed_folder=True).kind, "refused")


class Scores(unittest.TestCase):
    def test_chords_ties_transposition_and_endings_are_understood(self):
        notes = [(n.onset, n.length, n.pitch) for n in score().notes]
        self.assertEqual(notes, [(0, 1, 60), (0, 1, 64), (1, 4, 72), (5, 3, 70)])
        self.assertEqual(score().measures, [0, 4, 8])

    def test_dynamics_set_the_level(self):
        self.assertEqual({n.level for n in score().notes}, {musicxml.LEVELS["p"]})

    def test_an_opening_ends_at_a_barline(self):
        cut = musicxml.opening(score(), 3)
        self.assertEqual(cut.measures, [0, 4])
        self.assertEqual(max(n.onset + n.length for n in cut.notes), 4)


class Performances(unittest.TestCase):
    style = perform.Style(tempo=1.0, rubato=0.08, dynamics=1.0, looseness_ms=6)

    def test_a_time_map_rises_and_begins_after_the_lead_in(self):
        times = perform.time_map(score(), 100, self.style, random())
        self.assertTrue((numpy.diff(times.seconds) > 0).all())
        self.assertGreaterEqual(times.seconds[0], 0.2)
        self.assertEqual(times.quarters[-1], 8)

    def test_one_seed_gives_one_performance_and_another_another(self):
        one, same = (perform.time_map(score(), 100, self.style, random()).seconds for _ in range(2))
        other = perform.time_map(score(), 100, self.style, numpy.random.default_rng(2)).seconds
        self.assertTrue(numpy.array_equal(one, same))
        self.assertFalse(numpy.array_equal(one, other))

    def test_notes_begin_within_25_ms_of_the_map(self):
        times = perform.time_map(score(), 100, self.style, random())
        for row in perform.events(score(), times, self.style, random()):
            onset = next(n.onset for n in score().notes if n.pitch == row[3])
            self.assertLess(abs(row[1] / perform.TICKS_PER_SECOND - times.at(onset)), 0.026)

    def test_tempo_changes_are_where_they_are_written(self):
        tempo = perform.nominal_bpm([[0, 60], [4, 120]], numpy.array([0, 3.9, 4, 9]))
        self.assertEqual(list(tempo), [60, 60, 120, 120])
        self.assertEqual(perform.opening(score(), 60, 4).measures, [0, 4])
        self.assertEqual(perform.opening(score(), [[0, 60], [2, 120]], 3.1).measures, [0, 4, 8])

    def test_a_midi_file_says_how_long_it_is(self):
        data = perform.midi([[0, 0, 100, 60, 80]], [40], 1.0)
        self.assertEqual(int.from_bytes(data[18:22], "big"), len(data) - 22)
        self.assertEqual(perform.variable(200), b"\x81\x48")


class Spellings(unittest.TestCase):
    def test_names(self):
        spelled = lambda kind, name, language="en": spell.composer(name, english(composer=kind, language=language))
        self.assertEqual(spelled("last first", "Ludwig van Beethoven"), "Beethoven, Ludwig van")
        self.assertEqual(spelled("initials", "Carl Maria von Weber"), "C. M. von Weber")
        self.assertEqual(spelled("full", "George Frideric Handel", "de"), "Georg Friedrich Händel")
        self.assertEqual(spelled("plain", "Liliʻuokalani"), "Liliuokalani")

    def test_who_shares_a_family_name_keeps_the_initials(self):
        style = english(composer="last")
        self.assertEqual(spell.composer("Johann Sebastian Bach", style, {"Bach"}), "J.S. Bach")
        self.assertEqual(spell.composer("Joseph Haydn", style, {"Bach"}), "Haydn")

    def test_titles(self):
        facts = {"form": "string quartet", "number": 1, "key": "B-flat major", "catalogue": ["Op. 18 No. 1"]}
        german = spell.work(facts, english(language="de"), random())
        self.assertTrue(german.lower().startswith("streichquartett nr. 1 b-dur op"), german)
        movement = {"number": 2, "title": "Adagio"}
        self.assertEqual(spell.track("Quartet", movement, english(), "", random()), "Quartet: II. Adagio")
        self.assertEqual(
            spell.track("Quartet", movement, english(movement="from"), "arr. for winds", random()),
            "Adagio from Quartet (arr. for winds)")

    def test_misspelling_swaps_two_inner_letters(self):
        wrong = spell.misspell("Appassionato", 1, random())
        self.assertNotEqual(wrong, "Appassionato")
        self.assertEqual(sorted(wrong), sorted("Appassionato"))


class Plan(unittest.TestCase):
    facts = plan.load()

    def test_each_recording_of_a_movement_is_another_one(self):
        tracks = plan.tracks(self.facts, lambda name: True)
        self.assertEqual(len({t["file"] for t in tracks}), len(tracks))
        self.assertEqual(len({t["seed"] for t in tracks}), len(tracks))

    def test_each_movement_has_two_performances_that_differ(self):
        by_score = {}
        for track in plan.tracks(self.facts, lambda name: True):
            by_score.setdefault(track["score"], []).append((track["soundfont"], track["forces"], track["tempo"]))
        self.assertEqual([s for s, p in by_score.items() if len(set(p)) < 2], [])

    def test_a_copy_is_the_recording_that_it_was_made_from(self):
        tracks = plan.tracks(self.facts, lambda name: True)
        by_file = {t["file"]: t for t in tracks}
        for copy in plan.copies(self.facts, tracks):
            self.assertEqual(copy["recording"], by_file[copy["copy_of"]]["recording"])

    def test_a_refused_score_leaves_the_work_without_that_movement(self):
        tracks = plan.tracks(self.facts, lambda name: name != "mozart/k155/movement2.mxl")
        numbers = [t["movement"]["number"] for t in tracks if t["performance"] == "mozart-quartet-k155/A"]
        self.assertEqual(numbers, [1, 3])


class Hearing(unittest.TestCase):
    def test_onsets_that_come_late_are_heard_late(self):
        sound = numpy.zeros(44100 * 4)
        times = numpy.array([0.5, 1.1, 1.9, 2.6, 3.3])
        steps = numpy.arange(8000)
        for time in times + 0.05:
            start = round(time * 44100)
            sound[start : start + 8000] += 9000 * numpy.sin(steps * 0.06) * numpy.exp(-steps / 3000)
        shift = check.onset_shift(check.spectrum(sound), times)
        self.assertAlmostEqual(shift, 0.05, delta=0.025)


class Evaluation(unittest.TestCase):
    truth = {
        "works": [{"id": "w", "period": "baroque", "instrumentation": "chamber"},
                  {"id": "v", "period": "baroque", "instrumentation": "solo_keyboard"}],
        "tracks": [
            {"file": f"{album}/{n}.flac", "album": {"number": album}, "composer": "C", "work": work,
             "movement": {"number": n, "title": "", "source": "stated"}}
            for album, n, work in [(1, 1, "w"), (1, 2, "w"), (2, 1, "w"), (2, 2, "v")]
        ],
    }

    def rows(self, labels):
        return [
            {"path": "/some/where/" + t["file"], "composer": "C", "work_id": label, "period": "baroque",
             "movement_no": t["movement"]["number"],
             "instrumentation": "solo keyboard" if t["work"] == "v" else "chamber"}
            for t, label in zip(self.truth["tracks"], labels)
        ]

    def test_what_is_right_throughout_scores_one(self):
        result, wrong = evaluate.score(self.truth, self.rows([7, 7, 7, 8]))
        self.assertEqual({share for _, share, _ in result}, {1})
        self.assertEqual(wrong, [])

    def test_a_work_that_is_not_found_across_albums_costs_recall(self):
        result, wrong = evaluate.score(self.truth, self.rows([7, 7, 9, 8]))
        shares = {name: share for name, share, _ in result}
        self.assertEqual(shares["work, recall of pairs across albums"], 0)
        self.assertEqual(shares["work, precision of pairs"], 1)
        self.assertEqual(wrong, ["w of albums 1 and 2 is taken for two works"])

    def test_another_performance_that_is_taken_for_a_copy_costs_precision(self):
        files = [t["file"] for t in self.truth["tracks"]]
        truth = {"tracks": [{"file": file, "recording": min(i, 2)} for i, file in enumerate(files)]}
        result, wrong = [], []
        evaluate.score_duplicates(truth, [["/x/" + file for file in files[1:]]], result, wrong)
        self.assertEqual([share for _, share, _ in result], [1, 1 / 3])
        self.assertEqual(len(wrong), 2)

    def test_a_track_that_is_missing_counts_as_wrong(self):
        result, _ = evaluate.score(self.truth, self.rows([7, 7, 7, 8])[:2])
        self.assertEqual(dict((n, s) for n, s, _ in result)["composer"], 0.5)


class Known(unittest.TestCase):
    def test_a_passage_is_where_the_other_performance_is_at_the_same_place_of_the_score(self):
        track = lambda name, piece, seconds: {
            "file": name, "recording": name, "work": piece, "score": piece, "movement": {"number": 1},
            "seconds": seconds}
        tracks = [track("a", "w", 20.0), track("b", "w", 40.0), track("c", "x", 20.0),
                  {**track("b copied", "w", 40.0), "recording": "b", "copy_of": "b"}]
        quarters = numpy.array([0.0, 20.0])
        maps = {name: (quarters, quarters * slowness) for name, slowness in (("a", 1), ("b", 2), ("c", 1))}
        found = list(known.passages(tracks, maps))
        self.assertIn(("a", "1.00", "16.00", "b", "2.00", "32.00"), found)
        self.assertIn(("b", "8.00", "14.00", "a", "4.00", "7.00"), found)
        self.assertEqual({row[0] for row in found}, {"a", "b"})
        self.assertTrue(all(float(row[2]) <= 19 for row in found if row[0] == "a"))

    def test_the_row_of_a_track_says_what_is_true_and_not_what_its_tags_say(self):
        truth = {"file": "f", "album": {"number": 1, "position": 2}, "composer": "Antonín Dvořák", "work": "w",
                 "movement": {"number": 3, "title": "Largo"}, "seconds": 9.96,
                 "tags": {"ALBUM": "A", "TITLE": "dvorak 3", "ARTIST": "B"}}
        row = known.row(7, truth, [{"id": "w", "title": "Serenade"}])
        self.assertEqual((row["composer"], row["work"], row["movement_number"], row["duration"]),
                         ("Antonín Dvořák", "Serenade", 3, 10.0))


if __name__ == "__main__":
    unittest.main()
