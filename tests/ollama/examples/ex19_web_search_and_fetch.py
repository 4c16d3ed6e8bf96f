import os
from tutor.ollama import web_search, web_fetch, chat

# Set API key
os.environ['OLLAMA_API_KEY'] = 'your_api_key'

# Web search
search_results = web_search(
    query="ollama new features",
    max_results=3
)
for result in search_results.results:
    print(f"{result.title}")
    print(f"URL: {result.url}")
    print(f"Content: {result.content[:100]}")

# Web fetch
fetch_result = web_fetch(url="https://example.com")
print(f"Title: {fetch_result.title}")
print(f"Content: {fetch_result.content[:200]}")
print(f"Links: {fetch_result.links}")

# Using web tools in chat
response = chat(
    model='qwen3',
    messages=[{'role': 'user', 'content': 'What is the latest news about AI?'}],
    tools=[web_search, web_fetch],
    think=True
)
if response.message.tool_calls:
    for tool_call in response.message.tool_calls:
        if tool_call.function.name == 'web_search':
            results = web_search(**tool_call.function.arguments)
            print(results.results[0].content)
