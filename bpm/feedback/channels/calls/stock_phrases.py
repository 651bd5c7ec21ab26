"""Phrases by which calls are scripted, answered and acknowledged, as written without punctuation in small letters."""

import re

from bpm.feedback.channels.calls.role_words import words


def _any_of(phrases: str) -> re.Pattern[str]:
    written = [" ".join(line.split()) for line in phrases.strip().splitlines()]
    return re.compile(r"\b(?:" + "|".join(re.escape(each) for each in written if each) + r")\b")


SCRIPT = _any_of(
    """
    thank you for calling
    thanks for calling
    thank you for contacting
    thanks for contacting
    thank you for reaching out
    thank you for holding
    thank you for your patience
    thank you for your understanding
    thank you for being a
    how can i help
    how may i help
    how can i assist
    how may i assist
    what can i do for you
    anything else i can
    anything else today
    anything else i may
    is there anything else
    this call may be recorded
    this call is being recorded
    calls are recorded
    for quality and training
    for quality assurance
    for training purposes
    your call is important
    we value your
    we appreciate your business
    we apologize for any inconvenience
    we apologize for the inconvenience
    i apologize for the inconvenience
    sorry for any inconvenience
    sorry for the inconvenience
    have a great day
    have a nice day
    have a wonderful day
    have a good day
    my name is
    can you please verify
    can you please confirm
    may i have your
    could i have your
    can i have your
    please stay on the line
    please hold
    please bear with me
    i will be happy to
    i would be happy to
    i d be happy to
    i understand your frustration
    i understand your concern
    i completely understand
    wie kann ich ihnen helfen
    wie kann ich helfen
    was kann ich für sie tun
    vielen dank für ihren anruf
    danke für ihren anruf
    danke für ihre geduld
    kann ich sonst noch
    kann ich noch etwas für sie tun
    mein name ist
    schönen tag noch
    einen schönen tag
    entschuldigen sie die unannehmlichkeiten
    zu schulungszwecken
    ihr anruf ist uns wichtig
    comment puis je vous aider
    que puis je faire pour vous
    merci d avoir appelé
    merci de votre appel
    merci de votre patience
    puis je faire autre chose
    bonne journée
    veuillez patienter
    je vous prie de m excuser
    en qué puedo ayudarle
    en qué le puedo ayudar
    cómo puedo ayudarle
    gracias por llamar
    gracias por su paciencia
    gracias por su llamada
    algo más en que
    que tenga un buen día
    lamentamos las molestias
    disculpe las molestias
    come posso aiutarla
    grazie per aver chiamato
    grazie per la sua pazienza
    posso fare altro per lei
    buona giornata
    ci scusiamo per il disagio
    waarmee kan ik u helpen
    hoe kan ik u helpen
    bedankt voor het bellen
    bedankt voor uw geduld
    fijne dag
    em que posso ajudar
    como posso ajudar
    obrigado por ligar
    obrigada por ligar
    tenha um bom dia
    """
)

ANSWERS = _any_of(
    """
    yes
    yeah
    no
    sure
    of course
    certainly
    absolutely
    correct
    exactly
    i see
    i understand
    understood
    i hear you
    sorry
    apologize
    apologies
    you are right
    that is right
    that s right
    because
    let me check
    let me look
    i will check
    i ll check
    i will look
    i ll look
    ja
    nein
    natürlich
    selbstverständlich
    verstehe
    verstanden
    tut mir leid
    entschuldigung
    stimmt
    ich schaue
    oui
    non
    bien sûr
    je comprends
    désolé
    désolée
    je vérifie
    sí
    claro
    por supuesto
    entiendo
    lo siento
    disculpe
    sì
    certo
    capisco
    mi dispiace
    nee
    natuurlijk
    ik begrijp
    het spijt me
    sim
    não
    claro que
    compreendo
    entendo
    desculpe
    да
    нет
    понимаю
    извините
    конечно
    """
)

SMALL_WORDS = words(
    """
    about above after again against also always another anything because been before being both cannot could does doing
    done down each else even every from gets give goes going good great hello have having here hers himself into itself
    just keep know like made make many maybe mean more most much must need never next only other ours over please really
    said same shall should since some something still such sure take tell than thank thanks that their theirs them then
    there these they thing things think this those through today told under until upon very want wants well went were
    what when where which while will with without would yeah your yours
    aber alle alles also auch auf dann dass dein denn deren dies diese dieser dieses doch durch eine einem einen einer
    etwas euch für guten habe haben hatte hier hallo immer ihre ihren ihnen jetzt kann kein keine können machen mehr
    mein meine mich mir mit möchte nach nicht nichts noch nur oder schon sehr sein seine sich sind über und uns unser
    unter viel vielen vom von vor war waren warum was weil wenn werden wie wieder will wird wir wird wurde
    avec avez avoir bonjour cela cette comme dans depuis donc elle elles est être faire leur mais même mon nous plus
    pour pourquoi quand que quel quelle sans sont suis sur tout tous très une votre vous
    algo ante aquí bien buenos como con cuando desde donde ella ellos entre eso esta estar este esto estoy hace hasta
    hola más mucho muy nada para pero por porque puede que quiero ser sido sobre son soy tengo tiene todo una usted
    """
)
"""Words of four letters and more that carry no meaning of their own."""
