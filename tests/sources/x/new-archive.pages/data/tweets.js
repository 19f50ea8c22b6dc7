window.YTD.tweets.part0 = [
  {
    "tweet" : {
      "edit_info" : { "initial" : { "editTweetIds" : [ "1001" ], "editableUntil" : "2024-05-01T09:00:00.000Z", "editsRemaining" : "5", "isEditEligible" : true } },
      "retweeted" : false,
      "entities" : {
        "hashtags" : [ { "text" : "brood", "indices" : [ "30", "36" ] } ],
        "symbols" : [ ],
        "user_mentions" : [ { "name" : "Wijkhuis Zuid", "screen_name" : "WijkhuisZuid", "indices" : [ "0", "13" ], "id_str" : "800", "id" : "800" } ],
        "urls" : [ { "url" : "https://t.co/abc", "expanded_url" : "https://wijkhuis.example/bakken?a=1&b=2", "display_url" : "wijkhuis.example/bakken", "indices" : [ "37", "60" ] } ],
        "media" : [ { "url" : "https://t.co/pic", "type" : "photo", "media_url_https" : "https://pbs.twimg.com/media/AAA.jpg" } ]
      },
      "extended_entities" : {
        "media" : [
          { "url" : "https://t.co/pic", "type" : "photo", "media_url_https" : "https://pbs.twimg.com/media/AAA.jpg", "ext_alt_text" : "Een brood" },
          { "url" : "https://t.co/pic", "type" : "animated_gif", "media_url_https" : "https://pbs.twimg.com/tweet_video_thumb/BBB.jpg" }
        ]
      },
      "favorite_count" : "12",
      "retweet_count" : "3",
      "id_str" : "1001",
      "id" : "1001",
      "truncated" : false,
      "created_at" : "Wed May 01 08:00:00 +0000 2024",
      "full_text" : "@WijkhuisZuid Meel &amp; water &lt;3 #brood https://t.co/abc https://t.co/pic",
      "lang" : "nl"
    }
  },
  {
    "tweet" : {
      "edit_info" : { "edit" : { "initialTweetId" : "1002", "editControlInitial" : { "editTweetIds" : [ "1002", "1003" ], "editsRemaining" : "4" } } },
      "id_str" : "1003",
      "created_at" : "Wed May 01 09:00:30 +0000 2024",
      "full_text" : "Morgen open!",
      "lang" : "und",
      "in_reply_to_status_id_str" : "990",
      "in_reply_to_user_id_str" : "801",
      "in_reply_to_screen_name" : "bob",
      "entities" : { "hashtags" : [ ], "user_mentions" : [ ], "urls" : [ ] }
    }
  },
  {
    "tweet" : {
      "edit_info" : { "initial" : { "editTweetIds" : [ "1002", "1003" ], "editsRemaining" : "4" } },
      "id_str" : "1002",
      "created_at" : "Wed May 01 09:00:00 +0000 2024",
      "full_text" : "Mrogen open!"
    }
  },
  {
    "tweet" : {
      "id_str" : "1004",
      "created_at" : "Thu May 02 10:00:00 +0000 2024",
      "full_text" : "RT @WijkhuisZuid: Zaterdag bakken we samen. Kom ook!",
      "entities" : { "user_mentions" : [ { "name" : "Wijkhuis Zuid", "screen_name" : "wijkhuiszuid", "indices" : [ "3", "16" ], "id_str" : "800" } ] }
    }
  }
]
