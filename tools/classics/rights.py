"""What a score file itself says about its licence, and whether that lets us render it.

Classes, from the file's own words (rights, credits, notes, headers: all of its text is read):
  granted   it gives a licence or says that it is in the public domain
  silent    it says nothing; then the licence text of the corpus holds (the one whose sha256 is below: who
            reads another text must first look at it)
  refused   it reserves rights, names a publisher's edition, comes from another site whose terms it does not
            give, or lies in a folder with a licence of its own
"""

import hashlib
import pathlib
import re
import zipfile
from dataclasses import dataclass
from xml.etree import ElementTree

# The corpus's license.txt: "distributed with the permission of the encoders"; restrictions, commercial ones too, stand
# in the single files or their folders.
CORPUS_LICENCE_SHA256 = "334fce4085e8ea9d0927ad437477e23367dbe2987030e6676760eebb6b0996db"

GRANTS = [
    (r"\bCC0\b", "CC0"),
    (r"CC[- ]BY[- ]SA(?: [\d.]+)?|CC[- ]SA[- ]BY", "CC BY-SA"),
    (r"CC[- ]BY\b(?![- ](?:SA|NC|ND))|Creative Commons License \(CC-BY\)", "CC BY"),
    (r"assigned to the public domain|released to public domain", "public domain"),
    (r"GNU General Public License", "GPL-2.0-or-later"),
]
RESERVES = re.compile(
    r"copyright|\(c\)\s*\d|©|℗|all rights|rights .*reserved|permission|non-?commercial|\bCC[- ]BY[- ]N[CD]|"
    r"edizioni|verlag|licensing agreement",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Rights:
    kind: str  # granted, silent or refused
    licence: str  # of the encoding: "CC BY-SA", ...; "" when it names none
    note: str  # the words that decided


def texts(path):
    """All human-readable text of a score file: element texts of MusicXML, whole lines of the others."""
    if path.suffix in (".mxl", ".xml", ".musicxml"):
        return [t.strip() for t in root(path).itertext() if t and re.search("[A-Za-z©]", t)]
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def root(path):
    """The MusicXML document of a file, packed or not."""
    data = path.read_bytes()
    if path.suffix == ".mxl":
        with zipfile.ZipFile(path) as packed:
            container = ElementTree.fromstring(packed.read("META-INF/container.xml"))
            name = next(e.get("full-path") for e in container.iter() if e.tag.endswith("rootfile"))
            data = packed.read(name)
    return ElementTree.fromstring(data)


def judge(lines, in_licensed_folder=False):
    """Decides from a file's text. A grant outweighs the © of the same note; a reservation without a grant refuses."""
    words = " | ".join(dict.fromkeys(" ".join(line.split()) for line in lines))
    if in_licensed_folder:
        return Rights("refused", "", "its folder has a licence of its own")
    for pattern, licence in GRANTS:
        if found := re.search(pattern, words, re.IGNORECASE):
            return Rights("granted", licence, around(words, found))
    if found := RESERVES.search(words):
        return Rights("refused", "", around(words, found))
    if found := ELSEWHERE.search(words):
        return Rights("refused", "", "taken from " + found.group(0))
    return Rights("silent", "", "no note; the corpus's license.txt holds")


def around(words, found):
    """The part between bars that holds the finding, cut to a line."""
    start = words.rfind(" | ", 0, found.start()) + 3 if " | " in words[: found.start()] else 0
    end = words.find(" | ", found.end())
    part = words[start : end if end >= 0 else None].strip()
    return part if len(part) <= 100 else part[:97] + "..."


def read(corpus, name):
    """The rights of corpus/name. Throws OSError when it is not there."""
    path = corpus / name
    inner = [folder for folder in path.parents if corpus in folder.parents]
    found = judge(texts(path), any((folder / "license.txt").exists() for folder in inner))
    if found.kind == "silent" and not corpus_licence_known(corpus):
        return Rights("refused", "", "no note, and the corpus's license.txt is not the one that was read")
    return found


def corpus_licence_known(corpus):
    file = corpus / "license.txt"
    return file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() == CORPUS_LICENCE_SHA256


def scores(corpus):
    """Names of all score files of the corpus, sorted."""
    kinds = {".mxl", ".xml", ".musicxml", ".krn", ".abc"}
    return sorted(str(p.relative_to(corpus)) for p in pathlib.Path(corpus).rglob("*") if p.suffix in kinds)
