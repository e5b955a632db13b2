"""Checks a rendered set against its truth: files, durations, and that the music is where the time maps say.

Two things are heard in the sound itself:
  onsets    the loudness of what is new rises at the onsets that score and time map give: the rise summed over all
            onsets is largest near a shift of 0 (instruments with a soft attack come a little late)
  passages  of two performances of a movement, the pitch classes sounding at one place of the score agree, far better
            than those of other places do (music repeats itself, so the best match may lie elsewhere now and then)
"""

import itertools
import json
import pathlib
import subprocess
import sys

import numpy

import make
import musicxml
import perform
import render

FRAME = 2048
HOP = 441  # 10 ms
LATEST = 0.25  # seconds that a soft attack may seem late: a synthetic choir takes 0.2
EARLIEST = -0.03
LEAD = 0.2  # by which likeness at the same place exceeds that of any two places
LOSSY_DELAY = 0.06  # decoders may leave the encoder's delay at the start


def main(folder, only=""):
    """Prints what is wrong with the albums whose title holds `only`; returns the exit status."""
    folder = pathlib.Path(folder)
    truth_file = folder / "truth.json"
    if not truth_file.exists():
        print(f"There is no set in {folder}; script/classics makes one.", file=sys.stderr)
        return 1
    truth = json.loads(truth_file.read_text(encoding="utf-8"))
    problems, shifts, sounds = [], [], {}
    tracks = [t for t in truth["tracks"] if only.lower() in t["album"]["title"].lower()]
    for track in tracks:
        problems += [f"{track['file']}: {text}" for text in check_file(folder, track)]
        if "copy_of" not in track and (folder / track["file"]).exists():
            heard = Heard(folder, track, truth["seconds"])
            shifts.append(heard.shift)
            sounds[track["recording"]] = heard
            if not EARLIEST <= heard.shift <= LATEST:
                late = f"{1000 * heard.shift:.0f} ms"
                problems.append(f"{track['file']}: its onsets are heard {late} from where they should be")
    places, right = check_passages(tracks, sounds, problems)
    for text in problems:
        print(text)
    shifts = numpy.array(shifts) * 1000
    print(f"{len(tracks)} files; onsets heard {numpy.median(shifts):.0f} ms late at the median "
          f"({shifts.min():.0f} to {shifts.max():.0f}); {right} of {places} passages found again in the other "
          f"performance; {len(problems)} problems.")
    return 1 if problems else 0


def check_file(folder, track):
    path = folder / track["file"]
    if not path.exists():
        return ["is missing"]
    data = path.read_bytes()
    problems = [] if render.sha256(data) == track["sha256"] else ["is not the file that was made"]
    samples = render.decode(path)
    if "copy_of" not in track and render.sha256(samples.tobytes()) != track["pcm_sha256"]:
        problems.append("does not sound as it was made")
    slack = LOSSY_DELAY if "copy_of" in track else 1 / render.RATE
    if abs(len(samples) / render.RATE - track["seconds"]) > slack:
        problems.append(f"lasts {len(samples) / render.RATE:.3f} s instead of {track['seconds']:.3f} s")
    title = json.loads(subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags", "-of", "json", str(path)],
        stdout=subprocess.PIPE, check=True).stdout)
    tags = {**title["format"].get("tags", {}), **title["streams"][0].get("tags", {})}
    if {k.lower(): v for k, v in tags.items()}.get("title") != track["tags"]["TITLE"]:
        problems.append("does not have the title of the truth")
    return problems


class Heard:
    """The sound of one recording, looked at with its time map."""

    def __init__(self, folder, track, seconds):
        map_data = json.loads((folder / track["time_map"]).read_text(encoding="utf-8"))
        self.quarters = numpy.array(map_data["quarters"])
        self.seconds = numpy.array(map_data["seconds"])
        self.spectrum = spectrum(render.decode(folder / track["file"]).mean(axis=1))
        score = perform.opening(musicxml.read(make.corpus_folder() / track["score"]), track["bpm"], seconds)
        onsets = numpy.unique(numpy.round([note.onset for note in score.notes], 4))
        self.shift = onset_shift(self.spectrum, self.at(onsets))

    def at(self, quarters):
        return numpy.interp(quarters, self.quarters, self.seconds)

    def pitch_classes(self, quarter, length):
        """What sounds during each half quarter note of a stretch of the score: one vector of length 1."""
        edges = (self.at(numpy.arange(quarter, quarter + length + 0.25, 0.5)) * render.RATE / HOP).astype(int)
        slices = [self.spectrum[a : max(b, a + 1)].mean(axis=0) for a, b in zip(edges, edges[1:])]
        chroma = CHROMA @ numpy.sqrt(numpy.array(slices)).T
        chroma = chroma - chroma.mean(axis=0)
        return chroma.ravel() / max(numpy.linalg.norm(chroma), 1e-9)


def spectrum(sound):
    """Power spectra, frames x bins, a frame every 10 ms centred on its time."""
    padded = numpy.pad(sound.astype(numpy.float32) / 32768, FRAME // 2)
    frames = numpy.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    window = numpy.hanning(FRAME).astype(numpy.float32)
    parts = [numpy.abs(numpy.fft.rfft(frames[i : i + 500] * window)[:, :512]) ** 2 for i in range(0, len(frames), 500)]
    return numpy.concatenate(parts).astype(numpy.float32)


def chroma_matrix():
    """Which bins belong to which pitch class, 12 x 512; bins under 120 Hz are too wide to tell."""
    frequencies = numpy.arange(512) * render.RATE / FRAME
    matrix = numpy.zeros((12, 512), numpy.float32)
    for i, frequency in enumerate(frequencies):
        if 120 < frequency < 3000:
            matrix[round(12 * numpy.log2(frequency / 440) + 69) % 12, i] = 1
    return matrix


CHROMA = chroma_matrix()


def onset_shift(power, times):
    """By how many seconds all onsets together seem late: where the summed rise of the spectrum is largest."""
    level = numpy.log1p(1e4 * power)
    flux = numpy.maximum(numpy.diff(level, axis=0, prepend=level[:1]), 0).sum(axis=1)
    flux -= numpy.convolve(flux, numpy.ones(101) / 101, mode="same")
    shifts = numpy.arange(-30, 31)
    frames = numpy.round(times * render.RATE / HOP).astype(int)
    sums = [flux[numpy.clip(frames + s, 0, len(flux) - 1)].mean() for s in shifts]
    return float(shifts[int(numpy.argmax(sums))]) * HOP / render.RATE


def check_passages(tracks, sounds, problems, stretch=4.0):
    """For pairs of performances of a movement: (stretches of the score, how many match best at their own place)."""
    by_movement = {}
    for track in tracks:
        if track["recording"] in sounds:
            by_movement.setdefault(track["score"], []).append(track["recording"])
    places = right = 0
    for recordings in by_movement.values():
        for a, b in itertools.combinations(recordings, 2):
            starts = numpy.arange(0, sounds[a].quarters[-1] - stretch, stretch)
            left, other = ([sounds[r].pitch_classes(q, stretch) for q in starts] for r in (a, b))
            likeness = numpy.array(left) @ numpy.array(other).T
            own = numpy.diag(likeness)
            places, right = places + len(own), right + int((own >= likeness.max(axis=1) - 0.05).sum())
            if own.mean() < likeness.mean() + LEAD:
                problems.append(f"{a} and {b} do not agree at the same places of the score: "
                                f"{own.mean():.2f} there, {likeness.mean():.2f} anywhere")
    return places, right
