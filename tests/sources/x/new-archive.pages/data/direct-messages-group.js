window.YTD.direct_messages_group.part0 = [
  {
    "dmConversation" : {
      "conversationId" : "9100",
      "messages" : [
        { "participantsLeave" : { "userIds" : [ "802" ], "createdAt" : "2024-05-02T10:03:00.000Z" } },
        { "conversationNameUpdate" : { "initiatingUserId" : "801", "name" : "Bakkers", "createdAt" : "2024-05-02T10:02:00.000Z" } },
        { "conversationAvatarUpdate" : { "initiatingUserId" : "801", "createdAt" : "2024-05-02T10:02:00.000Z" } },
        { "messageCreate" : { "reactions" : [ ], "urls" : [ ], "text" : "Welkom allemaal", "mediaUrls" : [ ], "senderId" : "801", "id" : "9101", "createdAt" : "2024-05-02T10:01:00.000Z" } },
        { "participantsJoin" : { "initiatingUserId" : "801", "userIds" : [ "803" ], "createdAt" : "2024-05-02T10:00:30.000Z" } },
        { "joinConversation" : { "initiatingUserId" : "801", "participantsSnapshot" : [ "700", "801", "802" ], "createdAt" : "2024-05-02T10:00:00.000Z" } },
        { "messageCreate" : { "text" : "zonder nummer", "senderId" : "801" } }
      ]
    }
  }
]
