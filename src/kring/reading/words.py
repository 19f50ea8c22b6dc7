"""Which words a text says: in small letters, each once, without links, addresses, handles, quotes and words that everybody uses."""

import re

_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+|(?<!\w)@[\w.@-]+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
SHORTEST, LONGEST = 3, 30
_ENGLISH = """about above actually after again against ain't all almost alone along already also although always and another any anybody anyone
    anything anyway are aren't around ask asked away back bad because been before being below best better between both but came can can't cannot
    come comes could couldn't did didn't different does doesn't doing don't done down during each either else end enough even ever every everybody
    everyone everything far few first for found from further gave get gets getting give given gives goes going gone good got great had hadn't happen
    hard has hasn't have haven't having her here hers herself hey him himself his how however i'd i'll i'm i've instead into isn't it's its itself
    just keep kind know known last later least less let let's like little long look looking lot lots made make makes making many may maybe mean
    might mine more most much must mustn't myself near need needs neither never new next nice nobody none nor not nothing now off often old once one
    ones only onto other others ought our ours ourselves out over own part people perhaps please probably put quite rather read really right said
    same saw say says see seem seems seen several shall shan't she should shouldn't since some somebody someone something sometimes soon still such
    sure take taken tell than thank thanks that that's the their theirs them themselves then there there's these they they're thing things think
    this those though thought through time times today together told tomorrow too took toward towards tried try trying two under until upon use
    used uses using usually very want wants was wasn't way ways week well went were weren't what what's when where whether which while who whole
    whom whose why will with within without won't work works would wouldn't year years yes yesterday yet you you'd you'll you're you've your yours
    yourself yourselves dear hello hi regards sincerely kind wrote"""
_DUTCH = """aan achter af al alle alleen allemaal alles als altijd ander andere anders ben beste beter bij bijna binnen boven bovendien buiten daar
    daarna daarom dag dan dat deden deed denk denken deze dezelfde die dien dingen dit doe doen doet door dus echt echter een eens eerst eigenlijk
    elk elke en enige enkele er erg ergens even gaan gaat gebruik gedaan geef geeft geen gehad geven geweest gewoon ging goed goede groet groeten
    groetjes had hadden hallo heb hebben hebt heeft heel heen helemaal hem hen her het hetzelfde hier hierbij hij hoe hoewel hun iedereen ieder
    iedere iemand iets ik in ineens ja jaar jammer je jij jou jouw jullie kan keer kijk kijken klein kom komen komt kon konden kreeg krijg krijgen krijgt
    kun kunnen kunt laat laatste lang later laten leuk liever lijkt maak maakt maar maken man manier me mee meer meest meestal men mensen met mij
    mijn min minder misschien moest moet moeten mogen mooi morgen naar naast nee nemen net niemand niet niets niks nodig nog nooit nou nu of ofzo
    om omdat onder ons onze ook op over overal paar per precies samen se sinds snel soms staan staat steeds straks te tegen ten ter terug tijd
    toch toen tot tussen twee uit uw van vanaf vandaag vanuit veel ver verder via vind vinden voor vooral vorige vraag waar waarom waren was wat we
    weer weet weg weinig wel welk welke werd werden weten wie wij wil willen wilde word worden wordt zal ze zeer zeg zeggen zegt zei zelf zelfs
    zich zie zien ziet zij zijn zin zit zo zoals zodat zou zouden zulke zullen bedankt dank dankjewel dankuwel graag hartelijk hoi hey mvg
    vriendelijke alvast voorbaat hopelijk ziens hartelijke gister gisteren eerder erna ervoor erbij eraan ervan vond ga gaf nieuwe
    nieuw oude grote kleine hele"""
COMMON = frozenset((_ENGLISH + " " + _DUTCH).split())
"""Words that say nothing about what a text is about, Dutch and English."""


def words(text: str) -> set[str]:
    """The words of a text, its hashtags' among them."""
    own = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">"))
    found = (word.replace("’", "'") for word in _WORD.findall(_LINK.sub(" ", own).lower()))
    return {word for word in found if SHORTEST <= len(word) <= LONGEST and word not in COMMON}
