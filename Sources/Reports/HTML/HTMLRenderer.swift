import Mustache

/// A comparison as one self-contained HTML file: no network, plots as SVG, a small script that sorts tables.
package struct HTMLRenderer: Sendable {
  package init() {}

  /// - Throws: a template's parse error, which only a mistake in this room can bring about.
  package func render(_ comparison: Comparison) throws -> String {
    try Self.render(ReportContext(comparison).values, withTemplate: Self.page)
  }

  /// The embedded template that no other includes.
  private static let page = "report"

  static let templates: [(name: String, text: [UInt8])] = [
    (page, PackageResources.report_mustache),
    ("change", PackageResources.change_mustache), ("trend", PackageResources.trend_mustache),
    ("decision", PackageResources.decision_mustache),
    ("style", PackageResources.style_mustache),
    ("latency", PackageResources.latency_mustache),
    ("phases", PackageResources.phases_mustache),
    ("cumulative", PackageResources.cumulative_mustache),
    ("curves", PackageResources.curves_mustache),
    ("trials", PackageResources.trials_mustache),
    ("experiments", PackageResources.experiments_mustache),
    ("table", PackageResources.table_mustache),
    ("samples", PackageResources.samples_mustache),
    ("method", PackageResources.method_mustache),
  ]

  /// Fills a template.
  ///
  /// - Throws: a template's parse error, which only a mistake in this room can bring about.
  static func render(_ values: [String: Any], withTemplate name: String) throws -> String {
    guard let html = try library.get().render(values, withTemplate: name) else {
      throw TemplateMissing(name: name)
    }
    return html
  }

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
