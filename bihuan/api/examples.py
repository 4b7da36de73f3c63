"""Examples of bodies, made from their shapes: what the documentation shows and its test sends."""

from datetime import timedelta
from typing import Any

from bihuan.core.clock import today

TEXTS = {
    "note": "已到现场处理。",
    "reason": "需要等待配件。",
    "reply": "已修复，感谢反映。",
    "comment": "谢谢。",
    "question": "请看一看是否仍在漏水。",
}


def example_of(schema: dict[str, Any], known: dict[str, Any], name: str = "") -> Any:
    """A value that fits a schema: of an object the fields that are required."""
    if "$ref" in schema:
        return example_of(known[schema["$ref"].rpartition("/")[2]], known, name)
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    for choice in (*schema.get("allOf", ()), *schema.get("anyOf", ())):
        if choice.get("type") != "null":
            return example_of(choice, known, name)
    match schema.get("type"):
        case "object":
            properties, required = schema.get("properties", {}), schema.get("required", [])
            return {key: example_of(properties[key], known, key) for key in required}
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return True
        case "array":
            return []
    if schema.get("format") == "date":
        return (today() + timedelta(days=7)).isoformat()
    return TEXTS.get(name, "按现场情况填写。")
