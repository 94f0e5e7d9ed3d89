# ruff: noqa: E501  word lists read better unbroken
"""Subjects and phrases of automatic answers in the languages in which mail programs write them."""

from __future__ import annotations

import re

# at the beginning of the subject, as the programs write it
SUBJECT = re.compile(
    r"[\s\[(【「『]*(?:"
    r"auto(?:mated|matic)?[ -]?(?:reply|response|responder|answer)\b|auto: |out[ -]of[ -](?:the )?office\b|ooo\b|away from (?:my|the) (?:mail|office)|vacation(?: reply| message|:)|"
    r"risposta automatica|messaggio automatico|fuori (?:sede|ufficio)|assenza dall'ufficio|assente dall'ufficio|avviso di assenza|sono in ferie|"
    r"respuesta autom[aá]tica|fuera de la? oficina|ausencia de la oficina|mensaje autom[aá]tico|contestaci[oó]n autom[aá]tica|autorrespuesta|"
    r"otomatik (?:yan[iı]t|cevap)|ofis d[iı][sş][iı]nda|i[sş] yeri d[iı][sş][iı]nda|otomatik ileti|"
    r"automatische (?:antwort|abwesenheit|r[uü]ckmeldung)|abwesenheits(?:notiz|nachricht|meldung|assistent)|abwesend|nicht im b[uü]ro|"
    r"r[eé]ponse automatique|absence du bureau|absent du bureau|message d'absence|absent\(?e?\)?\s?:|"
    r"resposta autom[aá]tica|fora do escrit[oó]rio|aus[eê]ncia tempor[aá]ria|"
    r"automatisch antwoord|afwezig(?:heid)?|niet aanwezig|autosvar|automatiskt? svar|fr[aå]nvaro|ikke p[aå] kontoret|automaattinen vastaus|poissa|"
    r"automatyczna odpowied[zź]|odpowied[zź] automatyczna|poza biurem|nieobecno[sś][cć]|automatick[aá] odpov[eě][dď]|mimo kancel[aá][rř]|automatikus v[aá]lasz|h[aá]zon k[ií]v[uü]l|r[aă]spuns automat|"
    r"автоматический ответ|автоответ|вне офиса|αυτόματη απάντηση|αυτοματη απαντηση|εκτός γραφείου|автоматичен отговор|automatski odgovor|samodejni odgovor|automaatne vastus|automātiska atbilde|automatinis atsakymas|"
    r"frav[æe]rs(?:melding|besked)|frav[æe]r\b|automatisk besked|ute av kontoret|p[åa] ferie\b|ikke til stede|bruger ikke tilg|absen[țţt][ăa] din birou|mesaj automat|[iî]n concediu|autoodpowied[zź]|urlop\b|risponditore automatico|auto-?resposta|"
    r"dovolen[aá]|szabads[aá]g|atostog|atvaļin|godi[sš]nji odmor|dopust\b|απουσία|άδεια|отпуск|в отпуске|нет на месте|відпуст|werksferien|betriebsferien|betriebsurlaub|chiusura (?:estiva|per ferie|aziendale)|cierre por vacaciones|fermeture (?:annuelle|estivale)|encerrado para f[eé]rias|"
    r"自動返信|自动回复|自動回覆|不在|外出|자동 회신|부재중|תשובה אוטומטית|רد تلقائي|رد تلقائي|respon automatik|balasan otomatis|tr[aả]l[oờ]i t[uự] [dđ][oộ]ng|ตอบกลับอัตโนมัติ"
    r")",
    re.IGNORECASE,
)  # fmt: skip

# the same words at the very beginning of a body, where no header and no subject tells
FIRST_WORDS = re.compile(
    r"\W{0,6}(?:this is an auto(?:mated|matic)|auto(?:mated|matic) (?:reply|response|message)|(?:questo [eè] un |questa [eè] una )?(?:messaggio|risposta) automatic|(?:este es un |esta es una )?(?:mensaje|respuesta|correo) autom[aá]tic|"
    r"(?:bu )?otomatik (?:bir )?(?:yan[iı]t|cevap|mesaj|ileti)|(?:dies(?:es)? ist eine? )?automati(?:sche|sch erstellte|sierte) (?:antwort|nachricht|e-?mail)|(?:ceci est )?(?:une? )?(?:r[eé]ponse|message|courriel) automatique|(?:esta [eé] uma |este [eé] um )?(?:resposta|mensagem|e-?mail) autom[aá]tic|"
    r"(?:dit is een )?automati(?:sch antwoord|sch bericht|sche (?:reactie|e-?mail)))",
    re.IGNORECASE,
)

