/// The scenario file's JSON Schema, by which editors complete and check scenario files.
///
/// It can't express what depends on the app's files or on several places of a file; `ScenarioFile`
/// checks that too. A test keeps its keys the same as the decoder's.
package enum ScenarioSchema {
  /// JSON Schema, draft 2020-12.
  package static let json = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "devbench scenario",
      "description": "What to start, what to edit and how often to measure.",
      "type": "object",
      "additionalProperties": false,
      "required": ["name", "app", "edits", "workflows"],
      "properties": {
        "name": {
          "description": "The scenario's name in reports.",
          "$ref": "#/$defs/name",
          "examples": ["flask-hello"]
        },
        "description": {
          "description": "A sentence for people.",
          "type": "string",
          "minLength": 1
        },
        "app": { "$ref": "#/$defs/app" },
        "edits": {
          "description": "The changes to measure, by name.",
          "type": "object",
          "minProperties": 1,
          "propertyNames": { "$ref": "#/$defs/name" },
          "additionalProperties": { "$ref": "#/$defs/edit" }
        },
        "breaks": {
          "description": "Edits with an error in them, by name, for the experiment break-fix.",
          "type": "object",
          "minProperties": 1,
          "propertyNames": {
            "allOf": [{ "$ref": "#/$defs/name" }, { "not": { "const": "syntax" } }]
          },
          "additionalProperties": { "$ref": "#/$defs/break" }
        },
        "workflows": {
          "description": "How the app runs while it is developed.",
          "type": "object",
          "minProperties": 1,
          "additionalProperties": false,
          "properties": {
            "local-native": { "$ref": "#/$defs/workflow" },
            "local-cluster": { "$ref": "#/$defs/cluster" },
            "remote-cluster": { "$ref": "#/$defs/remote" }
          }
        },
        "faults": { "$ref": "#/$defs/faults" },
        "measure": { "$ref": "#/$defs/measure" }
      },
      "$defs": {
        "app": {
          "type": "object",
          "additionalProperties": false,
          "required": ["source"],
          "properties": {
            "source": {
              "description": "The app's directory, relative to the scenario file and inside its directory. It is copied; the original is never written.",
              "$ref": "#/$defs/path",
              "examples": ["apps/flask-hello", "."]
            },
            "probe": { "$ref": "#/$defs/probe" }
          }
        },
        "probe": {
          "description": "How devbench asks the app whether new code is served.",
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "path": {
              "description": "The URL's path, with optional query.",
              "type": "string",
              "pattern": "^/([A-Za-z0-9\\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*(\\?([A-Za-z0-9\\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?$",
              "default": "/",
              "examples": ["/greet?name=x"]
            },
            "interval": {
              "description": "From one request to the next: 1ms to 10s.",
              "$ref": "#/$defs/duration",
              "default": "5ms"
            },
            "timeout": {
              "description": "How long an edit or the app's start may take: 100ms to 1h.",
              "$ref": "#/$defs/duration",
              "default": "60s"
            },
            "port": {
              "description": "The port of an app that can't be told one. Without it, devbench picks a free port.",
              "type": "integer",
              "minimum": 1,
              "maximum": 65535
            }
          }
        },
        \#(editDefinitions),
        "workflow": {
          "type": "object",
          "additionalProperties": false,
          "required": ["paths"],
          "properties": {
            "install": {
              "description": "Commands that bring the app's dependencies into its working copy before its first start, in this order; no shell takes part.",
              "type": "array",
              "minItems": 1,
              "items": {
                "type": "array",
                "minItems": 1,
                "items": { "type": ["string", "number", "boolean"] }
              },
              "examples": [
                [["python3", "-m", "venv", ".venv"], [".venv/bin/pip", "install", "-r", "requirements.txt"]]
              ]
            },
            "command": { "$ref": "#/$defs/command" },
            "env": { "$ref": "#/$defs/env" },
            "markers": { "$ref": "#/$defs/markers" },
            "tools": { "$ref": "#/$defs/tools" },
            "paths": {
              "description": "How edits become live: a list, or a mapping to settings of their own. A dash and a name make a variant of a path, as in reload-watchdog.",
              "oneOf": [
                {
                  "type": "array",
                  "minItems": 1,
                  "uniqueItems": true,
                  "items": {
                    "anyOf": [
                      { "enum": ["reload", "restart"] },
                      { "type": "string", "pattern": "^(reload|restart)-[A-Za-z0-9._-]{1,32}$" }
                    ]
                  }
                },
                {
                  "type": "object",
                  "minProperties": 1,
                  "additionalProperties": false,
                  "properties": {
                    "reload": { "$ref": "#/$defs/pathSettings" },
                    "restart": { "$ref": "#/$defs/pathSettings" }
                  },
                  "patternProperties": {
                    "^(reload|restart)-[A-Za-z0-9._-]{1,32}$": { "$ref": "#/$defs/pathSettings" }
                  }
                }
              ]
            }
          }
        },
        "cluster": {
          "type": "object",
          "additionalProperties": false,
          "required": ["image", "manifests", "paths"],
          "properties": {
            \#(clusterProperties)
          }
        },
        \#(remoteDefinitions),
        \#(containerDefinitions),
        "pathSettings": {
          "description": "What differs on this path. A command replaces the workflow's; of the rest, each key replaces the workflow's key.",
          "type": ["object", "null"],
          "additionalProperties": false,
          "properties": {
            "command": { "$ref": "#/$defs/command" },
            "env": { "$ref": "#/$defs/env" },
            "markers": { "$ref": "#/$defs/markers" },
            "tools": { "$ref": "#/$defs/tools" }
          }
        },
        "command": {
          "description": "Program and arguments; no shell takes part. {{port}} becomes the port.",
          "type": "array",
          "minItems": 1,
          "items": { "type": ["string", "number", "boolean"] },
          "examples": [["python3", "app.py", "--port", "{{port}}"]]
        },
        "env": {
          "description": "Variables added to devbench's own environment. {{port}} becomes the port.",
          "type": "object",
          "propertyNames": { "minLength": 1, "pattern": "^[^=]*$" },
          "additionalProperties": { "type": ["string", "number", "boolean"] },
          "examples": [{ "PORT": "{{port}}" }]
        },
        "markers": {
          "description": "Texts in the app's output that bound phases.",
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "detected": {
              "description": "The reloader has noticed the edit.",
              "$ref": "#/$defs/marker"
            },
            "restarted": {
              "description": "The old code is gone and the app begins anew.",
              "$ref": "#/$defs/marker"
            },
            "ready": {
              "description": "The app has started and is about to answer.",
              "$ref": "#/$defs/marker"
            },
            "failed": {
              "description": "The edit can't be served: the iteration fails at once.",
              "$ref": "#/$defs/marker"
            }
          }
        },
        "tools": {
          "description": "Commands whose first output line is a tool's version, by the tool's name.",
          "type": "object",
          "propertyNames": { "$ref": "#/$defs/name" },
          "additionalProperties": { "$ref": "#/$defs/command" },
          "examples": [{ "node": ["node", "--version"] }]
        },
        "measure": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "warmups": {
              "description": "Iterations of each cell that are left out of summaries.",
              "type": "integer",
              "minimum": 0,
              "maximum": 1000,
              "default": 2
            },
            "iterations": {
              "description": "Measured iterations of each cell.",
              "type": "integer",
              "minimum": 1,
              "maximum": 10000,
              "default": 10
            },
            "order": {
              "description": "Whether cells take turns, which spreads the machine's drift over all.",
              "enum": ["interleaved", "sequential"],
              "default": "interleaved"
            },
            "thinkTime": {
              "description": "The random pause before each save, at least a poll period of the app's reloader: 0s to 10m.",
              "type": "string",
              "pattern": "^[0-9]{1,9}(\\.[0-9]{1,6})?(ms|s|m|h)(\\.\\.[0-9]{1,9}(\\.[0-9]{1,6})?(ms|s|m|h))?$",
              "default": "1.0s..3.0s",
              "examples": ["1.0s..3.0s", "500ms"]
            }
          }
        },
        "save": {
          "description": "How the file is written: a new file renamed over the old one, or the old one truncated.",
          "enum": ["rename", "truncate"],
          "default": "rename"
        },
        "name": {
          "type": "string",
          "pattern": "^[A-Za-z0-9._-]{1,64}$",
          "not": { "enum": [".", ".."] }
        },
        "path": {
          "type": "string",
          "minLength": 1,
          "pattern": "^[^/]",
          "not": { "pattern": "(^|/)\\.\\.(/|$)" }
        },
        "marker": { "type": "string", "pattern": "^[^\\n\\r]+$" },
        "duration": {
          "type": "string",
          "pattern": "^[0-9]{1,9}(\\.[0-9]{1,6})?(ms|s|m|h)$",
          "examples": ["5ms", "1.5s", "2m"]
        }
      }
    }
    """#
}
