var user_details =  {
  "screen_name" : "oude_anna",
  "location" : "Waterdrecht",
  "full_name" : "Anna",
  "bio" : "Bakt.",
  "id" : "700",
  "created_at" : "2009-03-01 08:00:00 +0000"
}
