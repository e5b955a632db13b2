"""Makes a performance of a score: when each note sounds and how loudly, and the MIDI file for it.

Tempo is constant between two points of the time map, so linear interpolation in the map is exact. Every random choice
comes from the performance's seed.
"""

import hashlib
import struct
from dataclasses import dataclass

import numpy

import musicxml

TICKS_PER_SECOND = 2000  # of our MIDI files: 1000 a quarter note at 120
TAIL_SECONDS = 2.5  # for the sound to die away
GRID = 0.5  # quarter notes between the points of a time map


@dataclass(frozen=True)
class Style:
    """How one performance differs from another."""

    tempo: float  # times the nominal tempo
    rubato: float  # 0 strict, 0.1 free: how far the tempo swings
    dynamics: float  # 1 as marked, above it wider, below it flatter
    looseness_ms: float  # standard deviation of note onsets


@dataclass(frozen=True)
class TimeMap:
    quarters: numpy.ndarray  # ascending, from 0 to the end of the score
    seconds: numpy.ndarray  # from the start of the file, same length

    def at(self, quarter):
        return numpy.interp(quarter, self.quarters, self.seconds)


def play(score, track):
    """(time map, MIDI file, seconds) of the performance that a track of the plan describes."""
    style = Style(track["tempo"], track["rubato"], track["dynamics"], 4 + 60 * track["rubato"])
    random = numpy.random.default_rng(track["seed"])
    times = time_map(score, track["bpm"], style, random)
    length = float(times.seconds[-1]) + TAIL_SECONDS
    return times, midi(events(score, times, style, random), track["programs"], length), length


def opening(score, bpm, seconds):
    """The score's first `seconds` at the nominal tempo, to the end of the bar."""
    changes = [[0, bpm]] if isinstance(bpm, (int, float)) else bpm
    beats = 0.0
    for (start, tempo), following in zip(changes, [*changes[1:], None]):
        beats = start + seconds * tempo / 60
        if following is None or beats <= following[0]:
            break
        seconds -= (following[0] - start) * 60 / tempo
    return musicxml.opening(score, beats)


def seed(*words):
    """A seed that depends on the words and nothing else."""
    return int.from_bytes(hashlib.sha256("\0".join(words).encode()).digest()[:8], "little")


def nominal_bpm(bpm, quarters):
    """Quarter notes a minute at each position; bpm is a number, or [[quarter, number], ...] for tempo changes."""
    if isinstance(bpm, (int, float)):
        return numpy.full(len(quarters), float(bpm))
    starts = numpy.array([b[0] for b in bpm], float)
    values = numpy.array([b[1] for b in bpm], float)
    return values[numpy.searchsorted(starts, quarters, side="right") - 1]


def time_map(score, bpm, style, random):
    """A tempo curve of phrases (each broadens towards its end), slow drift, and a ritardando at the close."""
    end = score.measures[-1]
    edges = numpy.append(numpy.arange(0, end, GRID), end)
    middle = (edges[:-1] + edges[1:]) / 2
    phrase_starts = numpy.array(score.measures[:-1:4])
    phrase = numpy.searchsorted(phrase_starts, middle, side="right") - 1
    phrase_ends = numpy.append(phrase_starts[1:], end)
    inside = (middle - phrase_starts[phrase]) / (phrase_ends - phrase_starts)[phrase]
    swing = style.rubato * (0.4 - 1.6 * (inside - 0.45) ** 2 / 0.3025 * 0.5)
    swing *= random.uniform(0.5, 1.5, len(phrase_starts))[phrase]
    knots = numpy.linspace(0, end, max(int(end / 24) + 2, 3))
    drift = numpy.interp(middle, knots, random.normal(0, style.rubato * 0.4, len(knots)))
    last = score.measures[max(len(score.measures) - 3, 0)]
    close = numpy.clip((middle - last) / max(end - last, 1e-9), 0, 1) ** 2 * (0.15 + style.rubato)
    tempo = nominal_bpm(bpm, middle) * style.tempo * numpy.exp(swing + drift - close)
    lead_in = random.uniform(0.2, 0.9)
    seconds = lead_in + numpy.concatenate([[0], numpy.cumsum(numpy.diff(edges) * 60 / tempo)])
    return TimeMap(edges, numpy.round(seconds, 4))


def events(score, times, style, random):
    """Rows of (part, on tick, off tick, pitch, velocity), ordered; notes of one pitch in one part never overlap."""
    count = len(score.notes)
    onset = times.at(numpy.array([n.onset for n in score.notes]))
    end = times.at(numpy.array([n.onset + n.length for n in score.notes]))
    held = numpy.where([n.staccato for n in score.notes], 0.5, 0.95)
    shift = numpy.clip(random.normal(0, style.looseness_ms / 1000, count), -0.025, 0.025)
    off = onset + (end - onset) * held
    on = numpy.maximum(onset + shift, 0)
    level = numpy.array([n.level for n in score.notes], float)
    strong = numpy.isin(numpy.round([n.onset for n in score.notes], 3), numpy.round(score.measures, 3))
    velocity = 74 + (level - 74) * style.dynamics + strong * 5 + random.normal(0, 3, count)
    velocity = numpy.clip(numpy.round(velocity), 12, 127).astype(int)
    ticks_on = numpy.round(on * TICKS_PER_SECOND).astype(int)
    ticks_off = numpy.maximum(numpy.round(off * TICKS_PER_SECOND).astype(int), ticks_on + 40)
    rows = sorted(
        [n.part, int(a), int(b), n.pitch, int(v)] for n, a, b, v in zip(score.notes, ticks_on, ticks_off, velocity)
    )
    sounding = {}
    kept = []
    for row in rows:
        before = sounding.get((row[0], row[3]))
        if before and before[2] >= row[1]:
            if before[1] == row[1]:  # a unison: one note is enough
                before[2] = max(before[2], row[2])
                continue
            before[2] = row[1] - 1
        sounding[row[0], row[3]] = row
        kept.append(row)
    return kept


def midi(rows, programs, end_seconds):
    """A format 0 MIDI file. Part i plays programs[i] (the last one serves all further parts) on a channel of its own."""
    channels = [c for c in range(16) if c != 9]
    messages = []
    parts = sorted({row[0] for row in rows})
    for part in parts:
        channel = channels[part % len(channels)]
        pan = 64 if len(parts) == 1 else 30 + round(68 * parts.index(part) / (len(parts) - 1))
        program = programs[min(part, len(programs) - 1)]
        messages += [(0, 0, bytes([0xC0 | channel, program])), (0, 0, bytes([0xB0 | channel, 7, 100]))]
        messages += [(0, 0, bytes([0xB0 | channel, 10, pan]))]
    for part, on, off, pitch, velocity in rows:
        channel = channels[part % len(channels)]
        messages.append((off, 1, bytes([0x80 | channel, pitch, 0])))
        messages.append((on, 2, bytes([0x90 | channel, pitch, velocity])))
    messages.sort()
    track, now = bytearray(b"\x00\xff\x51\x03" + (500000).to_bytes(3, "big")), 0
    for tick, _, message in messages:
        track += variable(tick - now) + message
        now = tick
    track += variable(max(round(end_seconds * TICKS_PER_SECOND) - now, 0)) + b"\xff\x2f\x00"
    header = b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS_PER_SECOND // 2)
    return header + b"MTrk" + struct.pack(">I", len(track)) + bytes(track)


def variable(number):
    """MIDI's variable-length quantity."""
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(0x80 | (number & 0x7F))
    return bytes(reversed(out))
