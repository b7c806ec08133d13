"""Talking with whatever answers over HTTP; services and chat models are both called through it.

`transport` has many requests out, as many as `throttle` allows, and sends them again by the rules of `retries` and
`redirections`; `connections` makes one attempt, and `body` takes in its answer. `exchange` and `terms` are the data,
`unreachable` and `errors` the words, `replies` what it all means for a call.
"""
