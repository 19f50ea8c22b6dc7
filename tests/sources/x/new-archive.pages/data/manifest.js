window.__THAR_CONFIG = {
  "userInfo" : { "accountId" : "700", "userName" : "bakker_anna", "displayName" : "Anna de Bakker" },
  "archiveInfo" : { "sizeBytes" : "1000", "generationDate" : "2024-06-01T00:00:00.000Z" },
  "dataTypes" : {
    "tweets" : { "mediaDirectory" : "data/tweets_media", "files" : [
      { "fileName" : "data/tweets.js", "globalName" : "YTD.tweets.part0", "count" : "4" },
      { "fileName" : "data/tweets-part1.js", "globalName" : "YTD.tweets.part1", "count" : "1" } ] }
  }
}
