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
        },
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
        "clusterPath": {
          "description": "What differs on this path. Each key replaces the workflow's; of env, markers and tools, each key in them. then goes for all rules.",
          "type": ["object", "null"],
          "additionalProperties": false,
          "properties": {
            "sync": { "$ref": "#/$defs/sync" },
            "then": { "$ref": "#/$defs/then" },
            "builder": { "$ref": "#/$defs/builder" },
            "deploy": { "$ref": "#/$defs/deploy" },
            "container": { "$ref": "#/$defs/container" },
            "command": { "$ref": "#/$defs/containerCommand" },
            "env": { "$ref": "#/$defs/containerEnv" },
            "markers": { "$ref": "#/$defs/markers" },
            "tools": { "$ref": "#/$defs/tools" }
          }
        },
        "image": {
          "description": "The app's image and how it is built.",
          "type": "object",
          "additionalProperties": false,
          "required": ["name"],
          "properties": {
            "name": {
              "description": "As the manifests name it, without tag and digest.",
              "type": "string",
              "maxLength": 200,
              "pattern": "^[A-Za-z0-9._:/-]+$",
              "examples": ["flask-hello"]
            },
            "context": {
              "description": "The build's directory, relative to the app's.",
              "$ref": "#/$defs/path",
              "default": "."
            },
            "dockerfile": {
              "description": "Relative to the context, and inside it.",
              "$ref": "#/$defs/path",
              "default": "Dockerfile"
            },
            "args": {
              "description": "Build arguments.",
              "type": "object",
              "propertyNames": { "minLength": 1, "pattern": "^[^=]*$" },
              "additionalProperties": { "type": ["string", "number", "boolean"] }
            },
            "load": {
              "description": "How the image reaches the nodes of a Kubernetes. Default: what the name's registry or the context tells.",
              "enum": ["kind", "minikube", "k3d", "registry"]
            }
          }
        },
        "sync": {
          "description": "Which files are copied into the running container. Changes of others rebuild.",
          "type": "array",
          "minItems": 1,
          "items": { "$ref": "#/$defs/syncRule" },
          "examples": [[{ "from": "*.py", "to": "/app" }]]
        },
        "syncRule": {
          "type": "object",
          "additionalProperties": false,
          "required": ["from", "to"],
          "properties": {
            "from": {
              "description": "A pattern with the grammar of .dockerignore, relative to the app's directory.",
              "$ref": "#/$defs/path",
              "examples": ["*.py", "src/**"]
            },
            "to": {
              "description": "A directory of the container.",
              "type": "string",
              "pattern": "^/",
              "not": { "pattern": "(^|/)\\.\\.(/|$)" },
              "examples": ["/app"]
            },
            "strip": {
              "description": "A directory that names in the container leave out.",
              "$ref": "#/$defs/path",
              "examples": ["src"]
            },
            "exclude": {
              "description": "Patterns of files that stay out.",
              "$ref": "#/$defs/patterns",
              "examples": [["*_test.py"]]
            },
            "then": { "$ref": "#/$defs/then" }
          }
        },
        "then": {
          "description": "What makes synced files take effect: the app's own reloader, a restart of the app, or a command in the container.",
          "oneOf": [
            { "enum": ["reload", "restart"] },
            {
              "type": "object",
              "additionalProperties": false,
              "required": ["run"],
              "properties": { "run": { "$ref": "#/$defs/containerCommand" } }
            }
          ],
          "default": "reload"
        },
        "builder": {
          "description": "Whether changed files go on top of the last image where they can, or the Dockerfile is built.",
          "enum": ["append", "dockerfile"],
          "default": "append"
        },
        "deploy": {
          "description": "Whether the container is made anew in the pod that runs, or the whole pod.",
          "enum": ["in-place", "replace"],
          "default": "in-place"
        },
        "container": {
          "description": "The app's container in the manifests, if its image doesn't tell.",
          "type": "string",
          "maxLength": 63,
          "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
        },
        "containerCommand": {
          "description": "Program and arguments in the container; no shell takes part.",
          "type": "array",
          "minItems": 1,
          "items": { "type": ["string", "number", "boolean"] }
        },
        "containerEnv": {
          "description": "Variables added to the container's.",
          "type": "object",
          "propertyNames": { "minLength": 1, "pattern": "^[^=]*$" },
          "additionalProperties": { "type": ["string", "number", "boolean"] }
        },
        "patterns": {
          "type": "array",
          "minItems": 1,
          "items": { "$ref": "#/$defs/path" }
        },
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
