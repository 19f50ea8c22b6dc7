"""The names of the town, its people, quarters, streets and clubs; all made up."""

TOWN = "Waterdrecht"
HOST = "waterdrecht.example"
SOCIAL, FORUM, LISTS, MAIL = f"social.{HOST}", f"vraagbaak.{HOST}", f"lijsten.{HOST}", f"post.{HOST}"
HALL_NAME, HALL_HANDLE, HALL_MAIL = f"Gemeente {TOWN}", "gemeente", f"gemeente@{HOST}"
BOT_NAME, BOT_HANDLE, BOT_MAIL = f"Automatisch bericht {TOWN}", "gemeentebot", f"noreply@{HOST}"
LIST_NAME, LIST_MAIL = "dorpslijst", f"dorpslijst@{LISTS}"

# fmt: off
GIVEN = (
    "Anna", "Bram", "Carla", "Daan", "Els", "Femke", "Gerrit", "Hanneke", "Ingrid", "Jan", "Karin", "Lotte", "Maarten", "Nienke",
    "Otto", "Petra", "Quinten", "Roos", "Sander", "Tineke", "Ursula", "Vincent", "Willem", "Xander", "Yvonne", "Zoë", "Aart", "Bea",
    "Cees", "Dirk", "Evelien", "Frits", "Geert", "Hilde", "Ivo", "Joke", "Koen", "Liesbeth", "Marijke", "Niels", "Oscar", "Pieter",
    "Ria", "Sjoerd", "Trudy", "Wouter", "Annelies", "Bas", "Corrie", "Douwe", "Esther", "Floor", "Guus", "Henk", "Ilse", "Jeroen",
    "Kees", "Lisanne", "Mieke", "Nelleke", "Paul", "Renske", "Stijn", "Teun", "Wilma", "Tjitske", "Wiebe", "Hylke", "Sietske",
    "Mohamed", "Fatima", "Youssef", "Samira", "Hassan", "Naima", "Rachid", "Khadija", "Bilal", "Soumaya", "Mehmet", "Ayşe", "Emre",
    "Elif", "Murat", "Zeynep", "Hakan", "Selin", "Ravi", "Sunita", "Anil", "Priya", "Rajesh", "Shanti", "Winston", "Gladys", "Orlando",
    "Mavis", "Romeo", "Chantal", "Agnieszka", "Piotr", "Katarzyna", "Marek", "Magda", "Tomasz", "Ioana", "Andrei", "Elena", "Mihai",
    "Olena", "Taras", "Oksana", "Dmytro", "Amina", "Ahmed", "Layla", "Omar", "Yara", "Khaled", "Rania", "Tariq", "Hodan", "Abdi",
    "Ifrah", "Selam", "Dawit", "Hana", "Tesfay", "Li", "Wei", "Mei", "Jun", "Minh", "Linh", "Thao", "Kofi", "Ama", "Kwame", "Efua",
    "Chidi", "Ngozi", "Nora", "Liam", "Emily", "James", "Sophie", "Oliver", "Grace", "Lucía", "Mateo", "Inês", "João", "Giulia",
    "Luca", "Noor", "Sem", "Fenna", "Jurre", "Saar", "Mees", "Puck", "Ties",
)
FAMILY = (
    "de Vries", "Jansen", "van den Berg", "Bakker", "van Dijk", "Visser", "Smit", "Meijer", "de Boer", "Mulder", "de Groot", "Bos",
    "Vos", "Peters", "Hendriks", "van Leeuwen", "Dekker", "Brouwer", "de Wit", "Dijkstra", "Smits", "de Graaf", "van der Meer", "Kok",
    "Jacobs", "de Haan", "Vermeulen", "van den Heuvel", "van der Veen", "van den Broek", "de Bruijn", "Schouten", "van Beek",
    "Willems", "van Vliet", "van de Ven", "Hoekstra", "Maas", "Verhoeven", "Koster", "van Dam", "Prins", "Blom", "Huisman", "Postma",
    "Kuipers", "Veenstra", "Kramer", "van Loon", "Terpstra", "Zijlstra", "Boersma", "Sikkema", "Wiersma", "El Amrani", "Benali",
    "Bouzid", "Aziz", "El Idrissi", "Tahiri", "Yılmaz", "Kaya", "Demir", "Şahin", "Öztürk", "Aydın", "Ramdin", "Soekhoe", "Bhagwan",
    "Jhinkoe", "Pinas", "Kenswil", "Wijntuin", "Martina", "Nowak", "Kowalska", "Wiśniewski", "Popescu", "Ionescu", "Shevchenko",
    "Kovalenko", "Haddad", "Nasser", "Al-Khatib", "Mansour", "Warsame", "Osman", "Tekle", "Haile", "Chen", "Wang", "Nguyen", "Tran",
    "Mensah", "Owusu", "Okafor", "Adeyemi", "Clarke", "Murphy", "Bennett", "Walsh", "García", "Fernandes", "Silva", "Rossi",
    "Schipper", "Veerman", "Zeeman", "Sluis", "van der Zijl", "Molenaar", "Tuinstra",
)
QUARTERS = (
    "Kadebuurt", "Molenwijk", "Havenbuurt", "Rietbuurt", "Stationsbuurt", "Waardenwijk", "Tuinwijk", "Veerbuurt", "Sluisbuurt",
    "Kerkbuurt", "Horstwijk", "Dijkbuurt", "Plassenbuurt", "Eilandbuurt", "Parkbuurt", "Weidebuurt", "Werfbuurt", "Lindebuurt",
    "Bolwerkbuurt", "Hofbuurt", "Vissersbuurt", "Boomgaardbuurt", "Overtoombuurt", "Kreekbuurt",
)
"""All of them take the Dutch article "de"."""
CLUBS = (
    "Roeivereniging De Riem", "Zangkoor Vloedlijn", "Schaakclub De Toren", "Volkstuin De Kluit", "IJsclub Waterdrecht",
    "Toneelgroep Het Luik", "Hardloopgroep Dijkdravers", "Muziekvereniging Crescendo", "Repair Café", "Vogelwerkgroep De Kluut",
    "Voetbalclub WVV", "Leesclub De Bladwijzer",
)
STREETS = (
    ("in", "de", "Kerkstraat"), ("in", "de", "Dorpsstraat"), ("aan", "de", "Molenkade"), ("aan", "de", "Havenkade"),
    ("op", "het", "Havenplein"), ("in", "de", "Lijnbaan"), ("aan", "de", "Zuiderdijk"), ("in", "de", "Visserstraat"),
    ("op", "de", "Grote Markt"), ("in", "de", "Lindelaan"), ("aan", "de", "Sluisweg"), ("in", "de", "Touwslagersgang"),
    ("in", "de", "Schoolstraat"), ("aan", "de", "Oude Singel"), ("op", "de", "Parkweg"), ("in", "de", "Rozemarijnsteeg"),
    ("in", "de", "Stationsstraat"), ("aan", "het", "Noordeinde"), ("in", "de", "Wilgenstraat"), ("op", "het", "Kerkplein"),
    ("aan", "de", "Veerdam"), ("in", "de", "Korenbloemstraat"), ("in", "de", "Rietgorsstraat"), ("aan", "de", "Waterkant"),
    ("in", "de", "Smidsteeg"), ("op", "de", "Burgemeester Sluisweg"), ("in", "de", "Eikenlaan"), ("in", "de", "Meidoornstraat"),
    ("aan", "de", "Polderweg"), ("in", "de", "Kuipersgang"),
)
"""With the Dutch preposition and article."""
# fmt: on
TAGS = ("windmolens", "betaaldparkeren", "havenfeest")
"""What is argued about on the town's server: the first two divide people, the third does not."""
DIVIDED = (True, True, False)
OPINION_TAG, BURST_TAG, MINORITY_TAG = "autovrijekade", "brugvast", "nachtvissen"
