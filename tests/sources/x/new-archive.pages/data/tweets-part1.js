window.YTD.tweets.part1 = [
  {
    "tweet" : {
      "id_str" : "1005",
      "created_at" : "Fri May 03 11:00:00 +0000 2024",
      "full_text" : "Vandaag vertel ik hoe het brood van onze buurt begon: met een oven in de tuin van mijn grootmoeder, een zak meel van de molen aan de Vliet en heel veel buren die wilden helpen. Het eerste jaar bakten we elke zaterdag twaalf broden, en die gingen… https://t.co/lang",
      "entities" : { "urls" : [ ] },
      "lang" : "nl"
    }
  }
]
