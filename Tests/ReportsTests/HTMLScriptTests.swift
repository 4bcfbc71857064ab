import Crypto
import Foundation
import Testing

@testable import Reports

@Suite struct HTMLScriptTests {
  @Test func `what a page allows to run is the script as it stands in the page`() throws {
    let digest = Data(SHA256.hash(data: Data(HTMLScript.text.utf8))).base64EncodedString()
    #expect(HTMLScript.hash == "sha256-" + digest)
    let page = try TrendHTML().render(Nights.levels((20, 200)).report())
    let start = try #require(page.range(of: "<script>"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    #expect(page[start.upperBound..<end.lowerBound] == HTMLScript.text)
    let policy = "script-src &#39;\(HTMLScript.hash)&#39;"
    #expect(
      page.contains(policy) || page.contains(policy.replacing("&#39;", with: "'")),
      "the policy names the hash as it is")
  }

  @Test func `nothing in it ends its element, and nothing fetches or evaluates`() {
    for word in ["</", "<!--", "fetch", "XMLHttp", "eval", "innerHTML", "http:", "import("] {
      #expect(!HTMLScript.text.contains(word), "\(word)")
    }
  }
}
