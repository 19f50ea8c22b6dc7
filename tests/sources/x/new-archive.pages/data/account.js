window.YTD.account.part0 = [
  {
    "account" : {
      "createdVia" : "web",
      "username" : "bakker_anna",
      "accountId" : "700",
      "createdAt" : "2012-03-01T08:00:00.000Z",
      "accountDisplayName" : "Anna de Bakker"
    }
  }
]
