import Mustache

/// A comparison as one self-contained HTML file: no network, no script, plots as SVG.
package struct HTMLRenderer: Sendable {
  package init() {}

  /// - Throws: a template's parse error, which only a mistake in this room can bring about.
  package func render(_ comparison: Comparison) throws -> String {
    let library = try Self.library.get()
    guard
      let html = library.render(
        ReportContext(comparison).values, withTemplate: Self.page)
    else { throw TemplateMissing(name: Self.page) }
    return html
  }

  /// The embedded template that no other includes.
  private static let page = "report"

  static let templates: [(name: String, text: [UInt8])] = [
    (page, PackageResources.report_mustache),
    ("style", PackageResources.style_mustache),
    ("latency", PackageResources.latency_mustache),
    ("phases", PackageResources.phases_mustache),
    ("curves", PackageResources.curves_mustache),
    ("trials", PackageResources.trials_mustache),
    ("samples", PackageResources.samples_mustache),
    ("method", PackageResources.method_mustache),
  ]

  private static let library = Result {
    MustacheContentTypes.register(HTMLText(), named: HTMLText.contentType)
    var library = MustacheLibrary()
    for (name, text) in templates {
      try library.register(String(decoding: text, as: UTF8.self), named: name)
    }
    return library
  }
}

private struct TemplateMissing: Error, CustomStringConvertible {
  let name: String
  var description: String { "devbench was built without the HTML template \"\(name)\"" }
}
