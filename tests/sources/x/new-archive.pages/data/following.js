window.YTD.following.part0 = [
  { "following" : { "accountId" : "800", "userLink" : "https://twitter.com/intent/user?user_id=800" } }
]
