"""Reads the notes of a partwise MusicXML score, in quarter notes from its first barline.

Repeats are not taken and first endings are left out, so each score has one straight timeline. Grace and cue notes
are left out. Pitches sound as written for the instrument (transpositions applied).
"""

from dataclasses import dataclass, replace

import rights

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
LEVELS = {"pppp": 18, "ppp": 26, "pp": 36, "p": 49, "mp": 64, "mf": 78, "f": 93, "ff": 108, "fff": 118, "ffff": 124}
ACCENTS = {"sf", "sfz", "sffz", "fz", "fp", "sfp", "rf", "rfz"}
UNMARKED = 74  # the level before the first mark


@dataclass(frozen=True)
class Note:
    part: int
    onset: float  # quarter notes
    length: float  # quarter notes, ties joined
    pitch: int  # MIDI
    level: int  # MIDI velocity that the dynamics marks ask for
    staccato: bool


@dataclass(frozen=True)
class Score:
    parts: int
    notes: list  # by onset, part, pitch
    measures: list  # onset of each measure, then the end of the last


def read(path):
    document = rights.root(path)
    if document.tag != "score-partwise":
        raise ValueError(f"{path} is not a partwise MusicXML score")
    parts = document.findall("part")
    kept = straight(parts[0].findall("measure"))
    by_part = [[m for i, m in enumerate(p.findall("measure")) if i in kept] for p in parts]
    readers = [PartReader(i) for i in range(len(parts))]
    notes, measures, start = [], [0.0], 0.0
    for column in zip(*by_part):
        length = max(reader.read(measure, start) for reader, measure in zip(readers, column))
        start += length
        if length > 0:
            measures.append(start)
    for reader in readers:
        notes += reader.finished()
    return Score(len(parts), sorted(notes, key=lambda n: (n.onset, n.part, n.pitch)), measures)


def straight(measures):
    """Indices of the measures that are played when no repeat is taken."""
    kept, ending = set(), ""
    for index, measure in enumerate(measures):
        marks = measure.findall("barline/ending")
        for mark in marks:
            if mark.get("type") == "start":
                ending = mark.get("number", "1")
        if "1" not in ending or "2" in ending:
            kept.add(index)
        if any(mark.get("type") in ("stop", "discontinue") for mark in marks):
            ending = ""
    return kept


class PartReader:
    """State of one part while its measures go by."""

    def __init__(self, part):
        self.part = part
        self.divisions = 1
        self.transpose = 0
        self.level = UNMARKED
        self.accents = set()  # onsets with a momentary accent
        self.open = {}  # pitch -> tied note that still goes on
        self.done = []

    def read(self, measure, start):
        """Takes the notes of a measure that begins at `start`; returns its length."""
        at = longest = chord_onset = 0.0
        for element in measure:
            if element.tag == "attributes":
                self.attributes(element)
            elif element.tag == "direction":
                self.direction(element, start + at)
            elif element.tag in ("backup", "forward"):
                step = float(element.findtext("duration")) / self.divisions
                at += step if element.tag == "forward" else -step
            elif element.tag == "note" and element.find("grace") is None and element.find("cue") is None:
                length = float(element.findtext("duration") or 0) / self.divisions
                if element.find("chord") is None:
                    chord_onset = at
                    at += length
                self.note(element, start + chord_onset, length)
            longest = max(longest, at)
        return longest

    def attributes(self, element):
        if divisions := element.findtext("divisions"):
            self.divisions = float(divisions)
        if (transpose := element.find("transpose")) is not None:
            octaves = int(transpose.findtext("octave-change") or 0)
            self.transpose = int(transpose.findtext("chromatic") or 0) + 12 * octaves

    def direction(self, element, at):
        for mark in element.iterfind("direction-type/dynamics/*"):
            if mark.tag in LEVELS:
                self.level = LEVELS[mark.tag]
            elif mark.tag in ACCENTS:
                self.accents.add(round(at, 4))
                if mark.tag in ("fp", "sfp"):
                    self.level = LEVELS["p"]

    def note(self, element, onset, length):
        pitch = element.find("pitch")
        if pitch is None or length <= 0:
            return
        number = STEPS[pitch.findtext("step")] + round(float(pitch.findtext("alter") or 0))
        number += 12 * (int(pitch.findtext("octave")) + 1) + self.transpose
        if not 0 < number < 128:
            return
        ties = {tie.get("type") for tie in element.iterfind("tie")}
        held = self.open.pop(number, None)
        if "stop" in ties and held and abs(held.onset + held.length - onset) < 0.01:
            note = replace(held, length=held.length + length)
        else:
            if held:
                self.done.append(held)
            accent = 18 if round(onset, 4) in self.accents else 0
            short = element.find("notations/articulations/staccato") is not None
            note = Note(self.part, onset, length, number, min(self.level + accent, 127), short)
        if "start" in ties:
            self.open[number] = note
        else:
            self.done.append(note)

    def finished(self):
        return self.done + list(self.open.values())


def opening(score, beats):
    """The score up to the first barline at or after `beats`; notes that sound across it end there."""
    if score.measures[-1] <= beats:
        return score
    end = next(m for m in score.measures if m >= beats)
    notes = [replace(n, length=min(n.length, end - n.onset)) for n in score.notes if n.onset < end]
    return Score(score.parts, notes, [m for m in score.measures if m <= end])
