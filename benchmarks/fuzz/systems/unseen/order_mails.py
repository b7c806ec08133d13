# As its author left it: what is measured is not touched.
# ruff: noqa: D101, E501, E731, FURB167, ICN001, N818, SIM105, SIM905, UP031
"""Reads the order number from the subject and the sender, quantity and delivery date from the rest of a mail.

The bug: the white space between two encoded words of the Subject is kept, so a number that a mailer split there is cut short.
"""

import base64
import binascii
import datetime
import email
import email.policy
import email.utils
import html
import quopri
import re
import unicodedata
from decimal import Decimal

KIND = "silent wrong"
FORMAT = "mail"
TRIGGER = "one position"
CATEGORIES = ("encoding", "format")
FIELDS = ["/order", "/sender", "/quantity", "/date"]


class Unreadable(Exception):
    pass


def decode(data):
    """Text of the bytes: byte-order marks, UTF-16/32, UTF-8, Windows-1252; one kind of line end, space, dash, digit."""
    head = data[:400]
    if data[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        text = data.decode("utf-32", "replace")
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    elif head.count(0) * 3 > len(head) > 8:
        text = data.decode("utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("utf-8", "replace")
            if not any(ord(c) > 127 and c != "\ufffd" for c in text):
                text = data.decode("cp1252", "replace")
    if re.search("[\u00c2\u00c3\u00e2]", text):  # UTF-8 that was read as Windows-1252 on its way
        try:
            text = text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            pass
    text = re.sub("\r\n?|[\u2028\u2029\x85\x0b\x0c]", "\n", text)
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", text))
    text = re.sub("[\u2010-\u2015\u2212]", "-", re.sub("[\u2018\u2019\u02bc`\u00b4]", "'", text))
    return re.sub("[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]", "", text)


def number(s):
    """A Decimal from any usual notation of a number, or None where it could mean two things."""
    s = re.sub(r"(?i)EUR|USD|CHF|GBP|[\u20ac$\u00a3]", "", s).strip().replace("'", " ")
    m = re.fullmatch(r"([-+(]?)\s*(\d[\d., ]*?)([.,]-{1,2})?\s*([-)]?)", s)
    if not m or (m[1] == "(") != (m[4] == ")") or (m[1] in ("-", "+") and m[4]):
        return None
    body = m[2]
    g = re.fullmatch(r"(\d{1,3}([., ])\d{3}(?:\2\d{3})*)(?:([.,])(\d+))?", body)
    if re.fullmatch(r"\d+", body):
        value = body
    elif g and g[1][0] != "0":
        if g[3] == g[2] or (not g[3] and g[2] != " " and g[1].count(g[2]) == 1):
            return None  # 1.234: a thousand or one and a bit?
        value = re.sub(r"\D", "", g[1]) + "." + (g[4] or "0")
    elif re.fullmatch(r"\d+[.,]\d+", body):
        value = body.replace(",", ".")
    else:
        return None
    return -Decimal(value) if m[1] in ("-", "(") or m[4] == "-" else Decimal(value)


MONTHS = (
    "january januar janvier enero gennaio januari jan|february februar fevrier febrero febbraio februari feb|"
    "march marz mars marzo maart mar maerz|april avril abril aprile apr|may mai mayo maggio mei|"
    "june juni juin junio giugno jun|july juli juillet julio luglio jul|august aout agosto augustus aug|"
    "september septembre septiembre settembre sep sept|october oktober octobre octubre ottobre oct okt|"
    "november novembre noviembre nov|december dezember decembre diciembre dicembre dec dez"
).split("|")


def date(s):
    """yyyy-mm-dd from any usual notation of a date, or None where it could mean two days."""
    s = unicodedata.normalize("NFD", s.lower())
    s = "".join(c for c in s if not unicodedata.combining(c)).strip()
    s = re.sub(r"(?:[t,]\s*|\s+)\d{1,2}:\d\d.*$", "", s).strip()
    s = re.sub(r"^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]*[.,]*\s+", "", s)
    month = lambda w: next((i + 1 for i, names in enumerate(MONTHS) if w in names.split()), 0)
    y = mo = d = 0
    if m := re.fullmatch(r"(\d{4})([-/. ]?)(\d\d?)\2(\d\d?)", s):
        if not m[2] and len(s) != 8:
            return None
        y, mo, d = int(m[1]), int(m[3]), int(m[4])
    elif m := re.fullmatch(r"(\d\d?)\s*([-/.])\s*(\d\d?)\s*\2\s*(\d{4}|\d\d)", s):
        d, mo, y = int(m[1]), int(m[3]), int(m[4])
        if m[2] != ".":
            if len(m[4]) == 2 or (d <= 12 and mo <= 12 and d != mo):
                return None  # 03/04/2026: March or April?
            if mo > 12:
                d, mo = mo, d
    elif m := re.fullmatch(r"(\d\d?)(?:\.|st|nd|rd|th)?[-\s]*([a-z]+)\.?[-,\s]*(\d{4})", s):
        d, mo, y = int(m[1]), month(m[2]), int(m[3])
    elif m := re.fullmatch(r"([a-z]+)\.?\s*(\d\d?)(?:st|nd|rd|th)?[\s,]+(\d{4})", s):
        d, mo, y = int(m[2]), month(m[1]), int(m[3])
    y += 2000 if y < 100 else 0
    try:
        return datetime.date(y, mo, d).isoformat() if 2000 <= y < 2100 else None
    except ValueError:
        return None


WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
QUANTITY = r"quantity|qty|menge|anzahl|quantite|pieces"
DELIVERY = r"delivery date|delivery|deliver by|liefertermin|lieferdatum|livraison"


def _charset(data, name):
    """Text of the bytes in the charset they are said to be in, if there is one of that name and it fits."""
    name = re.sub(r"\*.*", "", str(name or "")).strip("\"' ").lower()
    try:
        return (
            decode(data.decode(name).encode())
            if name not in ("", "unknown-8bit", "us-ascii", "utf-8")
            else decode(data)
        )
    except (LookupError, UnicodeError, ValueError):
        return decode(data)


def _word(m):
    try:
        data = (
            base64.b64decode(m[3].encode() + b"=" * (-len(m[3]) % 4))
            if m[2] in "bB"
            else quopri.decodestring(m[3].replace("_", "=20").encode())
        )
    except (binascii.Error, ValueError):
        return m[0]
    return _charset(data, m[1])


def _header(message, name, between):
    values = message.get_all(name) or []
    if len(set(map(str, values))) != 1:
        return ""
    value = str(values[0]).encode("utf-8", "surrogateescape")
    value = re.sub(r"[\r\n]+[ \t]*", " ", decode(value)).strip()
    return " ".join(WORD.sub(_word, between(value)).split())


def _body(message):
    """The text of the first readable part, plain before HTML, without quoted or older mail."""
    parts = [
        p
        for p in message.walk()
        if not p.is_multipart() and "attachment" not in str(p.get("Content-Disposition", "")).lower()
    ]
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() != kind:
                continue
            text = _charset(part.get_payload(decode=True) or b"", part.get_param("charset"))
            if kind == "text/html":
                text = re.sub(r"(?is)<(style|script|blockquote)\b.*?</\1\s*>|<!--.*?-->", "", text)
                text = re.sub(r"(?i)<br\s*/?>|</(?:p|div|tr|li|h\d)\s*>", "\n", re.sub(r"\s+", " ", text))
                text = decode(html.unescape(re.sub(r"<[^>]*>", " ", text)).encode("utf-8", "replace"))
            text = re.split(
                r"(?m)^\s*(?:-{2,}\s*(?:Original|Urspr|Forwarded|Message)|On .{4,80} wrote:|Am .{4,80} schrieb)", text
            )[0]
            lines = [" ".join(line.split()) for line in text.split("\n") if not line.lstrip().startswith(">")]
            if any(lines):
                return "\n".join(lines)
    return ""


def _one(text, labels):
    values = set(re.findall(r"(?im)^(?:%s)\s*:\s*(.+?)\.?$" % labels, unicodedata.normalize("NFC", text)))
    return values.pop() if len(values) == 1 else ""


def _read(data, between):
    data = re.sub(rb"^(?:\xef\xbb\xbf|\s)+|^From [^\n]*\n", b"", data)
    message = email.message_from_bytes(re.sub(rb"\r+\n|\r(?!\n)", b"\n", data), policy=email.policy.compat32)
    inner = [p for p in message.walk() if p.get_content_type() == "message/rfc822" and p.is_multipart()]
    if len(inner) == 1:  # forwarded as a whole: the order is the mail inside
        message = inner[0].get_payload(0)
    if not message.keys():
        raise Unreadable("no mail: no headers")
    answer = {}
    numbers = set(re.findall(r"(?<![\w./-])\d{4,8}(?![\w/-]|[.,;:]\d)", _header(message, "Subject", between)))
    if len(numbers) == 1:
        answer["order"] = numbers.pop()
    address = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    if m := re.fullmatch(
        r"(?:[^<>@]*<\s*)?(%s)(?:\s*>)?(?:\s*\([^()]*\))?" % address, _header(message, "From", between)
    ):
        answer["sender"] = m[1].lower()
    body = _body(message)
    m = re.fullmatch(
        r"(\d[\d.,' ]*?)\s*(?:pcs|pieces|stk|stuck|st\u00fcck|units|pi\u00e8ces|x)?\.?",
        _one(body, QUANTITY + "|quantit\u00e9"),
        re.I,
    )
    quantity = number(m[1]) if m else None
    if quantity is not None and quantity == int(quantity) > 0:
        answer["quantity"] = int(quantity)
    if day := date(_one(body, DELIVERY)):
        answer["date"] = day
    if not answer:
        raise Unreadable("no order in this mail")
    return answer


def planted(data):
    return _read(data, lambda value: value)


def sound(data):
    return _read(data, lambda value: re.sub(r"\?=\s+(?==\?[^?\s]+\?[bBqQ]\?)", "?=", value))  # RFC 2047, 6.2


def _doc(
    sender,
    subject,
    body,
    order,
    quantity,
    day,
    head="Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit",
):
    address = email.utils.parseaddr(sender)[1]
    text = (
        "From: %s\nTo: orders@brightwell.example\nSubject: %s\nDate: Mon, 02 Mar 2026 09:12:44 +0100\nMIME-Version: 1.0\n%s\n\n%s"
        % (sender, subject, head, body)
    )
    return text.encode(), {"order": order, "sender": address.lower(), "quantity": quantity, "date": day}


DOCUMENTS = {
    "order-1.eml": _doc(
        "Anna Lindqvist <anna@lindqvist.example>",
        "Order 471123 spare pump",
        "Hello,\n\nplease send us:\n\nQuantity: 12\nDelivery date: 2026-04-15\n\nKind regards\nAnna\n",
        "471123",
        12,
        "2026-04-15",
    ),
    "order-2.eml": _doc(
        "einkauf@mueller-fulltechnik.example",
        "=?utf-8?Q?Bestellung_8821094_f=C3=BCr_F=C3=BCllanlage?=",
        "Guten Tag,\n\nMenge: 350 St\u00fcck\nLiefertermin: 30.04.2026\n\nM\u00fcller F\u00fclltechnik\n",
        "8821094",
        350,
        "2026-04-30",
    ),
    "order-3.eml": _doc(
        '"Okafor, James" <j.okafor@harbour.example>',
        "Re: our order no. 50774, change of quantity",
        "Qty: 8 pcs\nDeliver by: 3 May 2026\n\nOn Fri, 27 Feb 2026 orders@brightwell.example wrote:\n> Quantity: 5\n> Delivery date: 2026-04-01\n",
        "50774",
        8,
        "2026-05-03",
    ),
    "order-4.eml": _doc(
        "achats@port.example",
        "=?iso-8859-1?Q?Commande_urgente_1200345_caf=E9?=",
        "Bonjour,\n\nQuantit=C3=A9: 1200 pi=C3=A8ces\nLivraison: 18 juin 2026\n\nMerci\n",
        "1200345",
        1200,
        "2026-06-18",
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
    ),
    "order-5.eml": _doc(
        "Garage Steiner <werkstatt@steiner.example>",
        "Bestellung Nr. 6041233",
        "--b1\nContent-Type: text/plain; charset=utf-8\n\nAnzahl: 2\nLieferdatum: 22.05.2026\n\n--b1\nContent-Type: text/html; charset=utf-8\n\n"
        "<p>Anzahl: 2</p><p>Lieferdatum: 22.05.2026</p>\n\n--b1--\n",
        "6041233",
        2,
        "2026-05-22",
        'Content-Type: multipart/alternative; boundary="b1"',
    ),
    "order-6.eml": _doc(
        "purchasing@northern-rail.example",
        "Purchase order 3301927 seat covers",
        "<html><body><p>Dear all,</p><p>Quantity: 64</p><p>Delivery date: July 1, 2026</p></body></html>\n",
        "3301927",
        64,
        "2026-07-01",
        "Content-Type: text/html; charset=utf-8",
    ),
}
TRIGGERED_BY = {
    "order-2.eml": DOCUMENTS["order-2.eml"][0].replace(
        b"=?utf-8?Q?Bestellung_8821094_f=C3=BCr_F=C3=BCllanlage?=",
        b"=?utf-8?Q?Bestellung_f=C3=BCr_die_neue_F=C3=BCllanlage=2C_Auftrag_88210?=\n =?utf-8?Q?94?=",
    )
}
