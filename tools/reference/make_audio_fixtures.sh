#!/bin/sh
# Makes the small recordings of src/audio/test/golden: two seconds of synthetic sound in every
# container and codec that Attacca hears. Made once with Debian 12's ffmpeg 5.1.9, flac 1.4.2 and opus-tools 0.2;
# another version may give other bytes, and then the golden hashes in the tests change too.
# Usage: tools/reference/make_audio_fixtures.sh
set -eu
cd "$(dirname "$0")/../../src/audio/test/golden"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

exact="-map_metadata -1 -fflags +bitexact -flags:a +bitexact -flags:v +bitexact"
run() { ffmpeg -nostdin -v error -y "$@"; }

# Left a sum of three partials that fades, right a fifth above it: tonal, so that it packs well.
sound() {
  run -f lavfi -i "aevalsrc=exprs=0.5*exp(-t)*sin(2*PI*262*t)+0.2*sin(2*PI*524*t)|0.4*sin(2*PI*393*t)*exp(-t/2):s=$1:d=$2" \
    -c:a pcm_s16le "$3"
}
sound 44100 2 "$work/cd.wav"
sound 48000 2 "$work/48k.wav"
sound 22050 2 "$work/22k.wav"
sound 8000 1 "$work/8k.wav"
sound 48000 0.6 "$work/short48k.wav"

run -i "$work/cd.wav" $exact -c:a libmp3lame -b:a 64k tone.mp3
run -i "$work/cd.wav" $exact -c:a libmp3lame -q:a 7 vbr.mp3
run -i "$work/22k.wav" $exact -c:a libmp3lame -b:a 32k low.mp3
run -i "$work/cd.wav" $exact -c:a libvorbis -q:a 0 tone.ogg
run -i "$work/48k.wav" $exact -c:a aac -b:a 64k tone.m4a
run -i "$work/cd.wav" $exact -c:a aac -b:a 64k tone.aac
run -i "$work/8k.wav" $exact -c:a alac alac.m4a
flac --silent --force --ogg --serial-number=1 --no-padding -o flac.oga "$work/8k.wav"
run -i "$work/short48k.wav" $exact -c:a flac -frame_size 1152 tone.flac
run -i "$work/8k.wav" $exact -ac 1 -c:a pcm_s16le tone.wav
run -i "$work/8k.wav" $exact -ac 1 -c:a pcm_s24le tone.w64
run -i "$work/8k.wav" $exact -ac 1 -c:a pcm_s16be tone.aiff
run -i "$work/8k.wav" $exact -ac 1 -c:a pcm_s16be tone.caf
opusenc --quiet --serial 1 --discard-comments --bitrate 48 "$work/48k.wav" tone.opus

picture="-f lavfi -i testsrc=size=64x48:rate=5:duration=2"
run $picture -i "$work/48k.wav" $exact -c:v libx264 -threads 1 -c:a aac -b:a 48k video.mp4
run $picture $exact -c:v libx264 -threads 1 no-sound.mp4
run $picture -i "$work/48k.wav" $exact -c:v libvpx -threads 1 -c:a libopus -b:a 48k video.webm
run $picture -i "$work/cd.wav" $exact -c:v mpeg4 -c:a libmp3lame -b:a 48k video.avi
run -f lavfi -i testsrc=size=64x48:rate=25:duration=2 -i "$work/48k.wav" $exact \
  -c:v mpeg1video -b:v 5k -c:a mp2 -b:a 48k video.mpg
run $picture -i "$work/48k.wav" $exact -c:v libx264 -threads 1 -c:a aac -b:a 48k video.ts
run $picture -i "$work/cd.wav" $exact -c:v flv1 -c:a libmp3lame -b:a 48k video.flv
