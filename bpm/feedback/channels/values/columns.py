"""What columns are called in the exports people have, in the languages they have them in."""

import re
from collections.abc import Iterable, Mapping

from bpm.feedback.channels.values.plain import plain

_CALLED = {
    "text": """
        text comment comments body message content review feedback verbatim narrative reviewtext reviewcontent
        reviewbody reviewcomment answer opentext cdescr consumercomplaintnarrative messagebody messagetext fulltext
        commenttext commentbody ticketdescription description selftext tweettext tweet post posttext surveycomment
        satisfactioncomment npscomment customercomment customerfeedback whatdidtheysay response responsetext openended
        openendedresponse freetext additionalcomments firstusermessage remarks remark complaint complainttext
        kommentar kommentare kommentartext bemerkung bemerkungen anmerkung anmerkungen nachricht nachrichtentext
        rezension rezensionstext bewertungstext freitext antwort antworttext beschreibung ruckmeldung mitteilung
        anliegen inhalt beschwerde commentaire commentaires avis texte message contenu reponse remarque remarques
        descriptif reclamation verbatims comentario comentarios mensaje opinion opiniones resena texto respuesta
        descripcion contenido queja observaciones commento commenti messaggio recensione testo risposta descrizione
        contenuto osservazioni opmerking opmerkingen bericht tekst beoordelingstekst toelichting antwoord
        beschrijving klacht mensagem avaliacaotexto resposta descricao conteudo opiniao reclamacao observacao
        observacoes kommentarer meddelande recension svar komentarz komentarze wiadomosc opinia tresc odpowiedz opis
        uwagi besked beskrivelse kommentti komentar zprava odpoved popis yorum mesaj комментарий отзыв сообщение текст
        コメント 内容 レビュー 本文 自由記述 ご意見 意見 ご感想 感想 ご要望 评论 评价 内容 留言 意见 反馈 建议
        評論 意見回饋 댓글 리뷰 내용 의견 коментар відгук отзив
        megjegyzes velemeny uzenet comentariu comentarii mesajul sprava recenzia poruka kommentaar σχολιο σχολια
        تعليق تعليقات ملاحظات رأي הערה הערות משוב תגובה ความคิดเห็น binhluan nhanxet gopy ulasan टिप्पणी
    """,
    "natural_key": """
        id naturalkey reviewid responseid respondentid ticketid ticketnumber caseid casenumber commentid messageid
        complaintid submissionid surveysubmissionid surveyresponseid recordid tweetid postid uuid guid externalid
        entryid feedbackid issuekey answerid conversationnumber nr antwortid ticketnummer vorgangsnummer fallnummer
        bewertungsid kommentarid idreponse iddereponse numeroticket idrespuesta iddelarespuesta idcaso rispostaid
        idrisposta ticketid antwoordid idresposta identifiant identificador identificativo identifikator identyfikator
    """,
    "said_at": """
        saidat postedat createdutc createdatutc createdat createdon datecreated creationdate createddate createdate
        createdtime createddatetime createdtimestamp date datetime timestamp time submittedat submitdate submissiondate
        submissiontime submitteddate submittime datesubmitted recordeddate recordedat completedat completiondate
        completiontime datecompleted responsedate responsetime dateofresponse enddate created datereceived receivedat
        receiveddate reviewsubmitdateandtime reviewcreated reviewcreatedutc reviewcreatedat reviewcreatedate reviewdate
        dateofreview reviewtime publishedat publisheddate publicationdate postdate posteddate dateposted sentat senttime
        datesent sentdate datetimeopened dateopened openedat conversationstartedat startedat starttime startdate
        reviewsubmitmillissinceepoch feedbackdate commentdate messagedate complaintdate surveydate answeredat
        datum zeit zeitpunkt zeitstempel datumuhrzeit datumundzeit datumzeit erstelltam erstellt erstellungsdatum
        eingangsdatum eingegangenam eingang abgegebenam bewertungsdatum abgesendetam gesendetam antwortdatum
        horodateur dateheure datedecreation creele datederéponse datedereponse datedenvoi datedelavis publiele
        datedesoumission fecha fechahora fechadecreacion marcatemporal fechaderespuesta fechadeenvio creadoel
        fechayhora data dataeora datacreazione informazionicronologiche creatoil datarisposta datainvio datarecensione
        datumentijd tijdstempel aangemaaktop aanmaakdatum dataehora carimbodedatahora datadecriacao criadoem
        datadeenvio skapad skapades tidsstampel datautworzenia sygnaturaczasowa utworzono dato oprettet tidsstempel
        opprettet paivamaara aikaleima vytvoreno casovarazitko tarih zamandamgasi дата датасоздания отметкавремени
        日付 日時 投稿日 タイムスタンプ 时间 日期 创建时间 날짜 작성일 타임스탬프 позначкачасу клеймо
        idobelyeg marcatemporala casovaznamka casovapeciatka vremenskaoznaka ajatempel laikazimogs laikozyma
        ημερομηνια χρονικησημανση تاريخ التاريخ طابعزمني תאריך חותמתזמן วันที่ ประทับเวลา ngay dauthoigian tanggal
        stempelwaktu दिनांक टाइमस्टैम्प responsecreatedat responsecreated responsedateandtime respondedat
        fertigstellungszeit horadefinalizacion heuredefin oradicompletamento
        horadeconclusao horadaconclusao tijdvanvoltooien godzinaukonczenia slutforandetid fuldførelsestidspunkt
        fullføringstidspunkt valmistumisaika casdokonceni tamamlanmazamani времявыполнения времязавершения 完了時刻
        完成时间 완료시간 datumabgeschickt enddatum datedefin fechadefinalizacion datadefine startzeit horadeinicio
        heurededebut oradiinizio begintijd godzinarozpoczecia starttid starttidspunkt aloitusaika caszahajeni
        baslangiczamani времяначала 開始時刻 开始时间 시작시간 anfangsdatum startdatum datededebut fechadeinicio
    """,
    "revised_at": """
        revisedat updatedat updatedutc editedat lastmodified lastmodifieddate lastupdated lastupdate modifiedat
        modifieddate datemodified dateupdated reviewlastupdatedateandtime reviewlastupdatedate reviewupdated
        reviewupdatedutc geandertam zuletztgeandert aktualisiertam bearbeitetam modifiele misajourle actualizadoel
        fechademodificacion
    """,
    "channel": "channel kanal canal canale kanaal caseorigin origin initiationchannel contactchannel ticketchannel",
    "source": "source quelle bron fuente origine fonte",
    "subject": """
        subject title reviewtitle headline ticketname ticketsubject messagesubject commenttitle summary betreff titel
        bewertungstitel thema objet sujet titre asunto titulo oggetto titolo onderwerp assunto amne temat tytul emne
        otsikko predmet konu тема 件名 タイトル 标题 제목
    """,
    "question": "question frage pregunta domanda vraag pergunta",
    "author_name": """
        authorname reviewusername name customername fullname customer reviewer reviewername nickname consumername
        requester requestername contactname associatedcontact associatedcontacts primarycontact
        personname respondentname displayname firstname lastname givenname surname
        familyname forename recipientfirstname recipientlastname reportername kundenname kunde vorname nachname
        vorundnachname verfasser nomducliennt nomduclient nom prenom client nombre apellido apellidos nombrecompleto
        cliente nome cognome nomecompleto naam voornaam achternaam klantnaam klant sobrenome namn kund imie nazwisko
        navn nimi jmeno prijmeni isim имя 名前 氏名 姓名 이름
    """,
    "author_handle": "author authorhandle handle username user screenname userhandle reporter autor auteur autore",
    "author_email": """
        authoremail email emailaddress mail recipientemail customeremail useremail requesteremail contactemail
        personemail respondentemail consumeremail revieweremail senderemail fromemail webemail emailadresse mailadresse
        adresseemail adressemail adressedemessagerie courriel correo correoelectronico direcciondecorreoelectronico
        indirizzoemail mailadres emailadres enderecodeemail epost epostadress adresemail adresemail sahkoposti
        メールアドレス 邮箱 이메일
    """,
    "author_phone": """
        authorphone phone phonenumber mobile mobilenumber cell cellphone tel telephone caller callernumber customerphone
        contactphone requesterphone userphone telefon telefonnummer handy handynummer mobilnummer rufnummer telefono
        telefonoceular telefonocelular movil celular numerodetelephone portable cellulare telefoonnummer telefone
        telemovel telefonnr
    """,
    "author_id": """
        authorid customerid userid accountid contactid personid consumeruserid requesterid clientid memberid
        reviewconsumeruserid reviewuserid
        kundennummer kundenid kundennr numeroclient idclient idcliente numerodecliente klantnummer klantid codicecliente
    """,
    "thread_key": "threadkey threadid conversationid thread linkid konversationsid",
    "in_reply_to": "inreplyto inreplytoid parentid replyto replytoid inreplytostatusid",
    "url": "url link permalink reviewlink reviewurl posturl weburl",
    "rating": """
        rating stars score starrating reviewstars reviewrating nps npsscore csat csatscore ces cesscore satisfaction
        satisfactionscore satisfactionrating overallrating surveyscore recommendationscore likelihoodtorecommend
        bewertung sterne note punkte gesamtbewertung zufriedenheit evaluation etoiles satisfactionclient puntuacion
        calificacion valoracion estrellas valutazione voto stelle punteggio beoordeling sterren cijfer avaliacao nota
        estrelas betyg ocena karakter arvosana hodnoceni puan оценка
        評価 満足度 评分 满意度 滿意度 평점 만족도 оцінка ertekeles ocjena hodnotenie
        βαθμολογια تقييم דירוג คะแนน diemso peringkat
    """,
}
"""Field of an item -> names of columns, as `plain` writes them; the most usual name first."""

