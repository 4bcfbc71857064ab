extension ScenarioSchema {
  /// The keys of a workflow on any cluster. Lines after the first are indented as where they go.
  static let clusterProperties = #"""
    "cluster": {
              "description": "What runs the manifests: podman on this machine, or a Kubernetes that kubectl knows.",
              "oneOf": [
                { "enum": ["podman"] },
                {
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["kubernetes"],
                  "properties": { "kubernetes": { "$ref": "#/$defs/kubernetes" } }
                }
              ],
              "default": "podman"
            },
            "image": { "$ref": "#/$defs/image" },
            "manifests": {
              "description": "Files or patterns of the app's Kubernetes manifests.",
              "$ref": "#/$defs/patterns",
              "examples": [["k8s/*.yaml"]]
            },
            "sync": { "$ref": "#/$defs/sync" },
            "then": { "$ref": "#/$defs/then" },
            "builder": { "$ref": "#/$defs/builder" },
            "deploy": { "$ref": "#/$defs/deploy" },
            "container": { "$ref": "#/$defs/container" },
            "command": { "$ref": "#/$defs/containerCommand" },
            "env": { "$ref": "#/$defs/containerEnv" },
            "markers": { "$ref": "#/$defs/markers" },
            "tools": { "$ref": "#/$defs/tools" },
            "paths": {
              "description": "How edits become live: a list, or a mapping to settings of their own. A dash and a name make a variant of a path, as in sync-restart.",
              "oneOf": [
                {
                  "type": "array",
                  "minItems": 1,
                  "uniqueItems": true,
                  "items": {
                    "anyOf": [
                      { "enum": ["sync", "rebuild"] },
                      { "type": "string", "pattern": "^(sync|rebuild)-[A-Za-z0-9._-]{1,32}$" }
                    ]
                  }
                },
                {
                  "type": "object",
                  "minProperties": 1,
                  "additionalProperties": false,
                  "properties": {
                    "sync": { "$ref": "#/$defs/clusterPath" },
                    "rebuild": { "$ref": "#/$defs/clusterPath" }
                  },
                  "patternProperties": {
                    "^(sync|rebuild)-[A-Za-z0-9._-]{1,32}$": { "$ref": "#/$defs/clusterPath" }
                  }
                }
              ]
            }
    """#

  /// What only a remote has: its workflow, and links.
  static let remoteDefinitions = #"""
    "remote": {
          "description": "As local-cluster, on a second engine behind a link.",
          "type": "object",
          "additionalProperties": false,
          "required": ["image", "manifests", "paths"],
          "properties": {
            \#(clusterProperties),
            "link": {
              "description": "What leads to the remote; several are measured each by itself.",
              "oneOf": [
                { "$ref": "#/$defs/link" },
                { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/link" } }
              ],
              "examples": ["home-fiber", ["lan", "lte"], { "rtt": "40ms", "up": "20Mbit/s" }]
            },
            "developers": {
              "description": "How many use the remote at once; several numbers are measured each by itself.",
              "oneOf": [
                { "$ref": "#/$defs/developers" },
                { "type": "array", "minItems": 1, "uniqueItems": true, "items": { "$ref": "#/$defs/developers" } }
              ],
              "default": 1
            }
          }
        },
        "kubernetes": {
          "description": "A cluster, by its context in the kubeconfig.",
          "type": "object",
          "additionalProperties": false,
          "required": ["context"],
          "properties": {
            "context": {
              "description": "As \"kubectl config get-contexts\" lists it.",
              "type": "string",
              "minLength": 1,
              "pattern": "^[^-]",
              "examples": ["kind-dev"]
            },
            "namespace": {
              "description": "Made if it isn't there, and then removed in the end. Default: the one that the context names.",
              "type": "string",
              "maxLength": 63,
              "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
            }
          }
        },
        "developers": { "type": "integer", "minimum": 1, "maximum": 64 },
        "faults": {
          "description": "When the link to the remote fails, in a trial of its own after what is measured: edits go on, and are followed until the last is served.",
          "type": "array",
          "minItems": 1,
          "items": { "$ref": "#/$defs/fault" },
          "examples": [[{ "at": "10s", "link": "offline", "for": "5s" }]]
        },
        "fault": {
          "type": "object",
          "additionalProperties": false,
          "required": ["at", "link", "for"],
          "properties": {
            "at": { "description": "When it begins, from the trial's beginning: 0s to 10m.", "$ref": "#/$defs/duration" },
            "link": {
              "description": "What the link is then: down by dropping all (offline, stall), by refusing or resetting connections, or as a profile.",
              "enum": ["offline", "stall", "refuse", "reset", "lan", "office", "home-fiber", "home-dsl", "lte", "airplane-wifi"]
            },
            "for": { "description": "How long it lasts: 100ms to 10m.", "$ref": "#/$defs/duration" }
          }
        },
        "link": {
          "oneOf": [
            { "enum": ["lan", "office", "home-fiber", "home-dsl", "lte", "airplane-wifi"] },
            {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "name": {
                  "description": "What cells and reports call it.",
                  "type": "string",
                  "maxLength": 64,
                  "pattern": "^[A-Za-z0-9._-]+$",
                  "default": "own"
                },
                "profile": {
                  "description": "A named profile that the other keys change.",
                  "enum": ["lan", "office", "home-fiber", "home-dsl", "lte", "airplane-wifi"]
                },
                "rtt": { "description": "The round trip's time, both ways together.", "$ref": "#/$defs/delay" },
                "jitter": { "description": "How far it varies, more or less.", "$ref": "#/$defs/delay" },
                "up": { "description": "Bandwidth to the remote.", "$ref": "#/$defs/bandwidth" },
                "down": { "description": "Bandwidth from it.", "$ref": "#/$defs/bandwidth" }
              }
            }
          ]
        },
        "delay": { "type": "string", "pattern": "^(0|[0-9]+([.][0-9]+)?(us|ms|s))$", "examples": ["40ms"] },
        "bandwidth": { "type": "string", "pattern": "^[0-9]+([.][0-9]+)?[kMG]?bit/s$", "examples": ["20Mbit/s"] }
    """#
}
