/// The heading of an HTML page or template, else its title, where it is one line of plain text.
struct PageHeading {
  private(set) var answer: (line: Int, literal: String)?

  init(_ text: String) {
    let lines = text.textLines
    for element in [/<h1[^>]*>([^<>{}&]{3,})<\/h1>/, /<title>([^<>{}&]{3,})<\/title>/] {
      for (index, line) in lines.enumerated() {
        guard let match = line.firstMatch(of: element) else { continue }
        answer = (index, EditFinder.trimmed(String(match.output.1)))
        return
      }
    }
  }
}
