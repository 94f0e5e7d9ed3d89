"""The invoice data in a Factur-X or ZUGFeRD PDF.  A PDF without any is a picture, and pictures are not read."""

from __future__ import annotations

import io
import logging

from pypdf import Configuration, PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import EmbeddedFile, PdfObject, StreamObject

from daemon.adapters.import_xml import MOST_OCTETS, Unreadable

#: How the standards call the attachment: Factur-X 1.0 and ZUGFeRD 2.1, ZUGFeRD 2.0, XRechnung in one, ZUGFeRD 1.
_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "ZUGFeRD-invoice.xml")
_MOST_ATTACHMENTS = 200
#: Once packed makes a thousand of one octet, twice a million; run lengths and LZW, in which nobody packs data, take
#: thirty octets of memory for one.
_LIMITS = Configuration(
    stream_filters_maximum_length=1,
    zlib_maximum_output_length=MOST_OCTETS,
    run_length_maximum_output_length=1_000_000,
    lzw_maximum_output_length=1_000_000,
)
_MOST_OBJECTS = 2_000_000  # octets of object streams (ISO 32000-1 section 7.5.7); read, each takes forty of memory


class NoData(Unreadable):
    """A PDF for people only."""


class _Bounded(PdfReader):
    """pypdf limits each stream, makes objects of all that is in an object stream, and keeps them: here all together."""

    _octets = 0

    def cache_indirect_object(self, generation: int, idnum: int, obj: PdfObject | None) -> PdfObject | None:
        if isinstance(obj, StreamObject) and "/First" in obj:  # an object stream has to state it
            self._octets += len(obj.get_data())
            if self._octets > _MOST_OBJECTS:
                raise LimitReachedError(f"more than {_MOST_OBJECTS} octets of objects")
        return super().cache_indirect_object(generation, idnum, obj)


def is_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:1024]


def data_of(content: bytes) -> bytes:
    """The XML that lies in a PDF.

    What is packed in one is unpacked up to 20 MB a stream, and refused where it is packed more than once.

    Raises:
        NoData: there is none.
        Unreadable: the PDF is damaged, encrypted or too large.
    """
    if len(content) > MOST_OCTETS:
        raise Unreadable(f"larger than {MOST_OCTETS // 1024 // 1024} MB: no invoice is")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every odd octet
    try:
        with apply_configuration(_LIMITS):
            data = _attached(_Bounded(io.BytesIO(content), strict=False))
    except Unreadable:
        raise
    except LimitReachedError as error:
        most = f"{MOST_OCTETS // 1024 // 1024} MB"
        said = f"what is packed in this PDF is larger than {most}, or packed more than once ({str(error)[:80]})"
        raise Unreadable(said) from None
    except Exception as error:  # a reader of hostile PDFs raises whatever it likes; nothing was done by then
        raise Unreadable(f"this PDF cannot be read ({type(error).__name__}: {str(error)[:80]})") from None
    if data is None:
        raise NoData("a PDF without invoice data in it (Factur-X, ZUGFeRD): what is only printed is not read")
    return data


def _attached(reader: PdfReader) -> bytes | None:
    if reader.is_encrypted:
        raise Unreadable("this PDF is encrypted: save it without a password")
    found: dict[str, EmbeddedFile] = {}
    for count, one in enumerate(reader.attachment_list):
        if count >= _MOST_ATTACHMENTS:
            raise Unreadable(f"this PDF has more than {_MOST_ATTACHMENTS} attachments")
        for name in (one.name, one.alternative_name):
            if name:
                found.setdefault(name, one)
    for name in _NAMES:
        if name in found:
            return bytes(found[name].content)
    alone = [name for name in found if name.lower().endswith(".xml")]
    return bytes(found[alone[0]].content) if len(alone) == 1 else None
