import Foundation
import Measurement
package import ResultStore

/// Reads runs as `RunDocument.line` writes them, and takes nothing that can't be.
package struct RunDocumentReader: Sendable {
  private let digest: @Sendable (String) -> String

  /// - Parameter digest: SHA-256 of a scenario's text in hexadecimal.
  package init(digest: @escaping @Sendable (String) -> String) {
    self.digest = digest
  }

  /// - Parameter line: the UTF-8 of one document.
  package func read(_ line: [UInt8]) throws(RunDocumentFault) -> StoredRun {
    let fields: Document
    do {
      // Foundation's decoder would take UTF-16 too, or what looks like it.
      guard String(validating: line, as: UTF8.self) != nil else {
        throw RunDocumentFault.notJSON(detail: "it isn't UTF-8")
      }
      fields = try JSONDecoder().decode(Document.self, from: Data(line))
    } catch let fault as RunDocumentFault {
      throw fault
    } catch let error as DecodingError {
      throw Self.fault(error, line)
    } catch {
      throw .notJSON(detail: "\(error)")
    }
    return try RunDocumentCheck(digest: digest).run(fields.fields)
  }

  /// What a document is comes before what is in it.
  private struct Document: Decodable {
    enum Key: String, CodingKey {
      case devbench, version
    }

    let fields: RunFields

    init(from decoder: any Decoder) throws {
      guard let head = try? decoder.container(keyedBy: Key.self),
        let kind = try? head.decode(String.self, forKey: .devbench), kind == RunDocument.kind
      else { throw RunDocumentFault.foreign }
      let version = try head.decode(Exact<Int>.self, forKey: .version).value
      guard version <= RunDocument.version else { throw RunDocumentFault.newer(version: version) }
      guard version >= 1 else {
        throw DecodingError.dataCorruptedError(
          forKey: .version, in: head, debugDescription: "is \(version), and the first is 1")
      }
      fields = try RunFields(from: decoder)
    }
  }

  private static func fault(_ error: DecodingError, _ line: [UInt8]) -> RunDocumentFault {
    switch error {
    case .keyNotFound(let key, let context):
      return .field(name(context.codingPath + [key]), problem: "is missing")
    case .valueNotFound(_, let context):
      return .field(name(context.codingPath), problem: "is null")
    case .typeMismatch(_, let context):
      return .field(
        name(context.codingPath), problem: "is of another type: \(context.debugDescription)")
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      return .notJSON(detail: detail(line) ?? context.debugDescription)
    case .dataCorrupted(let context):
      return .field(name(context.codingPath), problem: context.debugDescription)
    @unknown default:
      return .notJSON(detail: "\(error)")
    }
  }

  /// Where the text stops being JSON; the decoder itself doesn't say.
  private static func detail(_ line: [UInt8]) -> String? {
    do {
      _ = try JSONSerialization.jsonObject(with: Data(line), options: .fragmentsAllowed)
      return "it has a number that is too large"
    } catch {
      let text = (error as NSError).userInfo["NSDebugDescription"] as? String
      return text.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
    }
  }

  /// `samples[3].phases[0].name`.
  private static func name(_ path: [any CodingKey]) -> String {
    path.reduce("") { name, key in
      if let index = key.intValue { return name + "[\(index)]" }
      return name.isEmpty ? key.stringValue : name + "." + key.stringValue
    }
  }
}
