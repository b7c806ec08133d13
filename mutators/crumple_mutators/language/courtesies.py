"""Sentences that stand in any letter, in eighteen languages: greetings, closings, small print, what clerks add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

GREETINGS: Final[Mapping[str, Sequence[str]]] = {
    "en": ("Dear Sir or Madam,", "Kind regards", "This message is confidential."),
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
    "el": ("Αξιότιμοι κύριοι,", "Με εκτίμηση", "Το παρόν μήνυμα είναι εμπιστευτικό."),
    "he": ("שלום רב,", "בברכה", "הודעה זו חסויה."),
    "ar": ("السادة المحترمون،", "مع خالص التحية", "هذه الرسالة سرية."),
    "hi": ("महोदय/महोदया,", "भवदीय", "यह संदेश गोपनीय है।"),
    "zh": ("尊敬的客户：", "顺祝商祺", "本邮件内容属机密信息。"),
    "ja": ("拝啓", "敬具", "このメッセージは機密情報を含みます。"),
    "ko": ("안녕하십니까.", "감사합니다.", "이 메시지에는 기밀 정보가 포함되어 있습니다."),
}
"""A greeting, a closing and a line of small print."""

REMARKS: Final[Mapping[str, Sequence[str]]] = {
    "en": (
        "Please call us if anything is unclear.",
        "We thank you for your patience.",
        "Our office is closed on Fridays.",
    ),
    "de": ("Bei Fragen rufen Sie uns bitte an.", "Wir danken für Ihre Geduld.", "Freitags ist unser Büro geschlossen."),
    "fr": (
        "N'hésitez pas à nous appeler.",
        "Nous vous remercions de votre patience.",
        "Nos bureaux sont fermés le vendredi.",
    ),
    "es": ("Llámenos si tiene alguna duda.", "Le agradecemos su paciencia.", "Nuestra oficina cierra los viernes."),
    "it": (
        "Ci chiami pure in caso di dubbi.",
        "La ringraziamo per la pazienza.",
        "Il venerdì i nostri uffici sono chiusi.",
    ),
    "nl": ("Bel ons gerust bij vragen.", "Wij danken u voor uw geduld.", "Op vrijdag is ons kantoor gesloten."),
    "pt": (
        "Em caso de dúvida, telefone-nos.",
        "Agradecemos a sua paciência.",
        "Às sextas-feiras o escritório está fechado.",
    ),
    "pl": ("W razie pytań prosimy o telefon.", "Dziękujemy za cierpliwość.", "W piątki nasze biuro jest nieczynne."),
    "sv": ("Ring oss gärna om något är oklart.", "Vi tackar för ert tålamod.", "På fredagar är kontoret stängt."),
    "tr": (
        "Sorularınız için bizi arayabilirsiniz.",
        "Sabrınız için teşekkür ederiz.",
        "Ofisimiz cuma günleri kapalıdır.",
    ),
    "ru": ("Если что-то неясно, позвоните нам.", "Благодарим за терпение.", "По пятницам наш офис закрыт."),
    "el": (
        "Καλέστε μας για κάθε απορία.",
        "Σας ευχαριστούμε για την υπομονή σας.",
        "Τις Παρασκευές το γραφείο μας είναι κλειστό.",
    ),
    "he": ("לכל שאלה ניתן להתקשר אלינו.", "תודה על הסבלנות.", "המשרד סגור בימי שישי."),
    "ar": ("يرجى الاتصال بنا لأي استفسار.", "نشكركم على صبركم.", "مكتبنا مغلق يوم الجمعة."),
    "hi": ("किसी भी प्रश्न के लिए हमें फ़ोन करें।", "आपके धैर्य के लिए धन्यवाद।", "शुक्रवार को हमारा कार्यालय बंद रहता है।"),
    "zh": ("如有疑问，请来电。", "感谢您的耐心等待。", "我们的办公室星期五休息。"),
    "ja": ("ご不明な点はお電話ください。", "お待ちいただきありがとうございます。", "金曜日は休業いたします。"),
    "ko": ("궁금하신 점은 전화해 주십시오.", "기다려 주셔서 감사합니다.", "금요일은 휴무입니다."),
}
"""Sentences without names, numbers or dates that can stand between any others."""
