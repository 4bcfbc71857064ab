/// Finds the ends of JSON objects in a stream of them, whatever lies between them and however it is cut.
///
/// Only the structure is looked at; whether an object is valid is the decoder's to say.
struct JSONSplitter {
  /// In bytes; etcd takes objects of about 1.5 MB, lists are longer.
  static let limit = 64 << 20

  private var object: [UInt8] = []
  private var depth = 0
  private var isInString = false
  private var isEscaped = false

  /// Whether an object has begun that hasn't ended.
  var isInside: Bool { depth > 0 }

  /// - Parameter complete: called with each object that ends in these bytes, from brace to brace.
  /// - Throws: `unreadable` for anything but space between objects, or for one past the limit; what
  ///   `complete` throws.
  mutating func split(
    _ bytes: some Collection<UInt8>,
    complete: ([UInt8]) throws(KubernetesFailure) -> Void
  ) throws(KubernetesFailure) {
    for byte in bytes {
      if depth == 0 {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: continue
        case UInt8(ascii: "{"): break
        default:
          throw KubernetesFailure(
            .unreadable, "kubectl printed something else than JSON objects, a byte \(byte)")
        }
      }
      object.append(byte)
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 {
          try complete(object)
          object.removeAll(keepingCapacity: true)
        }
      default: break
      }
      guard object.count <= Self.limit else {
        throw KubernetesFailure(
          .unreadable, "kubectl printed an object of more than \(Self.limit) bytes")
      }
    }
  }
}
