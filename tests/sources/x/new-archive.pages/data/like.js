window.YTD.like.part0 = [
  { "like" : { "tweetId" : "991", "fullText" : "Nieuwe oven!", "expandedUrl" : "https://twitter.com/i/web/status/991" } },
  { "like" : { "fullText" : "zonder nummer" } }
]
