"""Systems that are chat models: anything that speaks the /chat/completions of OpenAI's interface.

`system` describes one and is its adapter. What is sent: `prompt`, `documents`, `schema`. What comes back: `completion`
reads it, `replies` says what it is, `prices` what it has cost.
"""
