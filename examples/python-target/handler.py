"""The Lambda function behind the target TextTools: one tool, count_words, in Python.

The Gateway's event is the bare arguments; which tool is meant stands in the client context. What a
schema cannot say is checked here. A failure that the caller can act on is an answer with a stable code,
as the Rust functions give it; anything else fails the call without a word of why.
"""

import logging
import os

TOOL_NAME = "bedrockAgentCoreToolName"
LOG = logging.getLogger()
LOG.setLevel(logging.INFO)


class ToolError(Exception):
    """A failure that the caller reads."""

    def __init__(self, code, message, retryable=False):
        super().__init__(message)
        self.answer = {"error": {"code": code, "message": message, "retryable": retryable}}


def count_words(arguments):
    text = arguments.get("text")
    if not isinstance(text, str):
        raise ToolError("invalid_arguments", "`text` must be a string")
    if not 1 <= len(text) <= 100_000:
        raise ToolError("invalid_arguments", f"`text` has {len(text)} characters: expected 1 to 100000")
    return {"words": len(text.split())}


TOOLS = {"count_words": count_words}


def addressed(event, context):
    """The tool's name without its target, and its arguments."""
    client = getattr(context, "client_context", None)
    if client is None and os.environ.get("AWS_SAM_LOCAL") == "true":
        # `sam local` hands on no client context, so there, and only there, the event names the tool.
        name, event = event.get("toolName"), event.get("arguments", {})
    else:
        name = (getattr(client, "custom", None) or {}).get(TOOL_NAME)
    if not isinstance(name, str) or not name:
        raise ToolError("missing_tool_name", f"expected `custom.{TOOL_NAME}` to be `TargetName___ToolName`")
    # At the first separator: a target's name holds no underscore, a tool's name may hold three.
    target, separator, tool = name.partition("___")
    return (tool if separator else name), event


def handle(event, context):
    """Lambda calls this."""
    try:
        if not isinstance(event, dict):
            raise ToolError("invalid_arguments", "expected the arguments as an object")
        name, arguments = addressed(event, context)
        if name not in TOOLS:
            known = "`, `".join(TOOLS)
            raise ToolError("unknown_tool", f"unknown tool `{name[:100]}`: this target serves `{known}`")
        if not isinstance(arguments, dict):
            raise ToolError("invalid_arguments", "expected the arguments as an object")
        answer = TOOLS[name](arguments)
        LOG.info("answered %s", name)
        return answer
    except ToolError as error:
        LOG.warning("failed: %s", error.answer["error"]["code"])
        return error.answer
    except Exception as error:
        # Lambda would hand message and stack trace to the caller, and both can quote the arguments.
        LOG.error("fault: %s", type(error).__name__)
        raise RuntimeError("the tool failed; the function's log has the details") from None
