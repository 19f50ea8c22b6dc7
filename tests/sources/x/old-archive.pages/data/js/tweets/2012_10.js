Grailbird.data.tweets_2012_10 = 
 [ {
  "source" : "web",
  "entities" : { "user_mentions" : [ { "name" : "Bob", "screen_name" : "bob", "indices" : [ 3, 7 ], "id_str" : "801", "id" : 801 } ], "media" : [ ], "hashtags" : [ ], "urls" : [ ] },
  "id_str" : "103",
  "text" : "RT @bob: Wie wil er meel?",
  "retweeted_status" : {
    "source" : "web",
    "entities" : { "user_mentions" : [ ], "media" : [ ], "hashtags" : [ ], "urls" : [ ] },
    "id_str" : "99",
    "text" : "Wie wil er meel?",
    "id" : 99,
    "created_at" : "2012-10-10 19:00:00 +0000",
    "user" : { "name" : "Bob", "screen_name" : "bob", "id_str" : "801", "id" : 801 }
  },
  "id" : 103,
  "created_at" : "2012-10-10 20:00:00 +0000",
  "user" : { "name" : "Anna", "screen_name" : "oude_anna", "id_str" : "700", "id" : 700 }
}, {
  "source" : "web",
  "entities" : { "user_mentions" : [ { "name" : "Bob", "screen_name" : "bob", "indices" : [ 0, 4 ], "id_str" : "801", "id" : 801 } ], "media" : [ ], "hashtags" : [ ], "urls" : [ ] },
  "in_reply_to_status_id_str" : "99",
  "id_str" : "102",
  "in_reply_to_user_id" : 801,
  "text" : "@bob Ik!",
  "id" : 102,
  "in_reply_to_status_id" : 99,
  "created_at" : "2012-10-10 19:30:00 +0000",
  "in_reply_to_screen_name" : "bob",
  "in_reply_to_user_id_str" : "801",
  "user" : { "name" : "Anna", "screen_name" : "oude_anna", "id_str" : "700", "id" : 700 }
} ]