_NAMES = {
    field: {plain(name): place for place, name in reversed(list(enumerate(names.split())))}
    for field, names in _CALLED.items()
}
_EVERY = frozenset(name for names in _NAMES.values() for name in names)

_FIRST_NAMES = frozenset({"firstname", "givenname", "forename", "recipientfirstname", "vorname", "prenom", "voornaam",
                          "imie"})  # fmt: skip
_LAST_NAMES = frozenset({"lastname", "surname", "familyname", "recipientlastname", "nachname", "nom", "apellido",
                         "apellidos", "achternaam", "cognome", "nazwisko"})  # fmt: skip

_ANY_ANSWER = frozenset({"response", "answer", "antwort", "reponse", "respuesta", "risposta", "antwoord", "resposta"})
"""Labels that survey tools put under every question."""

_VOTES = frozenset({"subreddit", "subredditid", "linkid", "ups", "downs", "upvotes", "upvoteratio", "numcomments"})
"""Beside such columns a score counts the votes of others, and a name is the record's own."""

TIMEZONE = frozenset(
    {"timezone", "tz", "zeitzone", "fuseauhoraire", "zonahoraria", "fusoorario", "tijdzone", "fusohorario"}
)
"""Names of a column that tells the zone of a row's times."""


TIME_OF_DAY = frozenset({
    "time", "timeofday", "hour", "uhrzeit", "zeit", "heure", "hora", "ora", "orario", "tijd", "tid", "klockslag",
    "godzina", "cas", "saat", "время", "час", "時刻", "時間", "时间", "時间", "시간",
})  # fmt: skip
"""Names of a column that tells the time of day beside a column of dates."""


