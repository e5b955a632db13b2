#!/usr/bin/env bash
# Makes ONNX files of the official models whose checkpoints are there, and says what is missing.
#
#   models/export/all.sh                     all models, fetched from the model hub
#   models/export/all.sh mert-95m musicfm    these only
#
#   --checkpoints DIR   where checkpoints are kept, one folder a model (build/checkpoints)
#   --out DIR           where ONNX files and manifests go (build/models)
#   --offline           take only checkpoints that are in DIR
#   --accept-licences   the licences are accepted; they are not shown
#
# Makes build/export-venv with pinned versions the first time (Python 3.11).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
case "${1:-}" in -h | --help) sed -n '2,12s/^# \{0,1\}//p' "$here/all.sh"; exit 0 ;; esac

venv=$here/../../build/export-venv
wanted=$here/requirements.txt
if ! cmp -s "$wanted" "$venv/made-from.txt"; then
  rm -rf "$venv"
  mkdir -p "$(dirname "$venv")"
  if /usr/bin/python3 -c 'import torch, torchaudio, sys
sys.exit(not torch.__version__.startswith("1.13."))' 2>/dev/null; then
    echo "Making $venv around this system's PyTorch 1.13"
    /usr/bin/python3 -m venv --system-site-packages "$venv"
    grep -v '^torch' "$wanted" >"$venv/rest.txt"
  else
    command -v python3.11 >/dev/null || {
      echo "models/export/all.sh needs Python 3.11, for which its versions are pinned" >&2
      exit 1
    }
    echo "Making $venv; PyTorch brings libraries for GPUs, 2 GB in all"
    echo "(on Debian 12, apt-get install python3-torch python3-torchaudio saves that)"
    python3.11 -m venv "$venv"
    cp "$wanted" "$venv/rest.txt"
  fi
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$venv/rest.txt"
  cp "$wanted" "$venv/made-from.txt"
fi
exec "$venv/bin/python" "$here/export.py" "$@"
