from pydantic import BaseModel
from tutor.ollama import chat

class FriendInfo(BaseModel):
    name: str
    age: int
    is_available: bool

class FriendList(BaseModel):
    friends: list[FriendInfo]

response = chat(
    model='llama3.1:8b',
    messages=[{
        'role': 'user',
        'content': 'I have two friends. The first is Ollama 22 years old busy saving the world, and the second is Alonso 23 years old and wants to hang out. Return a list of friends in JSON format'
    }],
    format=FriendList.model_json_schema(),
    options={'temperature': 0}
)

# Validate and parse response
friends_response = FriendList.model_validate_json(response.message.content)
print(friends_response)
# Output: friends=[FriendInfo(name='Ollama', age=22, is_available=False), FriendInfo(name='Alonso', age=23, is_available=True)]

for friend in friends_response.friends:
    print(f"{friend.name} is {friend.age} and {'available' if friend.is_available else 'busy'}")
