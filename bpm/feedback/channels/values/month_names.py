"""Names of months and weekdays in the languages of the exports people have, as `plain` writes them.

From the Unicode CLDR (by Babel), wide and short forms of: en en_GB de de_AT fr es it nl pt sv pl da nb cs fi hu ro sk
tr el ru uk ca sl et lv lt bg id; and `mrz`, `maerz`, `feber` of older programs. A test holds it against Babel.
"""

_MONTHS = """
january jan januar janner janvier janv enero ene gennaio gen januari janeiro stycznia sty styczen ledna led leden
tammikuuta tammi tammikuu ianuarie ian januara ocak oca ιανουαριου ιαν ιανουαριοσ января янв январь січня січ січень
gener jaanuar jaan janvaris sausio saus sausis януари яну jaen

february feb februar fevrier fevr febrero febbraio februari fevereiro fev lutego lut luty unora uno unor helmikuuta
helmi helmikuu febr februarie februara subat sub φεβρουαριου φεβ φεβρουαριοσ февраля февр февраль лютого лют лютии
febrer veebruar veebr februaris vasario vas vasaris февруари фев feber

march mar marz mars marzo maart mrt marco marca marzec marts brezna bre brezen maaliskuuta maalis maaliskuu marcius
marc martie marec mart μαρτιου μαρ μαρτιοσ марта мар март березня бер березень kovo kov kovas maret mrz maerz

april apr avril avr abril abr aprile kwietnia kwi kwiecien dubna dub duben huhtikuuta huhti huhtikuu aprilis aprilie
aprila nisan nis απριλιου απρ απριλιοσ апреля апр апрель квітня квіт квітень aprill balandzio bal balandis април

may mai mayo maggio mag mei maio maj maja kvetna kve kveten toukokuuta touko toukokuu majus mayis μαιου μαι μαιοσ мая
маи травня трав травень maig maijs geguzes geg geguze

june jun juni juin junio giugno giu junho czerwca cze czerwiec cervna cvn cerven kesakuuta kesa kesakuu junius iunie
iun juna haziran haz ιουνιου ιουν ιουνιοσ июня июн июнь червня черв червень juny junij juuni junijs birzelio birz
birzelis юни

july jul juli juillet juil julio luglio lug julho lipca lip lipiec cervence cvc cervenec heinakuuta heina heinakuu
julius iulie iul jula temmuz tem ιουλιου ιουλ ιουλιοσ июля июл июль липня лип липень juliol julij juuli julijs liepos
liep liepa юли

august aug aout agosto ago augustus augusti sierpnia sie sierpien srpna srp srpen elokuuta elo elokuu augusztus
augusta agustos agu αυγουστου αυγ αυγουστοσ августа авг август серпня серп серпень agost ag avgust avg augusts
rugpjucio rugp rugpjutis agustus

september sep sept septembre septiembre settembre set setembro wrzesnia wrz wrzesien zari zar syyskuuta syys syyskuu
szeptember szept septembrie septembra eylul eyl σεπτεμβριου σεπ σεπτεμβριοσ сентября сент сентябрь вересня вер
вересень setembre septembris rugsejo rugs rugsejis септември сеп

october oct oktober okt octobre octubre ottobre ott outubro out pazdziernika paz pazdziernik rijna rij rijen lokakuuta
loka lokakuu octombrie oktobra ekim eki οκτωβριου οκτ οκτωβριοσ октября окт октябрь жовтня жовт жовтень oktoober
oktobris spalio spal spalis октомври

november nov novembre noviembre novembro listopada lis listopad listopadu marraskuuta marras marraskuu noiembrie
novembra kasim kas νοεμβριου νοε νοεμβριοσ ноября нояб ноябрь листопада лист листопад novembris lapkricio lapkr
lapkritis ноември ное

december dec dezember dez decembre diciembre dic dicembre dezembro grudnia gru grudzien desember des prosince pro
prosinec joulukuuta joulu joulukuu decembrie decembra aralik ara δεκεμβριου δεκ δεκεμβριοσ декабря дек декабрь грудня
груд грудень desembre detsember dets decembris gruodzio gruod gruodis декември
"""

_WEEKDAYS = """
an antradienis car carsamba cet cetrtek ceturtd ceturtdiena cmt cs csutortok ct ctvrtek cum cuma cumartesi czw
czwartek dc dg di dienstag dijous dilluns dim dimanche dimarts dimecres dinsdag dissabte diumenge divendres dj dl do
dom domenica domingo donderdag donnerstag ds dt dum duminica dv e esmaspaev fr fre fredag freitag fri friday gio
giovedi h hetfo jeu jeudi joi jue jueves jum jumat k kam kamis ke kedd keskiviikko keskiviikkona ketvirtadienis
kolmapaev kt l la lauantai lauantaina laupaev lor lordag lun lundi lunedi lunes luni ma maanantai maanantaina maandag
man mandag mar mardi martedi martes marti mer mercoledi mercredi mi mie miercoles miercuri min minggu mittwoch mo mon
monday montag n ne ned nedela nedele nedelja neljapaev niedz niedziela ons onsdag otrd otrdiena p pa patek paz pazar
pazartesi pe penktadienis pentek per perjantai perjantaina persembe pet petek pi piatek piatok piektd piektdiena
pirmadienis pirmd pirmdiena pn po pon pondeli pondelok ponedeljek poniedzialek pr pt puhapaev pzt qua quartafeira qui
quintafeira r rab rabu reede sa sab sabado sabato sabtu sal sali sam sambata samedi samstag sat saturday seg
segundafeira sekmadienis sel selasa sen senin sestadienis sestd sestdiena sex sextafeira sk so sob sobota son sondag
sonntag sr sre sreda sroda st streda stvrtok su sun sunday sunnuntai sunnuntaina svetd svetdiena sze szerda szo
szombat t teisipaev ter tercafeira thu thursday ti tiistai tiistaina tir tirs tirsdag tis tisdag to tor torek tors
torsdag torstai torstaina tr treciadienis tresd tresdiena tue tuesday ut utery utorok v vasarnap ven vendredi venerdi
vie viernes vin vineri vr vrijdag wed wednesday wo woensdag wt wtorek za zaterdag zo zondag δευ δευτερα κυρ κυριακη
παρ παρασκευη πεμ πεμπτη σαβ σαββατο τετ τεταρτη τρι τριτη воскресенье вс вт вторник вівторок нд неделя неділя петък
пн понеделник понедельник понеділок пт пятница пятниця сб середа ср среда сряда суббота субота събота четвер четверг
четвъртък чт
"""

MONTHS = {name: number for number, names in enumerate(_MONTHS.split("\n\n"), 1) for name in names.split()}
"""Name -> 1 to 12."""

_ENGLISH = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_THAI = """
มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม
ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.
"""
THAI_MONTHS = dict(zip(_THAI.split(), _ENGLISH * 2, strict=True))
"""Name, wide or short -> the short name in English; Thai writes vowels that are no letters to a pattern."""

_OTHER = """
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول
جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
"""
OTHER_MONTHS = {name.replace("_", " "): english for name, english in zip(_OTHER.split(), _ENGLISH * 5, strict=True)} | {
    "إبريل": "apr",
    "اكتوبر": "oct",
    "ابريل": "apr",
    "اغسطس": "aug",
    "फरवरी": "feb",
}
"""Names in Arabic, Hebrew and Hindi -> the short name in English."""

WEEKDAYS = frozenset(_WEEKDAYS.split())
"""Names that may stand in front of a date."""
