"""What speakers and desks are called in transcripts, in the languages that call centres speak; all in small letters."""


def words(text: str) -> frozenset[str]:
    """The words of a text that is parted by white space."""
    return frozenset(text.casefold().split())


CUSTOMER = words(
    """
    customer customers caller callers client consumer user enduser guest member visitor patient subscriber passenger
    policyholder tenant buyer shopper shareholder insured external unverified claimant
    respondent interviewee holder accountholder
    kunde kundin anrufer anruferin gast mandant mandantin patientin mitglied verbraucher interessent interessentin
    cliente clienta usuario usuaria llamante comprador chiamante utente appelant appelante usager abonné abonnée clienti
    chiamata chamador utilizador klant beller kund kunden innringer kunder klient klientka asiakas soittaja zákazník
    zákaznice volající ügyfél müşteri arayan клиент клиентка покупатель абонент пациент клієнт абонентка πελάτης
    πελάτισσα לקוח לקוחה العميل عميل العميلة الزبون زبون müşterisi
    """
)

AGENT = words(
    """
    agent agents representative rep advisor adviser operator support employee staff csr supervisor service services
    teamlead lead manager technician specialist consultant associate dispatcher moderator helpdesk desk hotline care
    concierge receptionist reception internal team advocate clerk cashier teller interviewer
    shop store sales salesperson seller
    agentin berater beraterin mitarbeiter mitarbeiterin techniker technikerin teamleiter teamleiterin teamleitung
    sachbearbeiter sachbearbeiterin betreuer betreuerin dienst verkäufer verkäuferin
    conseiller conseillère téléconseiller téléconseillère technicien technicienne superviseur responsable assistance
    vendeur vendeuse accueil
    agente asesor asesora operador operadora técnico técnica representante servicio atención soporte asistencia
    vendedor vendedora
    operatore operatrice consulente addetto addetta servizio assistenza supporto tecnico tecnica responsabile
    medewerker medewerkster adviseur klantenservice klantendienst monteur
    atendente consultor consultora atendimento suporte serviço apoio
    handläggare rådgivare kundtjänst kundservice säljare rådgiver kundeservice kundesenter kundebehandler medarbejder
    medarbeider saksbehandler sagsbehandler
    konsultant konsultantka doradca pracownik obsługa operátor operátorka poradce podpora technik
    ügyintéző munkatárs ügyfélszolgálat
    temsilci temsilcisi danışman danışmanı hizmetleri görevli yetkili
    asiakaspalvelu asiakaspalvelija neuvoja
    оператор агент консультант менеджер специалист сотрудник поддержка поддержки служба техник підтримка
    εκπρόσωπος υπάλληλος τεχνικός נציג נציגה מוקדן מוקדנית الموظف موظف موظفة الوكيل وكيل مندوب
    """
)

MACHINE = words(
    """
    system bot chatbot voicebot callbot ivr action virtual recording announcement music automated automat assistant
    autoattendant voicemail tool function robot notetaker copilot fireflies otter fathom transcription roboter
    anrufbeantworter sprachcomputer contestador répondeur segreteria бот робот
    """
)

DESKS = words(
    """
    care service services support success relations experience team helpdesk desk advocate affairs solutions
    engagement happiness hotline line office operations center centre department
    """
)
"""Behind a word for customers they name the company's desk: Customer Care, Member Services, Customer Success Ann."""

UNSPACED: tuple[tuple[str, str], ...] = (
    ("machine", "机器人"), ("machine", "ボット"), ("machine", "챗봇"), ("machine", "自動音声"),
    ("agent", "客服"), ("agent", "坐席"), ("agent", "座席"), ("agent", "专员"), ("agent", "顾问"),
    ("agent", "オペレーター"),
    ("agent", "担当"), ("agent", "サポート"), ("agent", "상담사"), ("agent", "상담원"), ("agent", "고객센터"),
    ("customer", "客户"), ("customer", "顾客"), ("customer", "客戶"), ("customer", "お客"), ("customer", "顧客"),
    ("customer", "고객"), ("customer", "用户"),
)  # fmt: skip
"""(role, part of a name) for scripts that set no spaces; the first that fits decides."""

