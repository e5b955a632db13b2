"""Sound: plays a MIDI file with FluidSynth, writes recordings with ffmpeg and tags with mutagen."""

import hashlib
import pathlib
import subprocess
import tempfile

import mutagen.flac
import mutagen.id3
import mutagen.mp4
import mutagen.oggopus
import mutagen.oggvorbis
import numpy

RATE = 44100
PEAK = 0.7  # of full scale, at dynamics 1
ENCODERS = {"flac": "flac", "mp3": "libmp3lame", "ogg": "libvorbis", "opus": "libopus", "m4a": "aac"}
ID3 = {
    "TITLE": mutagen.id3.TIT2, "ALBUM": mutagen.id3.TALB, "ARTIST": mutagen.id3.TPE1, "ALBUMARTIST": mutagen.id3.TPE2,
    "COMPOSER": mutagen.id3.TCOM, "DATE": mutagen.id3.TDRC, "TRACKNUMBER": mutagen.id3.TRCK, "GENRE": mutagen.id3.TCON,
}
MP4 = {
    "TITLE": "\xa9nam", "ALBUM": "\xa9alb", "ARTIST": "\xa9ART", "ALBUMARTIST": "aART", "COMPOSER": "\xa9wrt",
    "DATE": "\xa9day", "GENRE": "\xa9gen",
}


class Failed(Exception):
    """A program did not do its work; the text says which and what it said."""


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    if done.returncode != 0:
        raise Failed(f"{command[0]} failed: {done.stderr.decode(errors='replace').strip()[-400:]}")
    return done.stdout


def play(midi, soundfont, seconds, peak):
    """The sound of a MIDI file: int16, frames x 2, exactly `seconds` long, its loudest sample at `peak`."""
    with tempfile.TemporaryDirectory() as folder:
        score, sound = pathlib.Path(folder) / "score.mid", pathlib.Path(folder) / "sound.raw"
        score.write_bytes(midi)
        settings = {
            "synth.dynamic-sample-loading": 1, "synth.chorus.active": 0, "synth.polyphony": 256, "synth.cpu-cores": 1,
        }
        options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        run(["fluidsynth", "-n", "-i", "-q", "-F", str(sound), "-T", "raw", "-O", "float", "-r", str(RATE), *options,
             soundfont, str(score)])
        samples = numpy.fromfile(sound, "<f4").reshape(-1, 2)
    frames = round(seconds * RATE)
    if len(samples) < frames:
        samples = numpy.pad(samples, ((0, frames - len(samples)), (0, 0)))
    samples = samples[:frames]
    loudest = float(numpy.abs(samples).max())
    if loudest < 1e-4:
        raise Failed(f"{soundfont} plays nothing")
    return numpy.round(samples * (min(peak, 0.98) * 32767 / loudest)).astype("<i2")


def write(samples, path, rate=""):
    """Writes int16 frames x 2 as the file type of `path`, at a bit rate such as "128k" where the type has one."""
    kind = path.suffix[1:]
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.stem + ".part." + kind)
    bits = ["-b:a", rate] if rate else []
    run(["ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", str(RATE), "-ac", "2", "-i", "pipe:0", "-threads", "1",
         "-c:a", ENCODERS[kind], *bits, "-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1",
         str(part)], input=samples.tobytes())
    return part


def decode(path):
    """The sound of a file of any type: int16, frames x 2."""
    pcm = run(["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-ar", str(RATE), "-ac", "2", "pipe:1"])
    return numpy.frombuffer(pcm, "<i2").reshape(-1, 2)


def tag(path, fields):
    """Writes the fields, those only that the file type's usual tags have."""
    kind = path.suffix[1:]
    if kind == "mp3":
        tags = mutagen.id3.ID3()
        for name, value in fields.items():
            if name in ID3:
                tags.add(ID3[name](encoding=3, text=value))
        tags.save(path)
        return
    if kind == "m4a":
        file = mutagen.mp4.MP4(path)
        for name, value in fields.items():
            if name in MP4:
                file[MP4[name]] = value
        file["trkn"] = [(int(fields["TRACKNUMBER"]), 0)]
        file.save()
        return
    types = {"flac": mutagen.flac.FLAC, "ogg": mutagen.oggvorbis.OggVorbis, "opus": mutagen.oggopus.OggOpus}
    file = types[kind](path)
    for name, value in fields.items():
        if value:
            file[name] = value
    file.save()


def sha256(data):
    return hashlib.sha256(data).hexdigest()
