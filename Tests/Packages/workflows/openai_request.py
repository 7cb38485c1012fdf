"""Reads the answer of a chat completion that was canned, and an error."""

import httpx
import openai
from openai.types.chat import ChatCompletion

ANSWER = {
    "id": "c1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": "hello", "refusal": None},
        }
    ],
}


def use():
    completion = ChatCompletion.model_validate(ANSWER)
    error = openai.APIStatusError(
        "late",
        response=httpx.Response(429, request=httpx.Request("GET", "https://example.com/")),
        body=None,
    )
    return [
        completion.choices[0].message.content,
        completion.model_dump(exclude_none=True)["choices"],
        openai.NOT_GIVEN.__class__.__name__,
        error.status_code,
        isinstance(error, openai.OpenAIError),
    ]
