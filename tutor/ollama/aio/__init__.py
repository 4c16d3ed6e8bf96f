"""The client over asyncio, written by hand; `tutor.ollama.sync` is generated from the files here that have a twin."""
