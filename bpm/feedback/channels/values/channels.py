"""What tools call the ways in which customers speak, as one of our channels."""

from bpm.feedback.channels.values.plain import plain

_CALLED = {
    "email": """
        email mail emails mails inboundemail outboundemail courriel correo correoelectronico epost posta
        emailmessage supportemail mailbox メール eメール 邮件 電郵 電子郵件 이메일 почта имейл
    """,
    "call": """
        call calls phone phonecall voice voicecall telephone telefon telefonat anruf tel telefono telefone appel
        telefonico voicemail talk aircall hotline callcenter callcentre inboundcall phonecallinbound telephony
        telefoon telefono telefonicamente 電話 通話 电话 來電 전화 телефон звонок звонки
    """,
    "social": """
        social socialmedia twitter x tweet tweets facebook facebookpost instagram tiktok linkedin mastodon
        instagramdm instagramdirect instagramcomment facebookcomments facebookdm xtwitter twitterx xformerlytwitter xdm
        twittermention twittermentions bluesky reddit youtube threads fediverse forum community twitterdm
        facebookcomment socialmedien
        redessociales
    """,
    "chat": """
        chat livechat webchat messenger facebookmessenger fbmessenger whatsapp telegram sms text textmessage
        imessage messaging nativemessaging slack intercom webmessenger wechat viber signal webwidget inapp
        inappchat chatbot bot チャット 聊天 微信 在线客服 채팅 카카오톡 чат
    """,
    "survey": """
        survey surveys nps csat ces questionnaire umfrage enquete encuesta sondage sondaggio pesquisa
        feedbackform poll typeform googleforms surveymonkey qualtrics kiosk npssurvey csatsurvey customersurvey
        アンケート 调查 问卷 問卷 설문 опрос
    """,
    "review": """
        review reviews rating bewertung avis resena recensione appstore playstore googleplay trustpilot
        googlereview googlereviews googlemaps g2 capterra tripadvisor yelp appreview storereview productreview
        googleplaystore applestore appleappstore レビュー 口コミ 评论 評論 리뷰 отзыв отзывы
    """,
}
"""What each channel is called, as `plain` writes it. Names that say how a message travelled and not where it was said,
such as `web form` or `API`, are left out on purpose."""

_CHANNELS = {name: channel for channel, names in _CALLED.items() for name in map(plain, names.split())}


def read_channel(value: object) -> str:
    """One of CHANNELS, or empty when the name says none of them."""
    return _CHANNELS.get(plain(str(value)), "")
