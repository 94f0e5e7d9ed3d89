# ruff: noqa: E501  patterns read better unbroken
"""Text as it is compared with phrases: folded, in tokens, in sentences."""

from __future__ import annotations

import re
import unicodedata

_SHAPES = str.maketrans({
    "ı": "i", "İ": "i", "’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "\u00a0": " ", "\u202f": " ", "ß": "ss", "ς": "σ", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "¿": " ", "¡": " ", "\u200b": "", "\ufeff": "",
})  # fmt: skip
_TOKEN = re.compile(r"(?<![\w.,:])\d\d?:\d\d(?![\w:])|[\w'@%€$£₺+/.\-]+(?:(?<=\d),\d[\w'@%€$£₺+/.\-]*)*|[,;:?!()]")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\s)\"]+(?=[^\s])|\n+|[\s,]+(?=¿)")
# what a point behind it does not end: before a name whatever follows, else where a small letter or a digit follows
_TITLE = re.compile(
    r"\b(?:dr|mr|mrs|ms|st|sig|dott|hr|prof|ing|mw|dhr|sra?|srta|exm[ao]|mme|mlle|sn|dn|vs|ns|spett|spett\.le|gent|gent\.ma|gent\.mo|preg|preg\.mo|egr|ill|ill\.mo|ill\.ma|dott\.ssa|sig\.ra|rag|geom|avv|arch|prot|lt|bzw|ggf|evtl|inkl|incl|exkl|zzgl|abzgl|gem|bspw|bzgl|[^\W\d_])\.$",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(
    r"\b(?:nr?|no|nº|n°|num|núm|fatt|fact|fra|fac|art|inv|ref|rif|réf|ft|ss|cia|ca|es|ecc|vb|tel|dt|dtd|vide|jl|ll|aanst|blz|vnl|mrt|sem|env|max|chq|vir|resp|cf|all|pag|cap|gg|c\.a|c\.m|u\.s|p\.v|p\.ej|evt|vorauss|usw|rg|rechn|re|std|stk|mwst|ust|betr|spät|uiterl|aprox|nolu|fr|mo|di|mi|do|sa|so|mon|tue|wed|thu|fri"
    r"|jan|janv|ene|gen|feb|febr|fev|févr|mar|mrz|apr|abr|avr|may|mai|mag|jun|giu|jul|juil|lug|aug|ago|set|sept?|oct|okt|ott|out|nov|dec|dic|dez|déc|dez|jän)\.$",
    re.IGNORECASE,
)
_ASKED = re.compile(r"(?:[?!] )*\?(?: [?!])*$")  # "?!" asks, too
_SMALL = re.compile(r"[a-zà-öø-ÿ0-9]")
# not the number of "dia 3." or of "12/03."
_ORDINAL = re.compile(r"(?:^|[^\d/,:])(?<!\b[Dd]ia )(?<!\b[Dd]ía )(?<!\b[eiaEIA]l )(?<!\b[Ll]e )\d{1,2}\.$")
# "am 15. Januar": what may follow an ordinal with a capital letter, as German writes its months and weeks
_COUNTED = re.compile(
    r"jan|jän|jaen|feb|mär|maer|mrz|apr|mai|jun|jul|aug|sep|okt|nov|dez|kw\b|kalenderw|werkt|bankt|eur\b|chf\b|€",
    re.IGNORECASE,
)
_MOST_LETTERS = 4000  # that are remembered: all that Europe writes with, and some
_MOST_SENTENCES = 200
_LONGEST_PIECE = 1200  # characters
_HARD_WRAP = 50  # characters of a line that a program has broken
_LONGEST_SENTENCE = 600  # characters to which abbreviations may join it
MOST_TEXT = 6000  # characters of new words in which a meaning is looked for


class _Folds(dict[int, str]):
    """Each letter folded by itself, when it is first met."""

    def __missing__(self, letter: int) -> str:
        shaped = chr(letter).translate(_SHAPES)
        plain = "".join(c for c in unicodedata.normalize("NFKD", shaped) if not unicodedata.combining(c))
        folded = plain.lower().translate(_SHAPES)
        if len(self) < _MOST_LETTERS:
            self[letter] = folded
        return folded


_FOLDS = _Folds()


def fold(text: str) -> str:
    """Lower case, without accents, one kind of quote and dash; length may change."""
    return fold_ascii(text) if text.isascii() else text.translate(_FOLDS)


def fold_ascii(text: str) -> str:
    """`fold` of text without accents, or of the parts of a text that have none."""
    return text.lower().replace("`", "'")


def normal(text: str) -> str:
    """Folded text as tokens with one space between them; punctuation stands alone, a trailing dot is dropped."""
    return " ".join(token.rstrip(".'-/") or token[:1] for token in _TOKEN.findall(fold(text)))


def sentences(text: str) -> list[str]:
    """The sentences of a short text, each `normal`.  Hard-wrapped lines are joined first."""
    joined: list[str] = []
    for line in text[:MOST_TEXT].split("\n"):
        stripped = line.strip()
        if joined and stripped and joined[-1] and _wrapped(joined[-1], stripped):
            joined[-1] += " " + stripped
        else:
            joined.append(stripped)
    pieces: list[str] = []
    for piece in _SENTENCE_END.split("\n".join(joined)):
        if pieces and len(pieces[-1]) < _LONGEST_SENTENCE and _goes_on(pieces[-1], piece):
            pieces[-1] += " " + piece
        else:
            pieces.append(piece)
    return [said for piece in pieces for part in _parts(piece) if (said := _ASKED.sub("?", normal(part)))][
        :_MOST_SENTENCES
    ]


def _wrapped(before: str, line: str) -> bool:
    """Whether a line only goes on what the one before began: a long one, or a short one that nothing ended."""
    if before[-1] in ".!?:;":
        return False
    return len(before.rpartition("\n")[2]) > _HARD_WRAP or _SMALL.match(line) is not None


def _parts(piece: str) -> list[str]:
    """A sentence in pieces of a bounded length: what is looked for in each costs its length, several times."""
    if len(piece) <= _LONGEST_PIECE:
        return [piece]
    return [piece[at : at + _LONGEST_PIECE] for at in range(0, len(piece), _LONGEST_PIECE)]


def _goes_on(before: str, piece: str) -> bool:
    """Whether the point that ends `before` ended no sentence: "fatt. n. 12", "Dr. Neri", "15. Januar"."""
    if not before.endswith("."):
        return False
    tail = before[-12:]
    if _TITLE.search(tail) is not None:
        return True
    small = _SMALL.match(piece) is not None
    if small and _ABBREVIATION.search(tail) is not None:
        return True
    return (small or _COUNTED.match(piece) is not None) and _ORDINAL.search(tail) is not None
