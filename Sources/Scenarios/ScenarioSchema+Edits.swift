extension ScenarioSchema {
  /// Edits, and edits with errors in them. Lines after the first are indented as where they go.
  static let editDefinitions = #"""
    "edit": {
          "description": "One change, or several that are saved together. At least one carries {{token}}.",
          "oneOf": [
            { "$ref": "#/$defs/replace" },
            { "$ref": "#/$defs/create" },
            { "$ref": "#/$defs/append" },
            { "$ref": "#/$defs/delete" },
            { "$ref": "#/$defs/changes" }
          ]
        },
        "changes": {
          "type": "object",
          "additionalProperties": false,
          "required": ["changes"],
          "properties": {
            "changes": {
              "description": "Changes that are saved one after another, without a pause.",
              "type": "array",
              "minItems": 1,
              "items": {
                "oneOf": [
                  { "$ref": "#/$defs/replace" },
                  { "$ref": "#/$defs/create" },
                  { "$ref": "#/$defs/append" },
                  { "$ref": "#/$defs/delete" }
                ]
              }
            }
          }
        },
        "break": {
          "type": "object",
          "additionalProperties": false,
          "required": ["file", "find", "replace", "shows"],
          "properties": {
            "file": { "description": "The file to break.", "$ref": "#/$defs/path" },
            "find": {
              "description": "A text that occurs exactly once in the file, apart from those of edits.",
              "type": "string",
              "minLength": 1
            },
            "replace": { "description": "The text with the error. {{token}} becomes a new text each time.", "type": "string" },
            "save": { "$ref": "#/$defs/save" },
            "shows": {
              "description": "What a line of the log or a response has in it when the error shows.",
              "$ref": "#/$defs/marker",
              "examples": ["broken {{token}}"]
            }
          }
        },
        "replace": {
          "type": "object",
          "additionalProperties": false,
          "required": ["file", "find", "replace"],
          "properties": {
            "file": { "description": "The file to change.", "$ref": "#/$defs/path" },
            "find": {
              "description": "A text that occurs exactly once in the file.",
              "type": "string",
              "minLength": 1
            },
            "replace": {
              "description": "The new text.",
              "type": "string",
              "examples": ["Hello from {{token}}"]
            },
            "save": { "$ref": "#/$defs/save" }
          }
        },
        "create": {
          "type": "object",
          "additionalProperties": false,
          "required": ["create", "content"],
          "properties": {
            "create": {
              "description": "The new file, which may carry {{token}} in its name.",
              "$ref": "#/$defs/path"
            },
            "content": { "description": "The file's text.", "type": "string" },
            "save": { "$ref": "#/$defs/save" }
          }
        },
        "append": {
          "type": "object",
          "additionalProperties": false,
          "required": ["append", "content"],
          "properties": {
            "append": { "description": "The file to add to.", "$ref": "#/$defs/path" },
            "content": { "description": "The text to add at its end.", "type": "string" }
          }
        },
        "delete": {
          "type": "object",
          "additionalProperties": false,
          "required": ["delete"],
          "properties": {
            "delete": { "description": "The file to delete.", "$ref": "#/$defs/path" }
          }
        }
    """#
}
