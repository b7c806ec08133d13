"""Words of forms and letters in nineteen languages: labels, values, small words. Data only."""

from __future__ import annotations

import functools
from typing import Final

LANGUAGES: Final = (
    "en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "cs", "tr", "ru", "el", "he", "ar", "hi", "zh", "ja", "ko",
)  # fmt: skip

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

_FURTHER_LABELS: Final = """
Faktura|Fatura|Счёт|Τιμολόγιο|חשבונית|فاتورة|चालान|发票|請求書|청구서
Číslo faktury|Fatura numarası|Номер счёта|Αριθμός τιμολογίου|מספר חשבונית|رقم الفاتورة|चालान संख्या|发票号码|請求書番号|청구서 번호
Datum faktury|Fatura tarihi|Дата счёта|Ημερομηνία τιμολογίου|תאריך חשבונית|تاريخ الفاتورة|चालान दिनांक|开票日期|請求日|청구일
Datum|Tarih|Дата|Ημερομηνία|תאריך|التاريخ|दिनांक|日期|日付|날짜
Datum splatnosti|Son ödeme tarihi|Срок оплаты|Ημερομηνία λήξης|תאריך פירעון|تاريخ الاستحقاق|देय तिथि|到期日|支払期限|납부 기한
Celkem|Toplam|Итого|Σύνολο|סה״כ|المجموع|कुल|合计|合計|합계
Mezisoučet|Ara toplam|Промежуточный итог|Μερικό σύνολο|סכום ביניים|المجموع الفرعي|उप-योग|小计|小計|소계
Částka|Tutar|Сумма|Ποσό|סכום|المبلغ|राशि|金额|金額|금액
K úhradě|Ödenecek tutar|К оплате|Πληρωτέο ποσό|לתשלום|المبلغ المستحق|देय राशि|应付金额|お支払金額|납부할 금액
DPH|KDV|НДС|ΦΠΑ|מע״מ|ضريبة القيمة المضافة|जीएसटी|增值税|消費税|부가가치세
Daň|Vergi|Налог|Φόρος|מס|الضريبة|कर|税额|税額|세금
Netto|Net|Без налога|Καθαρό|נטו|الصافي|शुद्ध|净额|税抜金額|공급가액
Množství|Miktar|Количество|Ποσότητα|כמות|الكمية|मात्रा|数量|数量|수량
Popis|Açıklama|Наименование|Περιγραφή|תיאור|الوصف|विवरण|描述|摘要|품목
Jednotková cena|Birim fiyat|Цена за единицу|Τιμή μονάδας|מחיר ליחידה|سعر الوحدة|इकाई मूल्य|单价|単価|단가
Cena|Fiyat|Цена|Τιμή|מחיר|السعر|मूल्य|价格|価格|가격
Položka|Kalem|Позиция|Είδος|פריט|الصنف|मद|项目|品目|항목
Jméno|Ad|Имя|Όνομα|שם|الاسم|नाम|姓名|氏名|이름
Křestní jméno|Adı|Личное имя|Μικρό όνομα|שם פרטי|الاسم الأول|पहला नाम|名|名|명
Příjmení|Soyadı|Фамилия|Επώνυμο|שם משפחה|اسم العائلة|उपनाम|姓|姓|성
Adresa|Adres|Адрес|Διεύθυνση|כתובת|العنوان|पता|地址|住所|주소
Ulice|Sokak|Улица|Οδός|רחוב|الشارع|सड़क|街道|番地|도로명
Město|Şehir|Город|Πόλη|עיר|المدينة|शहर|城市|市区町村|도시
Země|Ülke|Страна|Χώρα|מדינה|البلد|देश|国家|国名|국가
PSČ|Posta kodu|Индекс|Ταχ. κώδικας|מיקוד|الرمز البريدي|पिन कोड|邮政编码|郵便番号|우편번호
Telefon|Telefon|Телефон|Τηλέφωνο|טלפון|الهاتف|फ़ोन|电话|電話番号|전화번호
Zákazník|Müşteri|Клиент|Πελάτης|לקוח|العميل|ग्राहक|客户|お客様|고객
Číslo zákazníka|Müşteri numarası|Номер клиента|Κωδικός πελάτη|מספר לקוח|رقم العميل|ग्राहक संख्या|客户编号|お客様番号|고객 번호
Dodavatel|Tedarikçi|Поставщик|Προμηθευτής|ספק|المورد|आपूर्तिकर्ता|供应商|仕入先|공급자
Prodávající|Satıcı|Продавец|Πωλητής|מוכר|البائع|विक्रेता|卖方|売主|판매자
Kupující|Alıcı|Покупатель|Αγοραστής|קונה|المشتري|क्रेता|买方|買主|구매자
Fakturovat komu|Fatura adresi|Плательщик|Χρέωση σε|לחיוב|فاتورة إلى|बिल प्राप्तकर्ता|付款方|請求先|청구처
Číslo objednávky|Sipariş numarası|Номер заказа|Αριθμός παραγγελίας|מספר הזמנה|رقم الطلب|ऑर्डर संख्या|订单号|注文番号|주문 번호
Datum dodání|Teslim tarihi|Дата поставки|Ημερομηνία παράδοσης|תאריך אספקה|تاريخ التسليم|डिलीवरी दिनांक|交货日期|納品日|납품일
Datum narození|Doğum tarihi|Дата рождения|Ημερομηνία γέννησης|תאריך לידה|تاريخ الميلاد|जन्म तिथि|出生日期|生年月日|생년월일
Podpis|İmza|Подпись|Υπογραφή|חתימה|التوقيع|हस्ताक्षर|签名|署名|서명
Platební podmínky|Ödeme koşulları|Условия оплаты|Όροι πληρωμής|תנאי תשלום|شروط الدفع|भुगतान की शर्तें|付款条件|支払条件|지급 조건
Značka|Referans|Исх. номер|Σχετικό|סימוכין|المرجع|संदर्भ|参考号|整理番号|참조 번호
Věc|Konu|Тема|Θέμα|הנדון|الموضوع|विषय|主题|件名|제목
Měna|Para birimi|Валюта|Νόμισμα|מטבע|العملة|मुद्रा|币种|通貨|통화
Poznámky|Notlar|Примечания|Σημειώσεις|הערות|ملاحظات|टिप्पणी|备注|備考|비고
"""  # noqa: E501 - a table, one row a line

