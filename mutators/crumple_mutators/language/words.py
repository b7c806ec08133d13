"""Words of forms and letters in several languages: labels, values, months, small words, greetings. Data only."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Final

LANGUAGES: Final = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv")

_LABELS: Final = """
Invoice|Rechnung|Facture|Factura|Fattura|Factuur|Fatura|Faktura|Räkning
Invoice number|Rechnungsnummer|Numéro de facture|Número de factura|Numero fattura|Factuurnummer|Número da fatura|Numer faktury|Fakturanummer
Invoice date|Rechnungsdatum|Date de facture|Fecha de factura|Data fattura|Factuurdatum|Data da fatura|Data faktury|Fakturadatum
Date|Datum|Date|Fecha|Data|Datum|Data|Data|Datum
Due date|Fälligkeitsdatum|Date d'échéance|Fecha de vencimiento|Scadenza|Vervaldatum|Data de vencimento|Termin płatności|Förfallodatum
Total|Gesamtbetrag|Montant total|Importe total|Totale|Totaalbedrag|Valor total|Razem|Totalt
Subtotal|Zwischensumme|Sous-total|Subtotal|Subtotale|Subtotaal|Subtotal|Suma częściowa|Delsumma
Amount|Betrag|Montant|Importe|Importo|Bedrag|Montante|Kwota|Belopp
Amount due|Zu zahlen|Montant dû|Importe a pagar|Importo dovuto|Te betalen|Montante a pagar|Do zapłaty|Att betala
VAT|MwSt.|TVA|IVA|IVA|Btw|IVA|VAT|Moms
Tax|Steuer|Taxe|Impuesto|Imposta|Belasting|Imposto|Podatek|Skatt
Net|Netto|Net|Neto|Netto|Netto|Líquido|Netto|Netto
Quantity|Menge|Quantité|Cantidad|Quantità|Aantal|Quantidade|Ilość|Antal
Description|Beschreibung|Désignation|Descripción|Descrizione|Omschrijving|Descrição|Opis|Beskrivning
Unit price|Einzelpreis|Prix unitaire|Precio unitario|Prezzo unitario|Stukprijs|Preço unitário|Cena jednostkowa|Styckpris
Price|Preis|Prix|Precio|Prezzo|Prijs|Preço|Cena|Pris
Item|Posten|Article|Artículo|Articolo|Artikel|Artigo|Pozycja|Artikel
Name|Name|Nom|Nombre|Nome|Naam|Nome|Nazwa|Namn
First name|Vorname|Prénom|Nombre de pila|Nome di battesimo|Voornaam|Nome próprio|Imię|Förnamn
Last name|Nachname|Nom de famille|Apellidos|Cognome|Achternaam|Apelido|Nazwisko|Efternamn
Address|Anschrift|Adresse|Dirección|Indirizzo|Adres|Endereço|Adres|Adress
Street|Straße|Rue|Calle|Via|Straat|Rua|Ulica|Gata
City|Ort|Ville|Ciudad|Città|Plaats|Cidade|Miasto|Ort
Country|Land|Pays|País|Paese|Land|País|Kraj|Land
Postcode|Postleitzahl|Code postal|Código postal|CAP|Postcode|Código postal|Kod pocztowy|Postnummer
Phone|Telefon|Téléphone|Teléfono|Telefono|Telefoon|Telefone|Telefon|Telefon
Customer|Kunde|Client|Cliente|Cliente|Klant|Cliente|Klient|Kund
Customer number|Kundennummer|Numéro client|Número de cliente|Codice cliente|Klantnummer|Número de cliente|Numer klienta|Kundnummer
Supplier|Lieferant|Fournisseur|Proveedor|Fornitore|Leverancier|Fornecedor|Dostawca|Leverantör
Seller|Verkäufer|Vendeur|Vendedor|Venditore|Verkoper|Vendedor|Sprzedawca|Säljare
Buyer|Käufer|Acheteur|Comprador|Acquirente|Koper|Comprador|Nabywca|Köpare
Bill to|Rechnung an|Facturer à|Facturar a|Fatturare a|Factureren aan|Faturar a|Nabywca faktury|Faktureras till
Order number|Bestellnummer|Numéro de commande|Número de pedido|Numero d'ordine|Bestelnummer|Número da encomenda|Numer zamówienia|Ordernummer
Delivery date|Lieferdatum|Date de livraison|Fecha de entrega|Data di consegna|Leverdatum|Data de entrega|Data dostawy|Leveransdatum
Date of birth|Geburtsdatum|Date de naissance|Fecha de nacimiento|Data di nascita|Geboortedatum|Data de nascimento|Data urodzenia|Födelsedatum
Signature|Unterschrift|Signature|Firma|Firma|Handtekening|Assinatura|Podpis|Underskrift
Payment terms|Zahlungsbedingungen|Conditions de paiement|Condiciones de pago|Condizioni di pagamento|Betalingsvoorwaarden|Condições de pagamento|Warunki płatności|Betalningsvillkor
Reference|Referenz|Référence|Referencia|Riferimento|Referentie|Referência|Nr ref.|Referens
Subject|Betreff|Objet|Asunto|Oggetto|Betreft|Assunto|Dotyczy|Ärende
Currency|Währung|Devise|Moneda|Valuta|Valuta|Moeda|Waluta|Valuta
Notes|Bemerkungen|Remarques|Observaciones|Note|Opmerkingen|Observações|Uwagi|Anmärkningar
"""  # noqa: E501 - a table, one row a line

_VALUES: Final = """
Germany|Deutschland|Allemagne|Alemania|Germania|Duitsland|Alemanha|Niemcy|Tyskland
France|Frankreich|France|Francia|Francia|Frankrijk|França|Francja|Frankrike
Spain|Spanien|Espagne|España|Spagna|Spanje|Espanha|Hiszpania|Spanien
Italy|Italien|Italie|Italia|Italia|Italië|Itália|Włochy|Italien
Netherlands|Niederlande|Pays-Bas|Países Bajos|Paesi Bassi|Nederland|Países Baixos|Holandia|Nederländerna
Poland|Polen|Pologne|Polonia|Polonia|Polen|Polónia|Polska|Polen
Sweden|Schweden|Suède|Suecia|Svezia|Zweden|Suécia|Szwecja|Sverige
Norway|Norwegen|Norvège|Noruega|Norvegia|Noorwegen|Noruega|Norwegia|Norge
Switzerland|Schweiz|Suisse|Suiza|Svizzera|Zwitserland|Suíça|Szwajcaria|Schweiz
Austria|Österreich|Autriche|Austria|Austria|Oostenrijk|Áustria|Austria|Österrike
United Kingdom|Vereinigtes Königreich|Royaume-Uni|Reino Unido|Regno Unito|Verenigd Koninkrijk|Reino Unido|Wielka Brytania|Storbritannien
United States|Vereinigte Staaten|États-Unis|Estados Unidos|Stati Uniti|Verenigde Staten|Estados Unidos|Stany Zjednoczone|USA
Munich|München|Munich|Múnich|Monaco di Baviera|München|Munique|Monachium|München
Vienna|Wien|Vienne|Viena|Vienna|Wenen|Viena|Wiedeń|Wien
Cologne|Köln|Cologne|Colonia|Colonia|Keulen|Colónia|Kolonia|Köln
Yes|Ja|Oui|Sí|Sì|Ja|Sim|Tak|Ja
No|Nein|Non|No|No|Nee|Não|Nie|Nej
Paid|Bezahlt|Payé|Pagado|Pagato|Betaald|Pago|Zapłacono|Betald
Unpaid|Unbezahlt|Impayé|Impagado|Non pagato|Onbetaald|Não pago|Niezapłacono|Obetald
Open|Offen|Ouvert|Abierto|Aperto|Openstaand|Aberto|Otwarte|Öppen
Closed|Abgeschlossen|Clôturé|Cerrado|Chiuso|Gesloten|Fechado|Zamknięte|Stängd
Single|Ledig|Célibataire|Soltero|Celibe|Ongehuwd|Solteiro|Kawaler|Ogift
Married|Verheiratet|Marié|Casado|Sposato|Gehuwd|Casado|Żonaty|Gift
Female|Weiblich|Féminin|Femenino|Femmina|Vrouw|Feminino|Kobieta|Kvinna
Male|Männlich|Masculin|Masculino|Maschio|Man|Masculino|Mężczyzna|Man
Monthly|Monatlich|Mensuel|Mensual|Mensile|Maandelijks|Mensal|Miesięcznie|Månadsvis
Cash|Bar|Espèces|Efectivo|Contanti|Contant|Numerário|Gotówka|Kontant
Bank transfer|Überweisung|Virement|Transferencia|Bonifico|Overschrijving|Transferência|Przelew|Banköverföring
"""  # noqa: E501 - a table, one row a line

_SMALL: Final = """
and|und|et|y|e|en|e|i|och
or|oder|ou|o|o|of|ou|lub|eller
with|mit|avec|con|con|met|com|z|med
without|ohne|sans|sin|senza|zonder|sem|bez|utan
for|für|pour|para|per|voor|para|dla|för
from|von|de|desde|da|van|de|od|från
to|zu|à|a|a|naar|para|do|till
in|in|dans|en|in|in|em|w|i
on|auf|sur|sobre|su|op|sobre|na|på
the|die|le|el|il|de|o|ten|den
we|wir|nous|nosotros|noi|wij|nós|my|vi
you|Sie|vous|usted|Lei|u|você|Pan|ni
is|ist|est|es|è|is|é|jest|är
are|sind|sont|son|sono|zijn|são|są|är
not|nicht|pas|no|non|niet|não|nie|inte
please|bitte|s'il vous plaît|por favor|per favore|alstublieft|por favor|proszę|vänligen
thank you|danke|merci|gracias|grazie|dank u|obrigado|dziękuję|tack
our|unser|notre|nuestro|nostro|onze|nosso|nasz|vår
your|Ihr|votre|su|Suo|uw|seu|Pana|er
all|alle|tous|todos|tutti|alle|todos|wszystkie|alla
today|heute|aujourd'hui|hoy|oggi|vandaag|hoje|dzisiaj|idag
also|auch|aussi|también|anche|ook|também|także|också
because|weil|parce que|porque|perché|omdat|porque|ponieważ|eftersom
after|nach|après|después|dopo|na|depois|po|efter
before|vor|avant|antes|prima|voor|antes|przed|före
"""

_MONTHS: Final = """
en|January|February|March|April|May|June|July|August|September|October|November|December
de|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember
fr|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre
es|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre
it|gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre
nl|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december
pt|janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro
pl|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia
sv|januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december
tr|Ocak|Şubat|Mart|Nisan|Mayıs|Haziran|Temmuz|Ağustos|Eylül|Ekim|Kasım|Aralık
ru|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря
el|Ιανουαρίου|Φεβρουαρίου|Μαρτίου|Απριλίου|Μαΐου|Ιουνίου|Ιουλίου|Αυγούστου|Σεπτεμβρίου|Οκτωβρίου|Νοεμβρίου|Δεκεμβρίου
ar|يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر
ja|1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月
"""

DATE_STYLES: Final[Mapping[str, str]] = {
    "en": "{day} {month} {year}",
    "de": "{day}. {month} {year}",
    "es": "{day} de {month} de {year}",
    "pt": "{day} de {month} de {year}",
    "ja": "{year}年{month}{day}日",
}
"""How a date is written out; elsewhere as in English."""

GREETINGS: Final[Mapping[str, Sequence[str]]] = {
    "de": ("Sehr geehrte Damen und Herren,", "Mit freundlichen Grüßen", "Diese Nachricht ist vertraulich."),
    "fr": ("Madame, Monsieur,", "Veuillez agréer nos salutations distinguées.", "Ce message est confidentiel."),
    "es": ("Estimados señores:", "Reciban un cordial saludo", "Este mensaje es confidencial."),
    "it": ("Gentili signori,", "Distinti saluti", "Il presente messaggio è riservato."),
    "nl": ("Geachte heer, mevrouw,", "Met vriendelijke groet", "Dit bericht is vertrouwelijk."),
    "pt": ("Exmos. Senhores,", "Com os melhores cumprimentos", "Esta mensagem é confidencial."),
    "pl": ("Szanowni Państwo,", "Z poważaniem", "Wiadomość ma charakter poufny."),
    "sv": ("Hej,", "Med vänliga hälsningar", "Detta meddelande är konfidentiellt."),
    "tr": ("Sayın Yetkili,", "Saygılarımızla", "Bu ileti gizlidir."),
    "ru": ("Уважаемые дамы и господа!", "С уважением", "Это сообщение конфиденциально."),
    "ar": ("السادة المحترمون،", "مع خالص التحية", "هذه الرسالة سرية."),
    "ja": ("拝啓", "敬具", "このメッセージは機密情報を含みます。"),
}
"""A greeting, a closing and a line of small print."""


def _rows(block: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split("|")) for line in block.strip().splitlines())


@functools.cache
def months() -> Mapping[str, Sequence[str]]:
    """The names of the twelve months as they stand in a date, by language."""
    return {language: names for language, *names in _rows(_MONTHS)}


@functools.cache
def labels() -> tuple[tuple[str, ...], ...]:
    """What stands before a value on forms and invoices, in the order of LANGUAGES."""
    return _rows(_LABELS)


@functools.cache
def values() -> tuple[tuple[str, ...], ...]:
    """Values that differ from language to language, in the order of LANGUAGES."""
    return _rows(_VALUES)


@functools.cache
def small_words() -> tuple[tuple[str, ...], ...]:
    """The small words that people switch first, in the order of LANGUAGES."""
    return _rows(_SMALL)
