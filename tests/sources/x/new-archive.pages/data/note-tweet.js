window.YTD.note_tweet.part0 = [
  {
    "noteTweet" : {
      "noteTweetId" : "5001",
      "updatedAt" : "2024-05-03T11:00:00.000Z",
      "createdAt" : "2024-05-03T11:00:01.000Z",
      "core" : {
        "text" : "Vandaag vertel ik hoe het brood van onze buurt begon: met een oven in de tuin van mijn grootmoeder, een zak meel van de molen aan de Vliet en heel veel buren die wilden helpen. Het eerste jaar bakten we elke zaterdag twaalf broden, en die gingen naar wie het nodig had. Lees verder op https://t.co/verder",
        "urls" : [ { "expandedUrl" : "https://wijkhuis.example/oven", "shortUrl" : "https://t.co/verder" } ],
        "mentions" : [ ], "hashtags" : [ ]
      }
    }
  },
  {
    "noteTweet" : {
      "noteTweetId" : "5002",
      "createdAt" : "2023-01-01T11:00:01.000Z",
      "core" : { "text" : "Een lang bericht dat later is gewist.", "urls" : [ ] }
    }
  }
]
