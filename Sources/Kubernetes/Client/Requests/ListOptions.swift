/// Which objects are wanted.
package struct ListOptions: Sendable, Hashable {
  /// As `kubectl --selector` takes it: `app=web,tier!=db`, `app in (a, b)`, `app`, `!app`. Empty for all.
  package var labels: String
  /// As `kubectl --field-selector` takes it: `metadata.name=web`. Empty for all.
  package var fields: String

  package init(labels: String = "", fields: String = "") {
    self.labels = labels
    self.fields = fields
  }

  package static let all = ListOptions()

  package static func named(_ name: String) -> ListOptions {
    ListOptions(fields: "metadata.name=\(name)")
  }

  package static func labelled(_ labels: [String: String]) -> ListOptions {
    ListOptions(
      labels: labels.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ","))
  }
}
