"""The store: raw pieces as they came, tables made from them, the consent gate. The only room that knows SQL.

open      the database, its pragmas, migrations, transactions       tables    what stands in it
keep      what readers give, batch by batch                         raw       pieces of exports, kept small
runs      imports: begun, resumed, listed, undone                   codes     records as rows and back
gate      what may count, and what was left out                     fetch     arrays, lists, search
ledger    claims, jobs, audit, findings
"""
