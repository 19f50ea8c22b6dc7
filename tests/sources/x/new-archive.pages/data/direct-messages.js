window.YTD.direct_messages.part0 = [
  {
    "dmConversation" : {
      "conversationId" : "700-801",
      "messages" : [
        { "messageCreate" : { "recipientId" : "801", "reactions" : [ { "senderId" : "801", "reactionKey" : "agree", "eventId" : "9003", "createdAt" : "2024-05-01T10:02:00.000Z" } ], "urls" : [ { "url" : "https://t.co/x", "expanded" : "https://wijkhuis.example/", "display" : "wijkhuis.example" } ], "text" : "Zie https://t.co/x", "mediaUrls" : [ ], "senderId" : "700", "id" : "9002", "createdAt" : "2024-05-01T10:01:00.000Z", "editHistory" : [ ] } },
        { "messageCreate" : { "recipientId" : "700", "reactions" : [ ], "urls" : [ ], "text" : "Hoe laat?", "mediaUrls" : [ "https://ton.twitter.com/dm/9001/9000/klok.jpg" ], "senderId" : "801", "id" : "9001", "createdAt" : "2024-05-01T10:00:00.000Z" } }
      ]
    }
  }
]
