"""Whether words say thanks and nothing else, in the languages that customers write; pure."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MOST_WORDS = 10
"""Longer words of thanks say something else, too."""
_THANKS = _words(
    """
    thank thanks thx tx ty tysm thankyou tnx cheers ta appreciated danke dank dankeschön dankeschoen
    vergelts merci gracias grazie obrigado obrigada bedankt dankjewel dankuwel tack tak takk kiitos
    děkuji děkuju díky dekuji dziękuję dziękujemy dzięki dziekuje dzieki ďakujem teşekkürler teşekkür
    sağolun tesekkurler спасибо дякую благодаря хвала hvala mulțumesc multumesc köszönöm köszi ευχαριστώ
    aitäh ačiū paldies ありがとう ありがとうございます ありがとうございました
    谢谢 謝謝 谢谢你 谢谢您 多谢 감사합니다 고맙습니다 شكرا شكراً תודה धन्यवाद
    terima kasih cảm ơn ขอบคุณ 👍 🙏 ❤ ❤️ 👌
    """
)
_WITH_THEM = _words(
    """
    you so much very many a lot lots for your the all that this it help helping support reply response
    answer answering info information update quick fast prompt again indeed kindly everything great
    perfect super wonderful excellent lovely ok okay alright noted hi hello dear team guys everybody
    everyone and really kind best wishes regards kr br vielen vielmals schön sehr herzlichen besten
    lieben tausend ihnen dir euch nochmals für die hilfe schnelle schnell antwort rückmeldung alles
    beste mfg grüße gruß viele liebe lg beaucoup infiniment bien pour votre ton aide réponse à vous toi
    bonne journée cordialement muchas muchísimas mil por su tu ayuda respuesta saludos un tante mille
    molto per il suo tuo aiuto risposta muito muita pela pelo ajuda resposta je jij u wel hartelijk voor
    de het hulp antwoord så mycket för hjälpen svaret mange tusen meget hjælpen hjelpen paljon moc
    mockrát za pomoc bardzo çok ederim большое огромное за помощь ありがとう どうも 本当に 大変
    """
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[👍🙏❤👌]", re.UNICODE)
_MASK = re.compile(r"\[[a-z]+\]")
"""What stands where private data was, such as a name."""
_SAYS_MORE = re.compile(r"[?？؟\d@]|https?:")


def is_thanks(text: str) -> bool:
    """Whether the text thanks and says nothing else: no question, no number, no "but", no "no thanks".

    One word that is nobody's may stand in it where it is written like a name: "Thanks, Maya!".
    """
    if len(text) > 200 or _SAYS_MORE.search(text):
        return False
    words = _WORD.findall(_MASK.sub(" ", text))
    if not 1 <= len(words) <= MOST_WORDS:
        return False
    low = [word.lower() for word in words]
    if not _THANKS.intersection(low):
        return False
    others = [word for word, plain in zip(words, low, strict=True) if plain not in _THANKS and plain not in _WITH_THEM]
    return not others or (len(others) == 1 and len(words) <= 6 and others[0].istitle() and words[0] != others[0])
