"""The forms that the database has had, oldest first; `LATEST` is the one this Kring writes."""

LATEST = "0004"
