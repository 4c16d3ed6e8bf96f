"""The built-in engine: a child process that speaks Ollama's HTTP API over llama.cpp.

The web application talks to it exactly as it talks to an Ollama, so that there is one protocol. `child` is the
parent's side, `fitness` says whether this machine can run it, everything else runs in the child. Only `llama` imports
the native library. No Django here.
"""
