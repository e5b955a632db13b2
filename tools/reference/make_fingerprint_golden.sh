#!/bin/sh
# Makes src/audio/test/golden/melody.mp3, fourteen seconds of a synthetic melody over a bass, and
# melody.fingerprint, what fpcalc hears in it: one item a line. Made once with Debian 12's ffmpeg
# 5.1.9 and fpcalc 1.5.1 (libchromaprint-tools).
# Usage: tools/reference/make_fingerprint_golden.sh
set -eu
cd "$(dirname "$0")/../../src/audio/test/golden"

# Steps of a scale chosen by multiplying modulo a prime; each note fades.
melody='262*pow(2,mod(7*floor(3*t)*floor(3*t)+5*floor(3*t),17)/12)'
bass='131*pow(2,mod(11*floor(t)*floor(t)+3*floor(t),11)/12)'
ffmpeg -nostdin -v error -y -f lavfi \
  -i "aevalsrc=exprs=0.4*exp(-2*mod(3*t\,3)/3)*sin(2*PI*t*$(printf %s "$melody" | sed 's/,/\\,/g'))+0.3*sin(2*PI*t*$(printf %s "$bass" | sed 's/,/\\,/g')):s=22050:d=14" \
  -map_metadata -1 -fflags +bitexact -flags:a +bitexact -c:a libmp3lame -b:a 24k melody.mp3
fpcalc -raw -plain -length 120 melody.mp3 | tr ',' '\n' > melody.fingerprint
