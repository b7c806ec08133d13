"""How an answer in prose says that it cannot tell, in eight languages."""

from __future__ import annotations

import re
from typing import Final

_SEEN: Final = (
    "stated|mentioned|given|specified|provided|shown|included|available|present|found|legible|readable|visible|clear|"
    "contained|indicated|listed|known|possible|recorded|described|discussed|answerable"
)
_SAY: Final = (
    "say|state|mention|contain|include|specif\\w+|provide|show|know|give|indicate|appear|have|list|see|find|tell"
)

_ENGLISH: Final = (
    rf"\b(?:can ?not|can't|could(?:n't| not)|unable to|not able to|impossible to)\b"
    rf"|\b(?:do|does|did)(?:n't| not) (?:seem to |appear to |actually |explicitly |clearly )?(?:{_SAY})\b"
    rf"|\b(?:not|isn't|aren't|wasn't|weren't) (?:\w+ly )?(?:{_SEEN}|in the|enough|there)\b"
    r"|\bno (?:\w+ )?(?:information|mention|data|answer|indication|details?|evidence|reference|text|content|question|"
    r"document)\b|\bthere (?:is|are|was|were|'s) (?:no|nothing|not)\b|\bnothing (?:in|about|to|is|was)\b"
    r"|\b(?:unknown|unclear|unreadable|illegible|insufficient|indeterminate|unanswerable|garbled|corrupt(?:ed)?|blank|"
    r"empty|missing|hidden|obscured|covered|redacted|cut off|incomplete|sorry|apologi[sz]e|please (?:provide|upload|"
    r"share|attach|send|ask|specify))\b|\bn/a\b"
)
_GERMAN: Final = (
    r"\b(?:kann|können|konnte|lässt sich|lassen sich)\b[^.!?]{0,80}\bnicht\b|\bnicht (?:\w+ )?(?:angegeben|genannt|"
    r"erwähnt|enthalten|lesbar|erkennbar|ersichtlich|bekannt|vorhanden|möglich|hervor|zu entnehmen|verfügbar)\b"
    r"|\bkeine? (?:\w+ )?(?:angaben?|informationen?|hinweise?|antwort|daten)\b|\bleider\b|\bunleserlich\b|\bunbekannt\b"
    r"|\bunklar\b|\bfehlt\b|\bgeht nicht\b|\bnicht beantworten\b"
)
_FRENCH: Final = (
    r"\b(?:ne|n')\s?\w+ (?:pas|aucune?|rien)\b|\bpas (?:indiqué|mentionné|précisé|lisible|disponible|possible)\w*\b"
    r"|\baucune (?:information|mention|réponse|donnée|indication)\b|\bimpossible de\b|\billisible\b|\binconnue?\b"
    r"|\bdésolée?\b"
)
_SPANISH: Final = (
    r"\bno (?:se |lo |la |puedo |es |está |hay |aparece |consta |contiene |menciona |indica |dice |sé)\w*|\bilegible\b"
    r"|\bdesconocid[oa]\b|\blo siento\b|\bninguna (?:información|mención|respuesta)\b"
)
_ITALIAN: Final = (
    r"\bnon (?:è|è possibile|posso|si|risulta|contiene|riporta|indica|viene|ci sono|c'è|so)\b|\billeggibile\b"
    r"|\bsconosciut[oa]\b|\bmi dispiace\b|\bnessuna (?:informazione|indicazione|risposta)\b"
)
_DUTCH: Final = (
    r"\b(?:kan|kunnen|kon)\b[^.!?]{0,80}\bniet\b|\bniet (?:vermeld|genoemd|leesbaar|bekend|aanwezig|beschikbaar|"
    r"duidelijk|mogelijk|te lezen)\b|\bgeen (?:informatie|vermelding|antwoord|gegevens)\b|\bonleesbaar\b|\bonbekend\b"
    r"|\bhelaas\b"
)
_PORTUGUESE: Final = (
    r"\bnão (?:é|posso|consta|há|está|se|foi|contém|menciona|indica|diz|sei|consigo)\b|\bilegível\b"
    r"|\bdesconhecid[oa]\b|\blamento\b|\bnenhuma (?:informação|menção|resposta)\b"
)
_POLISH: Final = (
    r"\bnie (?:można|mogę|ma|jest|wiem|podano|zawiera|wspomina|wynika|widać|da się)\b|\bbrak(?:uje)?\b"
    r"|\bnieczyteln\w+\b|\bnieznan\w+\b|\bniestety\b|\bprzepraszam\b"
)
PHRASES: Final = re.compile(
    "|".join((_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _DUTCH, _PORTUGUESE, _POLISH)), re.IGNORECASE
)
"""What is in an answer that says that it cannot tell. Every part of it looks at a stretch of bounded length."""
