window.YTD.deleted_tweets.part0 = [
  { "tweet" : { "id_str" : "1006", "created_at" : "Sat May 04 11:00:00 +0000 2024", "deleted_at" : "Sat May 04 12:00:00 +0000 2024", "full_text" : "Dit neem ik terug." } }
]
