"""Reads a message that was canned, with its content blocks."""

import anthropic
from anthropic.types import Message, TextBlock

ANSWER = {
    "id": "m1",
    "type": "message",
    "role": "assistant",
    "model": "m",
    "content": [{"type": "text", "text": "hello"}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 1, "output_tokens": 2},
}


def use():
    message = Message.model_validate(ANSWER)
    block = message.content[0]
    return [
        block.text,
        isinstance(block, TextBlock),
        message.usage.output_tokens,
        message.model_dump(exclude_none=True)["content"],
        issubclass(anthropic.RateLimitError, anthropic.APIStatusError),
    ]