def base_name(column: str) -> str:
    """A heading as `plain` writes it, without a number behind that tells columns of one name apart or a zone."""
    return plain(re.sub(r"\s*[(\[](?:\d{1,3}|[A-Za-z_]{2,20}(?:[/+:-][\w:/+-]{1,30})?)[)\]]\s*$", "", column[:400]))


def is_known(column: str) -> bool:
    """Whether a heading is among the names that say what a column holds."""
    return base_name(column) in _EVERY or plain(column) in _EVERY


def is_for_words(column: str) -> bool:
    """Whether a heading is among those that columns of customers' words have."""
    return base_name(column) in _NAMES["text"]


def guess(columns: Iterable[str], labels: Mapping[str, str] | None = None) -> dict[str, str]:
    """Column -> field by its name, else by its label (the second header of survey exports).

    Each field is taken at most once, by its most usual name; columns of one name go together.
    """
    names = {column: base_name(column) for column in columns}
    titles = {column: name for column, label in (labels or {}).items() if (name := base_name(label)) not in _ANY_ANSWER}
    found: dict[str, str] = {}
    for field in _NAMES:
        if field in ("rating", "author_name") and _VOTES & set(names.values()):
            continue
        for column in _called(field, names, found) or _called(field, titles, found):
            found[column] = field
    return found


def _called(field: str, names: Mapping[str, str], taken: Mapping[str, str]) -> list[str]:
    places = _NAMES[field]
    free = [column for column in names if names[column] in places and column not in taken]
    if not free:
        return []
    best = names[min(free, key=lambda column: places[names[column]])]
    same = frozenset({best})
    if field == "author_name" and best in _FIRST_NAMES | _LAST_NAMES:
        same = _FIRST_NAMES | _LAST_NAMES
    return [column for column in free if names[column] in same]
