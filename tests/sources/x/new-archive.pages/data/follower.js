window.YTD.follower.part0 = [
  { "follower" : { "accountId" : "801", "userLink" : "https://twitter.com/intent/user?user_id=801" } }
]
