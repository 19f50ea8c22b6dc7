window.YTD.community_tweet.part0 = [
  { "tweet" : { "id_str" : "1007", "created_at" : "Sun May 05 11:00:00 +0000 2024", "full_text" : "Wie heeft er zuurdesem?", "community_id_str" : "42", "lang" : "nl" } }
]