NUMBERED = words(
    """
    speaker participant guest caller person voice unknown sprecher sprecherin teilnehmer interlocuteur locuteur
    participante hablante altavoz parlante spreker deltagare puhuja mówca mluvčí konuşmacı спикер голос участник
    """
)
"""Words to which a tool appends a number where it knows no name: Speaker 1."""

PARTICLES = words(
    """
    de del della dello der den des di da das do dos du van von vom zu zur zum ter ten te la le les el al bin ibn bint
    af av y e i and und et & mc mac st jr sr ap
    """
)
"""Small words inside names of people."""

NOUNS = words(
    """
    number numbers id name names address email mail phone telephone date time code zip postcode order invoice account
    contract ticket reference ref tracking booking reservation serial model version price total amount sum balance
    problem problems issue issues question questions point points reason reasons thing things fact facts topic note
    notes example error message answer result status subject step option choice idea story request complaint update
    summary conclusion detail details title password pin link url website participants attendees invitees transcript
    recording duration agenda
    nummer kundennummer bestellnummer rechnungsnummer vertragsnummer auftragsnummer telefonnummer adresse anschrift
    datum uhrzeit kennwort passwort betrag preis summe grund frage fragen problem probleme punkt thema beispiel hinweis
    fehler fehlermeldung antwort ergebnis sache anliegen beschwerde wunsch zusammenfassung fazit betreff rechnung
    bestellung auftrag vertrag konto modell
    numéro nom commande facture contrat compte problème problèmes raison sujet exemple erreur réponse résultat remarque
    prix montant motif adresse téléphone dossier
    número numero nombre nome pedido factura contrato cuenta conta problema problemas pregunta razón motivo ejemplo
    respuesta resultado precio importe dirección teléfono fecha asunto questão pergunta fatura endereço telefone data
    domanda ragione esempio errore risposta prezzo indirizzo telefono ordine fattura oggetto
    naam bestelling factuur klantnummer probleem vraag reden voorbeeld fout antwoord prijs adres datum onderwerp
    ordernummer kundnummer fråga fel svar pris adress spørgsmål svar ordrenummer
    проблема проблемы номер заказ адрес телефон вопрос причина ошибка ответ итог пример дата время имя сумма
    """
)
"""Heads of `Order number: 4711` and `Problem one: ...`, which are part of what somebody says."""

PROSE = NOUNS | words(
    """
    one two three four five first second third fourth firstly secondly thirdly last lastly finally next then also and
    but or so well yes no ok okay right now wait listen look see remember please sorry thanks thank warning attention
    ps important basically actually honestly again maybe because however anyway meanwhile besides
    my your our his her its their the a an this that these those another other only main big same new old
    i you he she it we they me said says say told asked wrote is are was were be been will would can could
    do does did have has had what when where who why how which
    erstens zweitens drittens eins zwei drei erste zweite dritte erster zweiter letzte und aber oder also ja nein gut
    nun moment bitte achtung wichtig übrigens außerdem nochmal mein meine unser unsere der die das ein eine ich wir er
    sie sagte nämlich kurz
    premier première deuxième deuxièmement premièrement un deux trois et mais donc oui non bon écoutez attention mon ma
    notre je il elle le la les voilà
    primero primera segundo segunda uno dos tres y pero entonces sí bueno mire oiga mi nuestro yo
    primo prima secondo seconda uno due tre ma allora sì bene senta mio mia io
    eerste tweede een en maar dus ja nee mijn ons ik
    primeiro primeira segundo dois três mas então sim não bem meu minha eu
    första andra och men så nej min mitt jag
    первое второе первый второй во-первых во-вторых и но да нет мой моя я так вот
    """
)
"""Words of which sentences are made and names are not."""

UNSPACED_PROSE = tuple(
    "问题 订单 地址 电话 第一 第二 原因 问題 問題 注文 番号 理由 住所 질문 문제 주문 번호".split(" ")  # noqa: SIM905 -- a table
)
"""The same for scripts that set no spaces."""
