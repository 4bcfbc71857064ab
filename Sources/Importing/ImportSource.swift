/// What a scenario can be written from. The raw value is the word on the command line.
package enum ImportSource: String, Sendable, Hashable, CaseIterable {
  case skaffold, compose, dockerfile
  case packageJSON = "package-json"
  case flask

  var what: String {
    switch self {
    case .skaffold: "skaffold.yaml"
    case .compose: "compose.yaml or docker-compose.yml"
    case .dockerfile: "Dockerfile"
    case .packageJSON: "package.json with a script dev or start"
    case .flask: "Flask app"
    }
  }
}
