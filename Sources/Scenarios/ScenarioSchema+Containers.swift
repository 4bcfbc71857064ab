extension ScenarioSchema {
  /// What an app in a container has: its paths, its image, its files. Lines after the first are indented as where they go.
  static let containerDefinitions = #"""
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
        }
    """#
}
