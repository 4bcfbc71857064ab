import Foundation
import JSON

extension ImageDocument {
  /// What a container gets from the image besides its files, one by one: `Env PATH`, `Cmd`, `ExposedPorts`, `User`.
  /// Values are JSON, those of variables as they are.
  package func settings() throws -> [String: String] {
    var settings: [String: String] = ["architecture": architecture, "os": os]
    for (key, value) in config {
      if key == "Env" {
        for variable in value.strings ?? [] {
          let name = variable.prefix { $0 != "=" }
          settings["Env \(name)"] = String(variable.dropFirst(name.count + 1))
        }
      } else if key == "Labels" || key == "ExposedPorts" || key == "Volumes" {
        for (name, value) in value.object ?? [:] {
          settings["\(key) \(name)"] = try value.string ?? Self.text(value)
        }
      } else {
        settings[key] = try Self.text(value)
      }
    }
    return settings
  }

  private static func text(_ value: JSONValue) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
