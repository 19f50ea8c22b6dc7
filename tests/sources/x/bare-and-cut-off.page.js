window.YTD.tweet.part0 = [ {
  "retweeted" : false,
  "id_str" : "301",
  "created_at" : "Mon Oct 01 20:19:24 +0000 2018",
  "full_text" : "Zonder omslag, \ud83c\udf5e",
  "in_reply_to_screen_name" : "Bob"
}, "nee", {
  "id_str" : "302",
  "created_at" : "gisteren",
  "full_text" : "RT @bob: weer\u0000 wat",
  "entities" : { "user_mentions" : "kapot" }
}, {
  "id_str" : "303", "full_te