_FURTHER_VALUES: Final = """
Německo|Almanya|Германия|Γερμανία|גרמניה|ألمانيا|जर्मनी|德国|ドイツ|독일
Francie|Fransa|Франция|Γαλλία|צרפת|فرنسا|फ़्रांस|法国|フランス|프랑스
Španělsko|İspanya|Испания|Ισπανία|ספרד|إسبانيا|स्पेन|西班牙|スペイン|스페인
Itálie|İtalya|Италия|Ιταλία|איטליה|إيطاليا|इटली|意大利|イタリア|이탈리아
Nizozemsko|Hollanda|Нидерланды|Ολλανδία|הולנד|هولندا|नीदरलैंड|荷兰|オランダ|네덜란드
Polsko|Polonya|Польша|Πολωνία|פולין|بولندا|पोलैंड|波兰|ポーランド|폴란드
Švédsko|İsveç|Швеция|Σουηδία|שוודיה|السويد|स्वीडन|瑞典|スウェーデン|스웨덴
Norsko|Norveç|Норвегия|Νορβηγία|נורווגיה|النرويج|नॉर्वे|挪威|ノルウェー|노르웨이
Švýcarsko|İsviçre|Швейцария|Ελβετία|שווייץ|سويسرا|स्विट्ज़रलैंड|瑞士|スイス|스위스
Rakousko|Avusturya|Австрия|Αυστρία|אוסטריה|النمسا|ऑस्ट्रिया|奥地利|オーストリア|오스트리아
Velká Británie|Birleşik Krallık|Великобритания|Ηνωμένο Βασίλειο|בריטניה|المملكة المتحدة|यूनाइटेड किंगडम|英国|イギリス|영국
Spojené státy|Amerika Birleşik Devletleri|США|Ηνωμένες Πολιτείες|ארצות הברית|الولايات المتحدة|संयुक्त राज्य अमेरिका|美国|アメリカ合衆国|미국
Mnichov|Münih|Мюнхен|Μόναχο|מינכן|ميونخ|म्यूनिख|慕尼黑|ミュンヘン|뮌헨
Vídeň|Viyana|Вена|Βιέννη|וינה|فيينا|विएना|维也纳|ウィーン|빈
Kolín nad Rýnem|Köln|Кёльн|Κολωνία|קלן|كولونيا|कोलोन|科隆|ケルン|쾰른
Ano|Evet|Да|Ναι|כן|نعم|हाँ|是|はい|예
Ne|Hayır|Нет|Όχι|לא|لا|नहीं|否|いいえ|아니요
Zaplaceno|Ödendi|Оплачено|Πληρώθηκε|שולם|مدفوع|भुगतान किया गया|已付款|支払済み|지급 완료
Nezaplaceno|Ödenmedi|Не оплачено|Απλήρωτο|לא שולם|غير مدفوع|अवैतनिक|未付款|未払い|미지급
Otevřeno|Açık|Открыто|Ανοιχτό|פתוח|مفتوح|खुला|未结|未完了|진행 중
Uzavřeno|Kapalı|Закрыто|Κλειστό|סגור|مغلق|बंद|已结|完了|완료
Svobodný|Bekâr|Холост|Άγαμος|רווק|أعزب|अविवाहित|未婚|独身|미혼
Ženatý|Evli|Женат|Έγγαμος|נשוי|متزوج|विवाहित|已婚|既婚|기혼
Žena|Kadın|Женский|Θήλυ|נקבה|أنثى|महिला|女|女性|여성
Muž|Erkek|Мужской|Άρρεν|זכר|ذكر|पुरुष|男|男性|남성
Měsíčně|Aylık|Ежемесячно|Μηνιαίως|חודשי|شهري|मासिक|每月|毎月|매월
Hotovost|Nakit|Наличные|Μετρητά|מזומן|نقدا|नकद|现金|現金|현금
Bankovní převod|Havale|Банковский перевод|Τραπεζική κατάθεση|העברה בנקאית|تحويل مصرفي|बैंक अंतरण|银行转账|銀行振込|계좌 이체
"""  # noqa: E501 - a table, one row a line


def _joined(*blocks: str) -> tuple[tuple[str, ...], ...]:
    """Rows of words side by side, one row a meaning, one column a language."""
    columns = [block.strip().splitlines() for block in blocks]
    return tuple(tuple("|".join(row).split("|")) for row in zip(*columns, strict=True))


@functools.cache
def labels() -> tuple[tuple[str, ...], ...]:
    """What stands before a value on forms and invoices, in the order of LANGUAGES."""
    return _joined(_LABELS, _FURTHER_LABELS)


@functools.cache
def values() -> tuple[tuple[str, ...], ...]:
    """Values that differ from language to language, in the order of LANGUAGES."""
    return _joined(_VALUES, _FURTHER_VALUES)


@functools.cache
def small_words() -> tuple[tuple[str, ...], ...]:
    """The small words that people switch first, in the order of the first nine LANGUAGES."""
    return _joined(_SMALL)