# what no person writes at the end of a letter
NO_ANSWER = re.compile(
    r"(?:please )?do not (?:reply|respond) to this|(?:si prega di )?non rispond(?:a|ere|ete) a quest|no (?:responda|conteste|responder|contestar) a (?:este|esta)|bitte antworten sie nicht auf diese|(?:merci de )?ne pas r[eé]pondre [aà] ce|n[aã]o responda a est|"
    r"(?:gelieve )?niet te (?:antwoorden|beantwoorden)|antwoord niet op dit|(?:bu )?(?:e-?posta\w*|mesaj\w*|ileti\w*)[^.\n]{0,20} (?:yan[iı]tlamay|cevaplamay)",
    re.IGNORECASE,
)

# Lotus Notes: "Anna Verdi/Torino/Acme is out of the office."
NOTES_SUBJECT = re.compile(
    r"is out of the office\.?\s*(?:\(|$)|[eè] fuori ufficio\.?\s*$|est absent\(?e?\)?\.?\s*$|ist au[sß]s?er haus\.?\s*$",
    re.I,
)

# an answer that calls itself automatic, or is written like every absence notice
BODY = re.compile(
    r"this is an (?:auto(?:mated|matic|matically generated)?)[ -](?:reply|response|message|e-?mail|acknowledg)|i (?:will be|am) out of (?:the|my) office|do not reply to this (?:auto|e-?mail|message)|automatically generated (?:reply|response|message|e-?mail)|"
    r"(?:questa|la presente|presente) (?:[eè] una |risposta |e-?mail ){1,2}(?:risposta )?(?:automatica|generata)|messaggio (?:[eè] stato )?generato automaticamente|risposta automatica|messaggio automatico|si prega di non rispondere|"
    r"(?:este|esta) es un[a]? (?:mensaje|respuesta|correo) autom[aá]tic|respuesta autom[aá]tica|mensaje (?:generado )?autom[aá]tic|no responda a este (?:mensaje|correo)|"
    r"otomatik (?:bir )?(?:yan[iı]t|cevap|mesaj|olarak (?:g[oö]nderil|olu[sş]tur))|bu (?:e-?posta|mesaj|ileti) otomatik|l[uü]tfen (?:bu )?(?:e-?posta\w*|mesaj\w*)[^.\n]{0,20} (?:yan[iı]tlamay|cevaplamay)|"
    r"dies ist eine automatische|automatisch (?:generierte|erstellte)|ceci est (?:une r[eé]ponse|un message) automatique|esta [eé] uma (?:resposta|mensagem) autom[aá]tica|dit is een automatisch",
    re.IGNORECASE,
)  # fmt: skip

# for text in lower case; no challenge is without one of the words, and most mails are spared the pattern by them
CHALLENGE_WORDS = (
    "confirm ",
    "verify ",
    "click ",
    "challenge",
    " held ",
    "awaiting ",
    "robô",
    "robo ",
    "robot",
    "spam",
)
CHALLENGE = re.compile(
    r"(?:not (?:a|by a) robot|non (?:sei|[eè]|sia) (?:stat[oa] inviat[oa] da )?un robot|no (?:es|eres|fue enviad[oa] por) un robot|n[aã]o (?:[eé]|foi enviad[oa] por) um rob[oôó]|(?:kein|nicht von einem) roboter|pas un robot|geen robot|robot olmad)|"
    r"(?:anti-?spam|spamschutz)[^.]{0,160}(?:click|clic|klick|tikla|tıkla|cliqu|klik)|(?:click|clic|klick|cliqu|klik|tıkla)[^.\n]{0,160}(?:anti-?spam|spamschutz|challenge)|"
    r"confirm (?:that )?(?:you(?:r message)?|your e-?mail address|you are) (?:\w+ ){0,6}(?:human|sender|delivered|real person)|"
    r"verify (?:that )?(?:you(?:r message)?|your e-?mail address|you are) (?:\w+ ){0,6}(?:human|sender|delivered|real person)|"
    r"click (?:on )?(?:the|this) link (?:\w+ ){0,8}(?:deliver|release|approve) (?:your|this) (?:message|e-?mail)|"
    r"challenge[- ]response|your message (?:is|has been) (?:being )?held (?:\w+ ){0,4}(?:until|pending) (?:\w+ ){0,4}(?:confirm|verif)|awaiting (?:your )?(?:confirmation|verification) (?:\w+ ){0,4}(?:sender|address)"
)
