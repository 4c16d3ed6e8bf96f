from tutor.ollama import chat, ChatResponse

def add_two_numbers(a: int, b: int) -> int:
    """
    Add two numbers

    Args:
        a (int): The first number
        b (int): The second number

    Returns:
        int: The sum of the two numbers
    """
    return int(a) + int(b)

def subtract_two_numbers(a: int, b: int) -> int:
    """
    Subtract two numbers
    """
    return int(a) - int(b)

# Manual tool definition
subtract_tool = {
    'type': 'function',
    'function': {
        'name': 'subtract_two_numbers',
        'description': 'Subtract two numbers',
        'parameters': {
            'type': 'object',
            'required': ['a', 'b'],
            'properties': {
                'a': {'type': 'integer', 'description': 'The first number'},
                'b': {'type': 'integer', 'description': 'The second number'},
            },
        },
    },
}

messages = [{'role': 'user', 'content': 'What is three plus one?'}]
available_functions = {
    'add_two_numbers': add_two_numbers,
    'subtract_two_numbers': subtract_two_numbers,
}

response: ChatResponse = chat(
    model='llama3.1',
    messages=messages,
    tools=[add_two_numbers, subtract_tool]
)

if response.message.tool_calls:
    for tool in response.message.tool_calls:
        if function_to_call := available_functions.get(tool.function.name):
            print(f'Calling: {tool.function.name}')
            print(f'Arguments: {tool.function.arguments}')
            output = function_to_call(**tool.function.arguments)
            print(f'Output: {output}')

            # Continue conversation with tool result
            messages.append(response.message)
            messages.append({
                'role': 'tool',
                'content': str(output),
                'tool_name': tool.function.name
            })

    final_response = chat(model='llama3.1', messages=messages)
    print(f'Final: {final_response.message.content}')
