"""What people say in Dutch about anything."""

from kring.town.grammar import Phrases, Topic

PHRASES = Phrases(
    days=("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    months=("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"),
    time="{hour}.{minute:02d} uur",
    street="{article} {street}",
    at_street="{preposition} {article} {street}",
    ask_openings=(
        "Weet iemand dit?", "Vraagje aan de buurt.", "Even een vraag.", "Ik kom er zelf niet uit.", "Misschien weet iemand hier het.",
        "Hulp gevraagd!", "Ik hoorde verschillende verhalen.", "Op de website kon ik het niet vinden.", "Nieuw hier, dus vergeef me de vraag.",
        "Mijn buurvrouw en ik zijn het niet eens.", "Domme vraag misschien.", "Ik vraag het voor mijn moeder.", "", "", "", "",
    ),
    ask_closings=(
        "Alvast bedankt!", "Alvast dank.", "Ik hoor het graag.", "Dank jullie wel!", "Tips zijn welkom.", "Bij voorbaat dank.",
        "Fijn als iemand even reageert.", "Het heeft geen haast.", "Het is nogal dringend, vandaar.", "", "", "", "", "",
    ),
    wonder_openings=(
        "Ik zou graag weten", "Kunt u mij laten weten", "Graag hoor ik van u", "Ik probeer erachter te komen", "Niemand kan mij vertellen",
        "Laat u mij alstublieft weten", "Ik kan nergens vinden",
    ),
    greetings=("Hallo allemaal,", "Dag buren,", "Hoi,", "Beste buurtgenoten,", "Goedemorgen!", "Dag dorpsgenoten,", "Hallo lijst,", "Goedenavond allen,"),
    partings=("Groet,", "Groetjes,", "Vriendelijke groet,", "Tot ziens,", "Hartelijke groet,", "Met groet uit de {quarter},"),
    hall_greetings=("Geachte gemeente,", "Beste gemeente,", "Goedemiddag,", "Beste mensen van het gemeentehuis,", "Geachte heer/mevrouw,"),
    answer_openings=(
        "Ja hoor.", "Volgens mij wel.", "Voor zover ik weet:", "Dat heb ik net uitgezocht.", "Kijk eens aan, dat weet ik toevallig.", "Klopt.",
        "Bij ons ging het zo:", "Vorige maand had ik dezelfde vraag.", "Mijn zwager werkt daar, dus uit goede bron:", "", "", "", "",
    ),
    answer_closings=(
        "Succes!", "Laat je even weten of het gelukt is.", "Anders kom ik wel even langs.", "Dat werkte bij ons prima.", "Hopelijk helpt dit.",
        "Je mag me altijd bellen.", "Sterkte ermee.", "", "", "", "", "",
    ),
    hall_openings=(
        "Dank voor uw vraag.", "Goed dat u het vraagt.", "Bedankt voor uw bericht.", "We hebben het nagevraagd bij de collega's.",
        "Excuus dat u even moest wachten.", "Fijn dat u contact met ons opneemt.", "Dat zoeken we graag voor u uit.",
    ),
    hall_closings=(
        "Laat het ons gerust weten als er nog iets is.", "U kunt ook langskomen aan het loket.", "We houden u op de hoogte.",
        "Op onze website staat het volledige overzicht.", "Bel 14 0299 als u liever iemand spreekt.", "Fijne dag verder!", "",
    ),
    hall_teams=(
        "Marieke, team Afval", "Johan, team Openbare Ruimte", "Sanne, team Publiekszaken", "Hicham, team Verkeer", "Wil, team Welzijn",
        "Dounia, team Vergunningen", "Rob, havendienst", "Esmée, team Communicatie",
    ),
    bot=(
        "Dit is een automatisch bericht. Wij hebben uw vraag ontvangen en streven ernaar binnen drie werkdagen te reageren.",
        "Automatisch antwoord: het webteam is bereikbaar op werkdagen van 9.00 tot 17.00 uur. Uw bericht heeft nummer {number}{number}{number}4.",
        "Uw melding is geregistreerd. U hoeft niet op dit bericht te reageren, het is door een computer verstuurd.",
        "Bedankt voor uw bericht. Veelgestelde vragen en antwoorden vindt u op onze website. Dit bericht is automatisch gemaakt.",
    ),
    self_answers=(
        "Inmiddels heb ik het zelf gevonden.", "Laat maar, het is al opgelost.", "Nog een aanvulling: het gaat om het stuk {at_street}.",
        "Niemand reageert, dus ik ben er zelf maar langsgegaan.", "Ik beantwoord mezelf dan maar: het stond in de huis-aan-huiskrant.",
        "Nog steeds niets gehoord, ik bel {day} wel.", "Ter verduidelijking: ik bedoel de kant bij {street}.",
        "Update: het is vandaag weer hetzelfde.", "Voor wie meeleest: ik weet het intussen, het hangt op het prikbord.",
    ),
    thanks=(
        "Dank je wel!", "Bedankt, dat is precies wat ik zocht.", "Super, dank!", "Heel erg bedankt voor het uitzoeken.", "Wat fijn, dankjewel {name}.",
        "Top, bedankt voor de snelle reactie.", "Hartelijk dank!", "Dank, daar kan ik mee verder.", "Geweldig, bedankt!", "Bedankt voor de moeite.",
        "Ah, dank je. Weer iets geleerd.", "Je bent een schat, dank je wel.", "Dank u wel voor het duidelijke antwoord.", "Merci, dat scheelt me een rit.",
    ),
    thanks_tails=(
        "Ik ga het {day} meteen proberen.", "Er staat een appeltaart klaar.", "Zo hoor je eens wat.", "Dat had ik nooit zelf gevonden.", "Fijn, zulke buren.",
        "De koffie staat klaar {at_street}.", "Nu snap ik het.", "Ik geef het door aan de buren.", "", "", "", "", "",
    ),
    replies=(
        "Helemaal mee eens.", "Herkenbaar!", "Daar heb ik ook over nagedacht.", "Ha, dat zei mijn man gisteren ook.", "Bij ons {at_street} precies hetzelfde.",
        "Dat valt mij ook op.", "Goed dat je het zegt.", "Ik zag het ook, {day} nog.", "Tja, het is elk jaar hetzelfde liedje.", "Nou, hier in de {quarter} valt het mee.",
        "Mooi verwoord.", "Dat zou ik niet durven beweren.", "Ik sluit me aan bij {name}.", "Interessant, dat wist ik niet.", "Hier ook, en dat al weken.",
        "Zo is het maar net.", "Daar kijk ik anders tegenaan, maar ik begrijp je wel.", "Leuk om te lezen.", "Ja, dat was vroeger wel anders.", "Wat een verhaal.",
        "Kijk, daar word ik nu vrolijk van.", "Jammer, maar het is niet anders.", "Ik heb er {day} nog met {name} over gesproken.", "Precies mijn gedachte.",
    ),
    reply_tails=(
        "Misschien iets voor de buurtvergadering.", "We moeten er maar eens koffie over drinken.", "Ik houd het in de gaten.", "Zal ik {day} even langslopen.",
        "In de {quarter} hebben ze er iets op gevonden.", "Mijn ouders woonden {at_street}, die zouden lachen.", "Wordt vervolgd.", "Het hoort er een beetje bij.",
        "Zeg het ook eens tegen {name}.", "Op {date} is er weer een bijeenkomst.", "Zelf doe ik het al {number} jaar zo.", "", "", "", "", "",
    ),
    remark_tails=(
        "Zomaar even delen.", "Dat moest me van het hart.", "Wie herkent dit, steek je hand op.", "En dat al de {number}e keer dit jaar.", "Toch fijn wonen hier.",
        "Ik zag het {at_street} gebeuren.", "Dat mag best eens gezegd worden.", "Tot {day} allemaal.", "Het leven in Waterdrecht, nietwaar.", "", "", "", "", "", "",
    ),
    traps=(
        "Ik heb het nagelezen op https://www.waterdrecht.example/zoeken?q={tag}&pagina={number} en alles is duidelijk.",
        "Complimenten, de kaart op https://kaart.waterdrecht.example/?laag={tag}&straat={number} werkt prima.",
        "Mijn dochter zei: “Waarom doen ze dat niet overal zo?” Mooi gedaan {at_street}.",
        "Het bord met “Bent u de code vergeten?” hangt nu goed leesbaar {at_street}.",
        "Uw formulier https://www.waterdrecht.example/melden?soort={tag} is ingevuld verstuurd, zie nummer {number}{number}2.",
    ),
    agree=(
        "Precies, en laat je niets anders wijsmaken.", "Zo is het, {name}.", "Eindelijk iemand die het zegt.", "Volledig mee eens, dit moet de raad horen.",
        "Goed punt, dat geven we {day} door.", "Hier sta ik helemaal achter.", "Je haalt me de woorden uit de mond.", "Dit. Precies dit.",
    ),
    disagree=(
        "Daar klopt weinig van.", "Sorry, maar dat is te makkelijk.", "Met alle respect, reken het nog eens na.", "Ik zie dat echt heel anders, {name}.",
        "Dat verhaal horen we nu voor de {number}e keer.", "Kom {day} maar eens kijken {at_street}, dan praat je anders.", "Nee, zo werkt het niet.",
        "Jammer dat je alleen naar één kant kijkt.",
    ),
    topic_openings=("Nog één keer dan:", "Voor de raad van {day}:", "Even heel eerlijk.", "Mijn kijk:", "Ik heb de stukken gelezen.", "", "", ""),
    topics=(
        Topic((
            (
                "Vier molens langs de polder en de {quarter} heeft stroom voor altijd.", "Liever draaiende wieken dan een natte kelder over dertig jaar.",
                "De opbrengst van de molens gaat naar de dorpscoöperatie, dus naar ons allemaal.", "Ik woon {at_street} en verheug me op het uitzicht.",
                "Onze energierekening zakt met {number} tientjes als we meedoen met de molens.", "Vroeger stonden hier zeven molens en niemand klaagde.",
                "Wind waait gratis en hij waait hier altijd.", "Mijn kleinkinderen vragen later wat wij gedaan hebben.",
            ),
            (
                "Tweehonderd meter staal naast de dijk, dat krijg je nooit meer weg.", "Het gebrom hoor je tot {at_street}, vraag het maar in de buurgemeente.",
                "De vogels van de plas waren hier eerder dan de plannen van de wethouder.", "Leg eerst alle daken vol met panelen, dan praten we verder.",
                "De winst gaat naar een fonds ver weg en wij houden de schaduw.", "Mijn huis {at_street} is straks {number} ton minder waard.",
                "Niemand heeft de {quarter} iets gevraagd.", "De horizon is van iedereen, ook van wie niet meedoet.",
            ),
        )),
        Topic((
            (
                "Met betaald parkeren kan ik eindelijk weer voor mijn eigen deur staan.", "Dagjesmensen zetten {street} vol en wij lopen met de boodschappen.",
                "In de {quarter} ging het ook zo, en nu is iedereen tevreden.", "Van de opbrengst kunnen er {number} bomen per straat bij.",
                "Parkeerruimte is ook ruimte, en ruimte kost geld.", "Minder auto's {at_street} betekent dat kinderen weer buiten spelen.",
                "Een vergunning kost minder dan een kop koffie per week.", "Wie met de fiets kan, komt met de fiets.",
            ),
            (
                "Betaald parkeren jaagt de klanten naar het winkelcentrum aan de snelweg.", "Mijn mantelzorger betaalt straks om mijn moeder te wassen.",
                "Eerst een bushalte {at_street}, dan pas een parkeermeter.", "Dit is gewoon een greep in onze zak.",
                "De winkels {at_street} hebben het al moeilijk genoeg.", "Straks staat iedereen in de {quarter} en dan begint het daar.",
                "Een werkplaats zonder auto's bestaat niet, zegt mijn baas.", "Zet er {number} plekken bij in plaats van automaten.",
            ),
        )),
        Topic((
            (
                "Het koor oefent al voor het havenfeest, je hoort het tot {at_street}.", "Wie bakt er mee voor de kraam op het havenfeest, meld je bij {name}.",
                "Het havenfeest wordt dit jaar {number} uur langer.", "De kinderen van de {quarter} varen mee in de optocht.", "Vuurwerk hoeft van mij niet, lampionnen zijn mooier.",
                "Ik sta {day} weer achter de poffertjesplaat.", "De sloepen zijn geteerd, het havenfeest kan beginnen.", "Regen of niet, {day} dansen we op de kade.",
                "Mooie affiches {at_street}, gemaakt door groep acht.", "Mijn opa was er bij het eerste havenfeest al bij.",
            ),
            (),
        )),
    ),
    opinion=(
        "De kade is mooier zonder auto's.", "Een kade om te zitten, niet om te parkeren.", "Stel je voor: bankjes, bomen en water in plaats van blik.",
        "Zondag zonder auto's op de kade was de mooiste dag van het jaar.", "Geef de kade terug aan wie er loopt.", "Ik teken voor een autovrije kade, {name} ook.",
        "Mijn kinderen leerden fietsen op de lege kade.", "Autovrij is goed voor de terrassen, vraag het {at_street}.",
    ),
    burst=(
        "De brug staat al {number} kwartier open en er gebeurt niets.", "Sta vast {at_street}, de brug is stuk.", "Niemand kan het eiland op of af, de brug zit muurvast.",
        "De bakker deelt broodjes uit aan de wachtende auto's. Held!", "Fietsers kunnen met de roeiboot van {name} mee.", "De monteur komt uit de stad, zeggen ze, maar die staat ook voor de brug.",
        "Ambulances rijden om via de Zuiderdijk.", "Kinderen van de school {at_street} worden opgevangen in de bibliotheek.", "Prachtig gezicht eigenlijk, die brug rechtop in de avondzon.",
        "Wie heeft er plek voor de nacht voor {number} gestrande bezoekers, meld je.", "De roeivereniging zet mensen over, gratis.", "Hij beweegt! O nee, toch niet.",
        "Soep en stroom in het buurthuis van de {quarter}.", "Mijn trein gaat over een uur en ik kijk naar een brug.",
    ),
    hall_burst=(
        "De brug is door een storing blijven openstaan. De monteurs zijn onderweg. Rijd om via de Zuiderdijk.",
        "De pont vaart extra, ook vannacht. In de bibliotheek is koffie en opvang.",
        "De brug is weer dicht. Dank aan iedereen die hielp met boten, soep en bedden.",
    ),
    quoting="Op {date} om {time} schreef {name}:",
)
