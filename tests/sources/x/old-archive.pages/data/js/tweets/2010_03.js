Grailbird.data.tweets_2010_03 = 
 [ {
  "source" : "web",
  "entities" : { "user_mentions" : [ ], "media" : [ ], "hashtags" : [ ], "urls" : [ ] },
  "geo" : { },
  "id_str" : "101",
  "text" : "Eerste brood van het jaar",
  "id" : 101,
  "created_at" : "2010-03-25 00:00:00 +0000",
  "user" : { "name" : "Anna", "screen_name" : "oude_anna", "protected" : false, "id_str" : "700", "id" : 700 }
} ]
